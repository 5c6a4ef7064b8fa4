"""Pass design documents, made up: every one can be published by the program of the tests."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from chalicelib.domain import design_document as rules
from chalicelib.domain.colours import CONTRAST_MIN, contrast, read_colour
from chalicelib.domain.pass_designs import PLACES_MAX, PassField, Symbology

COLOURS = {"background": "#7a3b12", "foreground": "#ffffff", "label": "#ffe9d6"}
FULL: dict[str, Any] = {
    "program_name": "Узор Бонус",
    "colours": COLOURS,
    "tier_colours": {
        "Gold": {"background": "#c9a227", "foreground": "#1d1d1f", "label": "#1d1d1f"}
    },
    "header": ["tier", "discount"],
    "secondary": ["member"],
    "auxiliary": ["expiring", "stamps", "next_tier"],
    "symbology": "aztec",
    "is_sharing_prohibited": False,
    "expires_on": "2027-12-31",
    "places": [
        {
            "name": "Тверская",
            "latitude": "55.764200",
            "longitude": "37.605",
            "text": {"ru": "Свежий хлеб до девяти", "en": "Fresh bread until nine"},
        },
        {"name": "Wellington", "latitude": "-41.2", "longitude": "174"},
    ],
    "near_m": 150,
    "support": {
        "phone": "+74951234567",
        "email": "hello@example.org",
        "url": "https://example.org/help?a=1",
    },
    "points_changed": {"ru": "Теперь баллов: {balance}", "en": "You have {balance} points"},
    "tier_changed": {"ru": "Уровень «{tier}»", "en": "You are {tier} now"},
}

_LINES = st.text("aЖ 9é'\"<&", min_size=1).filter(str.strip)
_HEX = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def _is_readable(colours: dict[str, str]) -> bool:
    ground, *inks = (read_colour(colours[name]) for name in COLOURS)
    return all(contrast(ground, ink) >= CONTRAST_MIN for ink in inks)


def _colours() -> st.SearchStrategy[dict[str, str]]:
    inks = st.sampled_from(["#ffffff", "#000000", "#1D1D1F", "#fff3e0"])
    return st.fixed_dictionaries(
        {"background": _HEX, "foreground": inks, "label": inks}
    ).filter(_is_readable)


@st.composite
def _rows(draw: st.DrawFn) -> dict[str, list[str]]:
    fields = draw(st.permutations(list(map(str, PassField))))
    header = draw(st.integers(0, rules.HEADER_MAX))
    secondary = draw(st.integers(0, rules.BODY_MAX))
    auxiliary = draw(st.integers(0, rules.BODY_MAX - secondary))
    begun = header + secondary
    return {
        "header": fields[:header],
        "secondary": fields[header:begun],
        "auxiliary": fields[begun : begun + auxiliary],
    }


def _texts(name: str = "") -> st.SearchStrategy[dict[str, str]]:
    line = _LINES.map(lambda text: f"{text[:40]}{name}{text[40:80]}")
    return st.dictionaries(st.sampled_from(rules.LANGUAGES), line)


def _degrees(most: int) -> st.SearchStrategy[str]:
    return st.decimals(-most, most, places=rules.DEGREE_DIGITS).map(lambda one: f"{one:f}")


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Return designs of any of the fields, without images."""
    place = st.fixed_dictionaries(
        {"name": _LINES.map(lambda text: text[:60]).filter(str.strip)}
        | {"latitude": _degrees(90), "longitude": _degrees(180)},
        optional={"text": _texts()},
    )
    contacts = {
        "phone": st.from_regex(rules.PHONE, fullmatch=True),
        "email": st.sampled_from(["a@b.ru", "x.y+z@mail.example.org"]),
        "url": st.sampled_from(["https://example.org", "https://a-b.example:8443/x?y=1#z"]),
    }
    optional = {
        "program_name": _LINES.map(lambda text: text[:20]).filter(str.strip),
        "colours": _colours(),
        "tier_colours": st.dictionaries(st.sampled_from(["Basic", "Gold"]), _colours()),
        "symbology": st.sampled_from(list(map(str, Symbology))),
        "is_sharing_prohibited": st.booleans(),
        "expires_on": st.dates(min_value=date(2026, 6, 1)).map(str),
        "places": st.lists(place, min_size=1, max_size=PLACES_MAX),
        "near_m": st.integers(1, rules.NEAR_M_MAX),
        "support": st.fixed_dictionaries({}, optional=contacts),
        "points_changed": _texts("{balance}"),
        "tier_changed": _texts("{tier}"),
    }
    rows = draw(st.one_of(st.just({}), _rows()))
    return {**draw(st.fixed_dictionaries({}, optional=optional)), **rows}
