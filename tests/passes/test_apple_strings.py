"""What a pass says on a phone that speaks the other language."""

from typing import Any

import pytest

from chalicelib.domain.pass_designs import PassDesign, Place
from passes.apple import ApplePassSigner
from passes.card import Card, NextTier
from tests.passes.builders import card, english_card, voided
from tests.passes.building import built, laid_out
from tests.passes.reading import files_of, json_of
from tests.passes.strings_file import read_strings

OTHER = {"ru": "en", "en": "ru"}
SPOKEN = ("label", "value", "attributedValue", "changeMessage", "relevantText")


def _translated(signer: ApplePassSigner, shown: Card, design: PassDesign) -> Any:
    """Give `pass.json` as a phone in the other language shows it."""
    files = files_of(built(signer, shown, design))
    pairs = read_strings(files[f"{OTHER[shown.language]}.lproj/pass.strings"])
    return _with(pairs, json_of(built(signer, shown, design)))


def _with(pairs: dict[str, str], content: Any, key: str = "") -> Any:
    if isinstance(content, dict):
        return {name: _with(pairs, part, name) for name, part in content.items()}
    if isinstance(content, list):
        return [_with(pairs, part, key) for part in content]
    if isinstance(content, str) and key in (*SPOKEN, "description"):
        return pairs.get(content, content)
    return content


@pytest.mark.parametrize("points", [0, 1, 2, 5, 21, 1240, 1_234_567])
@pytest.mark.parametrize("is_russian", [True, False])
def test_a_phone_in_the_other_language_shows_what_a_card_in_it_would(
    points: int, is_russian: bool, signer: ApplePassSigner
) -> None:
    ru = card(points=points)
    above = NextTier("Золото", "₽3,400", "3\u00a0400\u00a0₽")
    en = card(points=points, language="en", next_tier=above)
    shown, wanted = (ru, en) if is_russian else (en, ru)
    place = Place("Мира, 12", 58_010_450, 56_229_434, {"ru": "Мы рядом", "en": "We are near"})
    design = PassDesign(places=(place,), points_changed={"ru": "Теперь {balance}"})

    translated = _translated(signer, shown, design)

    assert translated == json_of(built(signer, wanted, design))


@pytest.mark.parametrize(
    ("points", "noun", "english"),
    [
        (1, "балл", "point"),
        (2, "балла", "points"),
        (21, "балл", "points"),
        (5, "баллов", "points"),
    ],
)
def test_plurals_are_right_in_the_other_language(
    points: int, noun: str, english: str, signer: ApplePassSigner
) -> None:
    strings = read_strings(
        files_of(built(signer, card(points=points)))["en.lproj/pass.strings"]
    )

    assert strings[noun] == english
    assert strings[f"На карте %@ {noun}"] == f"You now have %@ {english}"


def test_a_place_speaks_the_other_language_too(signer: ApplePassSigner) -> None:
    place = Place("Мира, 12", 58_010_450, 56_229_434, {"ru": "Мы рядом", "en": "We are near"})

    files = files_of(built(signer, card(), PassDesign(places=(place,))))

    assert read_strings(files["en.lproj/pass.strings"])["Мы рядом"] == "We are near"


def test_a_voided_pass_is_said_in_both_languages(signer: ApplePassSigner) -> None:
    strings = read_strings(files_of(built(signer, voided()))["en.lproj/pass.strings"])

    assert (strings["Карта"], strings["закрыта"]) == ("Card", "closed")


@pytest.mark.parametrize("shown", [card(), english_card()])
def test_a_phone_in_the_members_language_finds_a_folder_and_nothing_to_translate(
    shown: Card, signer: ApplePassSigner
) -> None:
    own = read_strings(files_of(built(signer, shown))[f"{shown.language}.lproj/pass.strings"])

    assert own
    assert all(key == value for key, value in own.items())


def test_names_with_quotes_backslashes_and_line_breaks_come_through(
    signer: ApplePassSigner,
) -> None:
    name = 'Кафе "У \\ Ани"\nи Пети'
    shown = card(program_name=name)

    strings = read_strings(files_of(built(signer, shown))["en.lproj/pass.strings"])

    assert strings[f"Карта «{name}»"] == f"{name} card"


@pytest.mark.parametrize(
    "name", ["\x1f", "a\x1eb\x1f", "\\u001f", "\\\\u001f\t", "\u2028 %@ {day}"]
)
def test_names_nobody_expects_come_through(name: str, signer: ApplePassSigner) -> None:
    shown = card(program_name=name, member_name=name, tier_name=name)

    pkpass = built(signer, shown)

    assert json_of(pkpass) == laid_out(signer, shown).json_dict()
    assert files_of(pkpass)["en.lproj/pass.strings"].count(b";\n") > len(SPOKEN)


def test_every_pair_is_of_a_text_on_the_pass(signer: ApplePassSigner) -> None:
    pkpass = built(signer)

    strings = read_strings(files_of(pkpass)["en.lproj/pass.strings"])

    said = _said(json_of(pkpass))
    assert strings.keys() <= said
    assert "Елена К." not in strings


def _said(content: Any) -> set[str]:
    if isinstance(content, dict):
        return {text for part in content.values() for text in _said(part)}
    if isinstance(content, list):
        return {text for part in content for text in _said(part)}
    return {content} if isinstance(content, str) else set()
