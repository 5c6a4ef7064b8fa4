"""Writes what the snapshot tests compare with: `python -m tests.passes.write_snapshots`.

Look at the difference before you commit it: it is what every phone will show.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.domain.pass_designs import DEFAULT_DESIGN
from passes.apple import ApplePassSigner
from passes.google import GooglePassSigner
from passes.google_object import GoogleFrame, loyalty_object
from tests.passes.builders import CLASS_NAME, ISSUER_ID, card, english_card
from tests.passes.building import built
from tests.passes.certificates import PASS_TYPE, TEAM, Authority, make_authority
from tests.passes.reading import files_of, json_of

FOLDER = Path(__file__).parent / "snapshots"
CARDS = {"ru": card(), "en": english_card()}


def apple_snapshot(signer: ApplePassSigner, language: str) -> str:
    """Give the `pass.json` of the card in a language, as people read JSON."""
    return _text(json_of(built(signer, CARDS[language])))


def strings_snapshot(signer: ApplePassSigner, language: str) -> str:
    """Give what the card in a language says in the other one."""
    other = {"ru": "en", "en": "ru"}[language]
    files = files_of(built(signer, CARDS[language]))
    return files[f"{other}.lproj/pass.strings"].decode()


def google_snapshot(language: str) -> str:
    """Give the loyalty object of the card in a language."""
    return _text(loyalty_object(CARDS[language], DEFAULT_DESIGN, google_frame()))


def google_frame(rotating_key: bytes | None = None) -> GoogleFrame:
    """Make what an object needs beside its card."""
    return GoogleFrame(
        issuer_id=ISSUER_ID,
        class_name=CLASS_NAME,
        rules_url="https://cards.example/r/uzor",
        rotating_key=rotating_key,
    )


def google_signer(authority: Authority) -> GooglePassSigner:
    """Make a service account; any RSA key will do."""
    return GooglePassSigner(
        authority.key,
        "5f9a0c",
        "wallet@kopilka.iam.gserviceaccount.com",
        ISSUER_ID,
        ("https://cards.example",),
    )


def main() -> None:
    """Write all snapshots."""
    authority = make_authority()
    apple = ApplePassSigner(
        authority.certificate, authority.key, authority.wwdr, PASS_TYPE, TEAM
    )
    for language in CARDS:
        (FOLDER / f"apple.{language}.json").write_text(apple_snapshot(apple, language))
        strings = strings_snapshot(apple, language)
        (FOLDER / f"apple.{language}.strings").write_text(strings)
        (FOLDER / f"google.{language}.json").write_text(google_snapshot(language))


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    main()
