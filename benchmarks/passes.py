"""What a pass costs against one RSA-2048 signature: `python -m benchmarks.passes` prints JSON.

CPU time of this thread, pass and bare signature taken in turn. A busy neighbour slows Python,
which waits for memory, and not RSA, which does not: so the ratio is that of the lowest
hundredths, what the code costs when it is left alone. The mark is 1.3 with one RSA operation,
for the default design, for one that uses everything a design can say, and for those of the
templates with their images.

Each round is another member's card, and the design is a copy, as the table gives it anew for
each request: only what a process keeps between requests is kept here.
"""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from statistics import quantiles
from time import thread_time_ns
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from chalicelib.domain.design_document import read_design
from chalicelib.domain.entries import EntryKind
from chalicelib.domain.pass_designs import (
    DEFAULT_DESIGN,
    Colours,
    PassDesign,
    PassField,
    Place,
    Support,
    Symbology,
)
from chalicelib.domain.templates import NAMES
from passes.apple import ApplePassSigner
from passes.card import Card, Expiry, HistoryLine, Stamps, colours_shown
from passes.codes import RANDOM_BYTES, new_code
from passes.images import images_of
from passes.templates import template_design
from tests.passes.builders import WEB_SERVICE_URL, card
from tests.passes.certificates import PASS_TYPE, TEAM, Authority, make_authority
from tests.passes.counting_key import CountingKey

Files = Mapping[str, Mapping[str, bytes]]  # of images, by their id

ROUNDS: Final = 2000
WARM_UP_ROUNDS: Final = 50
KEYS_LOADED: Final = 5
RATIO_MAX: Final = 1.3
FULL_DESIGN: Final = PassDesign(
    version=1,
    program_name="Узор",
    tier_colours={"Серебро": Colours("#C0C0C0", "#000000", "#333333")},
    secondary=(PassField.MEMBER, PassField.EXPIRING),
    auxiliary=(PassField.STAMPS, PassField.NEXT_TIER),
    symbology=Symbology.CODE128,
    expires_on=date(2027, 6, 30),
    places=tuple(
        Place(f"Мира, {n}", 58_010_450 + n, 56_229_434, {"ru": "Мы рядом", "en": "We are near"})
        for n in range(10)
    ),
    near_m=150,
    support=Support("+7 342 200-00-00", "hello@uzor.example", "https://uzor.example/help"),
    points_changed={"ru": "Теперь на карте {balance}", "en": "{balance} on your card now"},
)


def _designs() -> dict[str, tuple[PassDesign, Files]]:
    """Return each design with the files of its images."""
    found: dict[str, tuple[PassDesign, Files]] = {
        "default": (DEFAULT_DESIGN, {}),
        "full": (FULL_DESIGN, {}),
    }
    for name in NAMES:
        if template := template_design(name):
            found[name] = (read_design(template.document, 1), template.pass_files)
    return found


DESIGNS: Final = _designs()


def measure() -> dict[str, Any]:
    """Build passes and sign, in turn; a design after the other."""
    authority = make_authority()
    signer = _signer(authority)
    found = {name: _measured(signer, *one) for name, one in DESIGNS.items()}
    return {
        **found,
        "ratio_max": RATIO_MAX,
        "key_loading_cpu_us": _cpu_of_loading(authority),  # once per process
        "rounds": ROUNDS,
    }


def missed(found: dict[str, Any]) -> list[str]:
    """Return the marks that were missed, in words."""
    designs = {name: found[name] for name in DESIGNS}
    slow = [name for name, cost in designs.items() if cost["ratio"] > RATIO_MAX]
    signed = [name for name, cost in designs.items() if cost["rsa_operations"] != 1]
    return [
        *(f"pass of the {name} design: over {RATIO_MAX} RSA signatures" for name in slow),
        *(f"pass of the {name} design: not one RSA operation" for name in signed),
    ]


def member_cards(count: int) -> list[Card]:
    """Give the cards of so many members, no two alike."""
    return [_card(number) for number in range(count)]


def _card(number: int) -> Card:
    last = date(2026, 12, 31) - timedelta(days=number % 60)
    kinds = (EntryKind.PURCHASE, EntryKind.REDEEM, EntryKind.GRANT, EntryKind.EXPIRE)
    history = tuple(
        HistoryLine(last - timedelta(days=9 * n), (-1) ** n * (number + n), kinds[n % 4])
        for n in range(5)
    )
    return replace(
        card(),
        serial_number=f"uzor.mem_{number:08}",
        code=new_code(number.to_bytes(RANDOM_BYTES)),
        points=number * 7919 % 100_000,
        member_name=f"Елена {number}",
        stamps=Stamps(number % 6, 6),
        next_expiry=Expiry(number % 500 + 1, last),
        history=history,
        version=1_795_600_000 + number,
    )


def _signer(authority: Authority) -> ApplePassSigner:
    return ApplePassSigner(
        authority.certificate, authority.key, authority.wwdr, PASS_TYPE, TEAM
    )


def _measured(signer: ApplePassSigner, design: PassDesign, files: Files) -> dict[str, Any]:
    passes, signatures = [], []
    for shown in member_cards(WARM_UP_ROUNDS + ROUNDS):
        passes.append(_cpu_of_a_pass(signer, shown, deepcopy(design), files))
        signatures.append(_cpu_of_a_signature(signer.private_key))
    return {
        "pass_cpu_us": _microseconds(passes),
        "rsa_2048_cpu_us": _microseconds(signatures),
        "ratio": round(_microseconds(passes) / _microseconds(signatures), 3),
        "rsa_operations": _rsa_operations(signer, design, files),
        "bytes": len(_pass(signer, card(), design, files)),
    }


def _pass(signer: ApplePassSigner, shown: Card, design: PassDesign, files: Files) -> bytes:
    images = images_of(design, colours_shown(shown, design), files.__getitem__)
    return signer.build(shown, design, images, web_service_url=WEB_SERVICE_URL)


def _cpu_of_a_pass(
    signer: ApplePassSigner, shown: Card, design: PassDesign, files: Files
) -> int:
    start = thread_time_ns()
    _pass(signer, shown, design, files)
    return thread_time_ns() - start


def _cpu_of_a_signature(key: RSAPrivateKey) -> int:
    start = thread_time_ns()
    key.sign(b"a manifest", padding.PKCS1v15(), hashes.SHA256())
    return thread_time_ns() - start


def _cpu_of_loading(authority: Authority) -> float:
    taken = []
    for _ in range(KEYS_LOADED):
        start = thread_time_ns()
        _signer(authority)
        taken.append(thread_time_ns() - start)
    return round(min(taken) / 1000, 1)


def _microseconds(nanoseconds: Sequence[int]) -> float:
    lowest_hundredth, *_ = quantiles(nanoseconds[WARM_UP_ROUNDS:], n=100)
    return round(lowest_hundredth / 1000, 1)


def _rsa_operations(signer: ApplePassSigner, design: PassDesign, files: Files) -> int:
    own = signer.private_key
    signer.private_key = counting = CountingKey(own)
    _pass(signer, card(), design, files)
    signer.private_key = own
    return counting.operations


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
