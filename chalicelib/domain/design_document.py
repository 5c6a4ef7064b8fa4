"""Reads a pass design's JSON document into a `PassDesign`, or says by path what is wrong.

Every fault is reported, not only the first, as (JSON pointer, words); nothing is guessed.
The limits are the wallets': Google cuts a program's name after 20 characters, Apple shows
two fields beside the logo and four below the strip, and ten places. Sources: Apple, "Wallet
Passes", "Pass"; Google Wallet, REST reference, "LoyaltyClass" (both read 2026-11).
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.domain.colours import CONTRAST_MIN, contrast, contrast_text, read_colour
from chalicelib.domain.document_reader import Reader
from chalicelib.domain.errors import DomainError
from chalicelib.domain.pass_designs import (
    DEFAULT_DESIGN,
    PLACES_MAX,
    Colours,
    PassDesign,
    PassField,
    Place,
    Support,
    Symbology,
)
from chalicelib.domain.program import Program
from chalicelib.domain.program_document import LEVELS_MAX

PROGRAM_NAME_CHARS_MAX = 20  # Google cuts the rest
HEADER_MAX = 2  # beside the logo
BODY_MAX = 4  # below the strip: secondary and auxiliary together
PLACE_CHARS_MAX = 60
TEXT_CHARS_MAX = 100  # of a lock screen: about two lines
EMAIL_CHARS_MAX = 254
URL_CHARS_MAX = 500
LANGUAGES = ("ru", "en")
LATITUDE_MAX, LONGITUDE_MAX = 90, 180
NEAR_M_MAX = 1_000  # beyond, a phone does not know where it is anyway
DEGREE_DIGITS = 6  # a millionth is a hand's breadth

IMAGE_ID = r"img_[0-9a-f]{32}"
DEGREES = r"-?[0-9]{1,3}(\.[0-9]{1,6})?"
PHONE = r"\+[1-9][0-9]{6,14}"  # E.164
EMAIL = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
URL = r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?([/?#][!-~]*)?"

_NO_COLOUR = "#000000"  # of a design that is refused anyway
_ROWS = ("header", "secondary", "auxiliary")


class InvalidDesign(DomainError):
    """The document cannot be a pass design; `faults` are (JSON pointer, words)."""

    code = "pass_design_invalid"

    def __init__(self, faults: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{path}: {words}" for path, words in faults))
        self.faults = faults


def read_design(
    document: Mapping[str, Any],
    version: int = 0,
    *,
    program: Program | None = None,
    on: date | None = None,
) -> PassDesign:
    """Build the design of a document.

    With a program its tiers must be that program's; with a day the design must still be
    good on it. Both are asked when it is published, and never again.

    Raises:
        InvalidDesign: with every fault found.
    """
    reader = Reader(document)
    design = _design(reader, version)
    _check_tiers(reader, design, program)
    if on is not None and design.expires_on is not None and design.expires_on < on:
        reader.fault("expires_on", f"must not be before {on}: no pass would be good")
    reader.refuse_unread()
    if reader.faults:
        raise InvalidDesign(tuple(reader.faults))
    return design


def _design(reader: Reader, version: int) -> PassDesign:
    rows = {name: _fields(reader, name) for name in _ROWS}
    _check_rows(reader, rows)
    default = DEFAULT_DESIGN
    return PassDesign(
        version=version,
        program_name=_line(reader, "program_name", PROGRAM_NAME_CHARS_MAX),
        colours=_colours(reader.inner("colours")) if reader.has("colours") else None,
        tier_colours=reader.named("tier_colours", _of_tier),
        logo=_matching(reader, "logo", IMAGE_ID, "the id of an uploaded image"),
        strip=_matching(reader, "strip", IMAGE_ID, "the id of an uploaded image"),
        icon=_matching(reader, "icon", IMAGE_ID, "the id of an uploaded image"),
        header=rows["header"],
        secondary=rows["secondary"],
        auxiliary=rows["auxiliary"],
        symbology=_symbology(reader),
        is_sharing_prohibited=_flag(
            reader, "is_sharing_prohibited", default=default.is_sharing_prohibited
        ),
        expires_on=reader.day("expires_on"),
        places=tuple(_place(inner) for inner in reader.each("places", maximum=PLACES_MAX)),
        near_m=_near(reader),
        support=_support(reader),
        points_changed=_told(reader, "points_changed", "{balance}"),
        tier_changed=_told(reader, "tier_changed", "{tier}"),
    )


def _colours(reader: Reader) -> Colours:
    """Return ground, values and labels; both of these must be readable on the ground."""
    names = ("background", "foreground", "label")
    found = {name: _colour(reader, name) for name in names}
    reader.refuse_unread()
    ground = read_colour(found["background"])
    for name in names[1:]:
        ink = read_colour(found[name])
        if ground is None or ink is None:
            continue
        reached = contrast(ground, ink)
        if reached < CONTRAST_MIN:
            words = f"has a contrast of {contrast_text(reached)} to the background"
            reader.fault(name, f"{words}; {contrast_text(CONTRAST_MIN)} can be read")
    return Colours(**{name: value or _NO_COLOUR for name, value in found.items()})


def _colour(reader: Reader, name: str) -> str:
    """Return a colour in small letters; empty if it is none."""
    value = reader.object[name] if reader.has(name) else None
    if read_colour(value) is not None:
        return str(value).lower()
    reader.fault(name, "must be a colour like #7a3b12")
    return ""


def _of_tier(inner: Reader, name: str) -> Colours:
    return _colours(inner.inner(name))


def _check_tiers(reader: Reader, design: PassDesign, program: Program | None) -> None:
    if len(design.tier_colours) > LEVELS_MAX:
        reader.fault("tier_colours", f"has more than {LEVELS_MAX} tiers")
    if program is None:
        return
    tiers = {level.name for level in program.tiers.levels} if program.tiers else set()
    inner = Reader(design.tier_colours, f"{reader.path}/tier_colours", reader.faults)
    for name in design.tier_colours:
        if name not in tiers:
            inner.fault(name, "is no tier of the program")


def _fields(reader: Reader, key: str) -> tuple[PassField, ...]:
    """Return the fields of a row, in their order; an empty row is one, too."""
    default: tuple[PassField, ...] = getattr(DEFAULT_DESIGN, key)
    if not reader.has(key):
        return default
    listed = reader.object[key]
    known = set(PassField)
    if isinstance(listed, list) and all(isinstance(n, str) and n in known for n in listed):
        return tuple(PassField(name) for name in listed)
    reader.fault(key, "must be a list of " + ", ".join(PassField))
    return ()


def _check_rows(reader: Reader, rows: Mapping[str, tuple[PassField, ...]]) -> None:
    if len(rows["header"]) > HEADER_MAX:
        reader.fault("header", f"has room for {HEADER_MAX} fields")
    if len(rows["secondary"]) + len(rows["auxiliary"]) > BODY_MAX:
        reader.fault("auxiliary", f"has, with secondary, room for {BODY_MAX} fields")
    places: dict[PassField, str] = {}
    for key, fields in rows.items():
        for found in fields:
            if found in places:
                reader.fault(key, f"{found} stands in {places[found]} already")
            places[found] = key


def _place(reader: Reader) -> Place:
    if not reader.has("name"):
        reader.fault("name", "is missing")
    place = Place(
        name=_line(reader, "name", PLACE_CHARS_MAX),
        latitude_e6=_degrees(reader, "latitude", LATITUDE_MAX),
        longitude_e6=_degrees(reader, "longitude", LONGITUDE_MAX),
        text=_texts(reader, "text"),
    )
    reader.refuse_unread()
    return place


def _near(reader: Reader) -> int | None:
    return (
        reader.whole("near_m", 0, minimum=1, maximum=NEAR_M_MAX)
        if reader.has("near_m")
        else None
    )


def _degrees(reader: Reader, key: str, maximum: int) -> int:
    """Return degrees in millionths; written as a text, as no float is exact."""
    value = reader.object.get(key) if reader.has(key) else None
    if isinstance(value, str) and re.fullmatch(DEGREES, value, re.ASCII):
        whole, _, fraction = value.removeprefix("-").partition(".")
        millionths = int(whole + fraction.ljust(DEGREE_DIGITS, "0"))
        if millionths <= maximum * 10**DEGREE_DIGITS:
            return -millionths if value.startswith("-") else millionths
    words = f'must be a text like "55.751244" from -{maximum} to {maximum}'
    reader.fault(key, f"{words}, with {DEGREE_DIGITS} decimals at most")
    return 0


def _support(reader: Reader) -> Support:
    if not reader.has("support"):
        return DEFAULT_DESIGN.support
    inner = reader.inner("support")
    support = Support(
        phone=_matching(inner, "phone", PHONE, "a phone like +74951234567"),
        email=_matching(inner, "email", EMAIL, "an e-mail address", EMAIL_CHARS_MAX),
        url=_matching(inner, "url", URL, "an address that begins with https://", URL_CHARS_MAX),
    )
    inner.refuse_unread()
    return support


def _told(reader: Reader, key: str, name: str) -> Mapping[str, str]:
    """Return texts by language that name the new value once, and nothing else in braces."""
    texts = _texts(reader, key)
    inner = Reader(texts, f"{reader.path}/{key}", reader.faults)
    for language, text in texts.items():
        rest = text.replace(name, "", 1)
        if rest == text or "{" in rest or "}" in rest:
            inner.fault(language, f"must have {name} once, and no other braces")
        if "%@" in text:  # Apple's own sign for the value
            inner.fault(language, f"must not have %@: write {name}")
    return texts


def _texts(reader: Reader, key: str) -> Mapping[str, str]:
    if not reader.has(key):
        return {}
    inner = reader.inner(key)
    names = [name for name in LANGUAGES if inner.has(name)]
    texts = {name: _line(inner, name, TEXT_CHARS_MAX) for name in names}
    inner.refuse_unread()
    return {name: text for name, text in texts.items() if text}


def _line(reader: Reader, key: str, maximum: int) -> str:
    """Return a text of one line; empty if absent."""
    if not reader.has(key):
        return ""
    value = reader.object[key]
    if isinstance(value, str) and value.strip() and value.isprintable():
        if len(value) <= maximum:
            return value
        reader.fault(key, f"has {len(value)} characters; {maximum} are shown")
        return ""
    reader.fault(key, f"must be one line of 1 to {maximum} characters")
    return ""


def _matching(
    reader: Reader, key: str, pattern: str, what: str, maximum: int = URL_CHARS_MAX
) -> str:
    """Return a text of a form; empty if absent."""
    if not reader.has(key):
        return ""
    value = reader.object[key]
    is_good = isinstance(value, str) and len(value) <= maximum
    if is_good and re.fullmatch(pattern, value, re.ASCII):
        return str(value)
    reader.fault(key, f"must be {what}")
    return ""


def _symbology(reader: Reader) -> Symbology:
    default = DEFAULT_DESIGN.symbology
    if not reader.has("symbology"):
        return default
    return reader.choice("symbology", Symbology, default)


def _flag(reader: Reader, key: str, *, default: bool) -> bool:
    value = reader.object[key] if reader.has(key) else default
    if isinstance(value, bool):
        return value
    reader.fault(key, "must be true or false")
    return default
