"""`make sample-pass OUT=dir`: a signed Apple pass of the demo merchant, to look at by hand.

Nothing else is started and nothing is kept: a certificate authority is made for this one pass
and its keys are thrown away. `OUT` holds afterwards

    card.pkpass   the pass, as a phone downloads it
    card/         its files, unpacked
    ca.pem        the root to trust; wwdr.pem and pass.pem, also in the signature, lead to it
"""

import io
import shlex
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chalicelib.api.cards import colours_of
from chalicelib.domain.entries import EntryKind
from chalicelib.domain.members import Merchant
from chalicelib.domain.pass_designs import DEFAULT_DESIGN
from chalicelib.domain.program import Program
from local.certificates import Certificates, ensure_certificates
from local.demo import NAME, demo_program
from local.environment import DEMO_MERCHANT, PASS_TYPE_IDENTIFIER, TEAM_IDENTIFIER
from passes.apple import ApplePassSigner
from passes.card import Card, Expiry, HistoryLine, NextTier
from passes.images import default_images

BASE_URL = "https://kopilka.example"
MEMBER = "mem_sample"
USAGE = "kopilka: name the folder: make sample-pass OUT=sample"


def main(arguments: list[str], say: Callable[[str], None]) -> int:
    """Write the sample into the folder that is named; 1 if none is."""
    if len(arguments) != 1 or not arguments[0]:
        print(USAGE, file=sys.stderr)
        return 1
    out = Path(arguments[0])
    try:
        written = write_sample(out, at=datetime.now(UTC))
    except OSError as error:
        print(f"kopilka: {out} cannot be written ({error.strerror})", file=sys.stderr)
        return 1
    for path in written:
        say(f"wrote {path}")
    say("check the signature, as a phone does, with")
    say(f"  {shlex.join(check_command(out))}")
    return 0


def write_sample(out: Path, *, at: datetime) -> tuple[Path, ...]:
    """Write the pass and the certificates; the files that were written."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        made = ensure_certificates(
            Path(scratch) / "certificates",
            pass_type_identifier=PASS_TYPE_IDENTIFIER,
            team_identifier=TEAM_IDENTIFIER,
            at=at,
        )
        pkpass = _signed(_card(at), made)
        sources = {
            "ca.pem": made.pass_ca,
            "wwdr.pem": made.wwdr,
            "pass.pem": made.pass_certificate,
        }
        for name, source in sources.items():
            shutil.copyfile(source, out / name)
    (out / "card.pkpass").write_bytes(pkpass)
    shutil.rmtree(out / "card", ignore_errors=True)
    with zipfile.ZipFile(io.BytesIO(pkpass)) as archive:
        archive.extractall(out / "card")
    return tuple(out / name for name in ("card.pkpass", "card", *sources))


def check_command(out: Path) -> list[str]:
    """Return the command that verifies the pass in a folder.

    The purpose is "any" because a pass certificate is one for TLS clients, as Apple's are.
    """
    card = out / "card"
    return [
        *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any"),
        *("-in", str(card / "signature"), "-content", str(card / "manifest.json")),
        *("-CAfile", str(out / "ca.pem"), "-out", "/dev/null"),
    ]


def _signed(card: Card, certificates: Certificates) -> bytes:
    signer = ApplePassSigner(
        certificates.pass_certificate.read_bytes(),
        certificates.pass_key.read_bytes(),
        certificates.wwdr.read_bytes(),
        PASS_TYPE_IDENTIFIER,
        TEAM_IDENTIFIER,
    )
    return signer.build(
        card,
        DEFAULT_DESIGN,
        default_images(card.colours),
        web_service_url=f"{BASE_URL}/wallet/apple",
    )


def _card(at: datetime) -> Card:
    """Return the card of a member who has bought a few times."""
    program = demo_program()
    merchant = Merchant(DEMO_MERCHANT, NAME, "RU", ("RU",), "ru")
    serial = f"{DEMO_MERCHANT}.{MEMBER}"
    today = program.local_date(at)
    return Card(
        serial_number=serial,
        authentication_token="sample-sample-sample",
        code="L17Q2M8K4D9XAB",
        merchant_name=merchant.name,
        program_name=program.title,
        member_name="Анна К.",
        points=1_240,
        language="ru",
        colours=colours_of(merchant.accent),
        card_url=f"{BASE_URL}/c/{serial}.sample",
        version=int(at.timestamp()),
        tier_name=_tier(program, 1),
        next_tier=NextTier(_tier(program, 2), "35\u00a0000,00\u00a0₽", "₽35,000.00"),
        next_expiry=Expiry(120, today + timedelta(days=30)),
        history=(
            HistoryLine(today, 84, EntryKind.PURCHASE),
            HistoryLine(today - timedelta(days=3), -500, EntryKind.PURCHASE),
            HistoryLine(today - timedelta(days=40), 300, EntryKind.ANNIVERSARY),
        ),
        rules_url=f"{BASE_URL}/r/{DEMO_MERCHANT}",
        zone=program.zone,
    )


def _tier(program: Program, place: int) -> str:
    assert program.tiers, "the demo program has tiers"
    return program.tiers.levels[place].name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], lambda line: print(line, flush=True)))
