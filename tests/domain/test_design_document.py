"""What a pass design's document says, and every way in which it is refused."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.colours import contrast, contrast_text
from chalicelib.domain.design_document import InvalidDesign, read_design
from chalicelib.domain.pass_designs import (
    DEFAULT_DESIGN,
    Colours,
    PassDesign,
    PassField,
    Place,
    Support,
    Symbology,
)
from chalicelib.domain.program_document import read_program
from tests.domain.designs import COLOURS, FULL, documents

PLACE = FULL["places"][0]
TODAY = date(2026, 6, 1)
PROGRAM = read_program(
    {"tiers": {"levels": [{"name": "Basic", "over": "0"}, {"name": "Gold", "over": "10"}]}}, 1
)


def faults(document: dict[str, Any], **more: Any) -> dict[str, str]:
    with pytest.raises(InvalidDesign) as refused:
        read_design(document, **more)
    return dict(refused.value.faults)


def test_an_empty_document_is_the_default_design() -> None:
    assert read_design({}) == DEFAULT_DESIGN


def test_null_means_the_same_as_leaving_a_key_out() -> None:
    assert read_design(dict.fromkeys(FULL)) == DEFAULT_DESIGN


def test_every_key_is_read() -> None:
    design = read_design(FULL, 3, program=PROGRAM, on=TODAY)

    assert design == PassDesign(
        version=3,
        program_name="Узор Бонус",
        colours=Colours("#7a3b12", "#ffffff", "#ffe9d6"),
        tier_colours={"Gold": Colours("#c9a227", "#1d1d1f", "#1d1d1f")},
        header=(PassField.TIER, PassField.DISCOUNT),
        secondary=(PassField.MEMBER,),
        auxiliary=(PassField.EXPIRING, PassField.STAMPS, PassField.NEXT_TIER),
        symbology=Symbology.AZTEC,
        is_sharing_prohibited=False,
        expires_on=date(2027, 12, 31),
        places=(
            Place(
                "Тверская",
                55_764_200,
                37_605_000,
                {"ru": "Свежий хлеб до девяти", "en": "Fresh bread until nine"},
            ),
            Place("Wellington", -41_200_000, 174_000_000),
        ),
        near_m=150,
        support=Support("+74951234567", "hello@example.org", "https://example.org/help?a=1"),
        points_changed=FULL["points_changed"],
        tier_changed=FULL["tier_changed"],
    )


def test_colours_in_capitals_are_the_same() -> None:
    capitals = {name: value.upper() for name, value in COLOURS.items()}

    assert read_design({"colours": capitals}) == read_design({"colours": COLOURS})


def test_images_are_named_by_their_ids() -> None:
    image_id = "img_" + "0a" * 16

    design = read_design({"logo": image_id, "strip": image_id, "icon": image_id})

    assert (design.logo, design.strip, design.icon) == (image_id,) * 3


BAD = [
    ({"colour": "#ffffff"}, "/colour", "is not a known field"),
    ({"program_name": "Пекарня «Узор» Бонусы"}, "/program_name", "has 21 characters; 20"),
    ({"program_name": " "}, "/program_name", "must be one line of 1 to 20 characters"),
    ({"program_name": "two\nlines"}, "/program_name", "must be one line"),
    ({"program_name": 7}, "/program_name", "must be one line"),
    ({"colours": []}, "/colours", "must be an object"),
    ({"colours": {}}, "/colours/label", "must be a colour like #7a3b12"),
    ({"colours": {**COLOURS, "background": "#fff"}}, "/colours/background", "must be a colour"),
    ({"colours": {**COLOURS, "background": "red"}}, "/colours/background", "must be a colour"),
    ({"colours": {**COLOURS, "stripe": "#fff000"}}, "/colours/stripe", "is not a known field"),
    (
        {"colours": {**COLOURS, "foreground": "#8a4b22"}},
        "/colours/foreground",
        "has a contrast of 1.26 : 1 to the background; 4.50 : 1 can be read",
    ),
    (
        {"colours": {**COLOURS, "label": "#c9a227"}},
        "/colours/label",
        "has a contrast of 3.52 : 1 to the background; 4.50 : 1 can be read",
    ),
    (
        {"tier_colours": {"Gold": {**COLOURS, "label": "#7a3b12"}}},
        "/tier_colours/Gold/label",
        "has a contrast of 1.00 : 1",
    ),
    ({"tier_colours": {"Gold": None}}, "/tier_colours/Gold", "must be an object"),
    ({"tier_colours": {f"t{n}": COLOURS for n in range(21)}}, "/tier_colours", "more than 20"),
    ({"logo": "https://example.org/logo.png"}, "/logo", "must be the id of an uploaded image"),
    ({"strip": "img_1"}, "/strip", "must be the id of an uploaded image"),
    ({"icon": ["img_" + "0" * 32]}, "/icon", "must be the id of an uploaded image"),
    ({"header": "tier"}, "/header", "must be a list of tier, member"),
    ({"header": ["points"]}, "/header", "must be a list of tier, member"),
    ({"header": [["tier"]]}, "/header", "must be a list of tier, member"),
    (
        {"header": ["tier", "discount", "next_tier"]},
        "/header",
        "has room for 2 fields",
    ),
    (
        {"secondary": ["member", "expiring", "discount"], "auxiliary": ["stamps", "next_tier"]},
        "/auxiliary",
        "has, with secondary, room for 4 fields",
    ),
    ({"secondary": ["tier"]}, "/secondary", "tier stands in header already"),
    ({"header": ["member"]}, "/secondary", "member stands in header already"),
    ({"auxiliary": ["stamps", "stamps"]}, "/auxiliary", "stamps stands in auxiliary already"),
    ({"symbology": "ean13"}, "/symbology", "must be one of qr, aztec, pdf417, code128"),
    ({"is_sharing_prohibited": "no"}, "/is_sharing_prohibited", "must be true or false"),
    ({"is_sharing_prohibited": 1}, "/is_sharing_prohibited", "must be true or false"),
    ({"expires_on": "31.12.2027"}, "/expires_on", "must be a date like 2026-12-31"),
    ({"expires_on": 2027}, "/expires_on", "must be a date like 2026-12-31"),
    ({"places": []}, "/places", "must be a list of 1 to 10 objects"),
    ({"places": [PLACE] * 11}, "/places", "must be a list of 1 to 10 objects"),
    ({"places": [PLACE, 1]}, "/places/1", "must be an object"),
    ({"places": [{**PLACE, "name": None}]}, "/places/0/name", "is missing"),
    ({"places": [{**PLACE, "name": "x" * 61}]}, "/places/0/name", "has 61 characters; 60"),
    ({"places": [{**PLACE, "altitude": "1"}]}, "/places/0/altitude", "is not a known field"),
    ({"places": [{**PLACE, "latitude": "90.000001"}]}, "/places/0/latitude", "-90 to 90"),
    ({"places": [{**PLACE, "latitude": "-91"}]}, "/places/0/latitude", "-90 to 90"),
    ({"places": [{**PLACE, "longitude": "180.5"}]}, "/places/0/longitude", "-180 to 180"),
    ({"places": [{**PLACE, "longitude": "1.1234567"}]}, "/places/0/longitude", "6 decimals"),
    ({"places": [{**PLACE, "longitude": 37.6}]}, "/places/0/longitude", "must be a text"),
    ({"places": [{**PLACE, "longitude": "٣٧"}]}, "/places/0/longitude", "must be a text"),
    ({"places": [{**PLACE, "latitude": "+55"}]}, "/places/0/latitude", "must be a text"),
    ({"places": [{**PLACE, "text": {"de": "Brot"}}]}, "/places/0/text/de", "is not a known"),
    ({"places": [{**PLACE, "text": {"ru": "x" * 101}}]}, "/places/0/text/ru", "101 characters"),
    ({"near_m": 0}, "/near_m", "must be a whole number from 1 to 1000"),
    ({"near_m": 1001}, "/near_m", "must be a whole number from 1 to 1000"),
    ({"support": {"phone": "84951234567"}}, "/support/phone", "must be a phone like +7495"),
    ({"support": {"phone": "+7 495 123"}}, "/support/phone", "must be a phone like +7495"),
    ({"support": {"email": "example.org"}}, "/support/email", "must be an e-mail address"),
    ({"support": {"email": f"{'x' * 250}@a.ru"}}, "/support/email", "must be an e-mail"),
    ({"support": {"url": "http://example.org"}}, "/support/url", "begins with https://"),
    ({"support": {"url": "https://a@b.ru"}}, "/support/url", "begins with https://"),
    ({"support": {"url": "https://example.org/ x"}}, "/support/url", "begins with https://"),
    ({"support": {"url": f"https://a.ru/{'x' * 490}"}}, "/support/url", "begins with"),
    ({"support": {"fax": "1"}}, "/support/fax", "is not a known field"),
    ({"points_changed": {"ru": "Баллы"}}, "/points_changed/ru", "must have {balance} once"),
    ({"points_changed": {"ru": "{points}"}}, "/points_changed/ru", "must have {balance} once"),
    (
        {"points_changed": {"en": "{balance} of {tier}"}},
        "/points_changed/en",
        "must have {balance} once, and no other braces",
    ),
    (
        {"points_changed": {"en": "{balance} {balance}"}},
        "/points_changed/en",
        "must have {balance} once",
    ),
    (
        {"points_changed": {"en": "{balance.__class__}"}},
        "/points_changed/en",
        "must have {balance} once",
    ),
    ({"points_changed": {"en": "%@ {balance}"}}, "/points_changed/en", "must not have %@"),
    ({"points_changed": {"de": "{balance}"}}, "/points_changed/de", "is not a known field"),
    ({"tier_changed": {"en": "{balance}"}}, "/tier_changed/en", "must have {tier} once"),
    ({"tier_changed": {"en": "}{tier}"}}, "/tier_changed/en", "must have {tier} once"),
    ({"tier_changed": {"en": "x" * 100 + "{tier}"}}, "/tier_changed/en", "106 characters"),
    ({"tier_changed": "{tier}"}, "/tier_changed", "must be an object"),
]


@pytest.mark.parametrize(("document", "path", "words"), BAD, ids=lambda one: str(one)[:40])
def test_a_bad_design_is_refused_by_path(
    document: dict[str, Any], path: str, words: str
) -> None:
    found = faults(document)

    assert words in found[path]


def test_every_fault_is_told_at_once() -> None:
    found = faults({"program_name": "", "symbology": "x", "near_m": 0, "x": 1})

    assert set(found) == {"/program_name", "/symbology", "/near_m", "/x"}


def test_colours_are_for_tiers_of_the_program() -> None:
    document = {"tier_colours": {"Gold": COLOURS, "Platinum/1": COLOURS}}

    found = faults(document, program=PROGRAM)

    assert found == {"/tier_colours/Platinum~11": "is no tier of the program"}
    assert read_design(document)  # a published one is read whatever became of the program


def test_a_program_without_tiers_has_no_colours_for_them() -> None:
    found = faults({"tier_colours": {"Gold": COLOURS}}, program=replace(PROGRAM, tiers=None))

    assert found == {"/tier_colours/Gold": "is no tier of the program"}


@pytest.mark.parametrize(("day", "is_good"), [("2026-05-31", False), ("2026-06-01", True)])
def test_a_design_is_published_only_while_its_passes_are_good(day: str, is_good: bool) -> None:
    document = {"expires_on": day}

    if is_good:
        assert read_design(document, on=TODAY).expires_on == TODAY
    else:
        assert faults(document, on=TODAY) == {
            "/expires_on": "must not be before 2026-06-01: no pass would be good"
        }


def test_the_contrast_of_text_is_judged_exactly() -> None:
    """#767676 on white is the lightest grey that passes, #777777 the first that does not."""
    grey = {"background": "#ffffff", "foreground": "#767676", "label": "#777777"}

    found = faults({"colours": grey})

    assert found == {
        "/colours/label": "has a contrast of 4.47 : 1 to the background; 4.50 : 1 can be read"
    }


@given(st.tuples(*[st.integers(0, 255)] * 3), st.tuples(*[st.integers(0, 255)] * 3))
def test_a_contrast_is_the_same_both_ways_and_from_1_to_21(one: Any, other: Any) -> None:
    found = contrast(one, other)

    assert found == contrast(other, one)
    assert 1 <= found <= 21.000001
    assert contrast_text(found).endswith(" : 1")


@given(documents())
def test_whatever_is_made_of_known_fields_within_bounds_is_read(
    document: dict[str, Any],
) -> None:
    design = read_design(document, 1, program=PROGRAM, on=TODAY)

    assert design == read_design(document, 1)
    assert len({*design.header, *design.secondary, *design.auxiliary}) == len(
        design.header + design.secondary + design.auxiliary
    )
