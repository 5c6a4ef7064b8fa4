"""What the two wallets show, in both languages, against the snapshots."""

import pytest

from passes.apple import ApplePassSigner
from tests.passes.write_snapshots import (
    FOLDER,
    apple_snapshot,
    google_snapshot,
    strings_snapshot,
)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_apple_shows_the_card_as_in_the_snapshot(
    language: str, signer: ApplePassSigner
) -> None:
    shown = apple_snapshot(signer, language)

    assert shown == (FOLDER / f"apple.{language}.json").read_text()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_apple_says_it_in_the_other_language_as_in_the_snapshot(
    language: str, signer: ApplePassSigner
) -> None:
    shown = strings_snapshot(signer, language)

    assert shown == (FOLDER / f"apple.{language}.strings").read_text()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_google_shows_the_card_as_in_the_snapshot(language: str) -> None:
    shown = google_snapshot(language)

    assert shown == (FOLDER / f"google.{language}.json").read_text()
