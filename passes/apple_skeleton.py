"""A pass laid out once for all cards of one shape: its texts are slots to be filled.

The layout is wallet-py3k's model, checked by Apple's rules, with a marker for each text; what
stands between the markers is the same for all cards of the shape. So a pass costs the making
of its texts and not that of its structure.

The other language is a `pass.strings`: what `pass.json` says in the member's, then what it is
called in the other. The phone looks for its own languages among the folders of a pass and
takes any folder if it finds none: hence one for the member's language too, which translates
nothing.

Sources: Apple, "Wallet Passes", "Creating the Source for a Pass"; "Resource Programming
Guide", "String Resources" (quotation marks and backslashes are escaped by a backslash), read
2026-11. UTF-8, which Wallet reads as well as UTF-16, is half as long.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from json.encoder import encode_basestring
from typing import Any, Final

from passes.apple_rules import InvalidPass
from passes.apple_texts import Texts
from passes.wording import WORDINGS, Language

TOKEN_LENGTH_MIN: Final = 16
NUMBERS: Final = frozenset({"points", "expiring", "version"})
STRINGS: Final = "{}.lproj/pass.strings"

# In JSON with or without quotes, for a text or a number; nobody writes such a number.
_MARKERS_FROM: Final = 7_340_186_529_400_000_000
_MARKER: Final = re.compile(r'"?(7340186529400000\d{3})"?')
JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)

LaidOut = Callable[[Texts, Language], dict[str, Any]]  # texts, language → `pass.json`


class Skeleton:
    """The passes of one shape."""

    def __init__(self, names: tuple[str, ...], language: Language, other: Language) -> None:
        """Take the names of the texts its cards have; `lay_out` does the rest."""
        self._names = names
        self._pieces: list[str] = []
        self._slots: list[tuple[int, str]] = []
        self._spoken: tuple[str, ...] = ()
        self._constant: dict[str, str] = {}
        self._strings_start = ""
        self.strings_name = STRINGS.format(other)
        self.own_strings = (STRINGS.format(language), own_strings(language))

    def lay_out(self, laid_out: LaidOut, language: Language, other: Language) -> None:
        """Lay the shape out with markers, in both languages.

        Raises:
            InvalidPass: Wallet would drop every pass of this shape.
        """
        texts = {name: _marker(n, name) for n, name in enumerate(self._names)}
        content = laid_out(texts, language)
        parts = _MARKER.split(JSON.encode(content))
        self._pieces = parts
        for place in range(1, len(parts), 2):
            name = self._names[int(parts[place]) - _MARKERS_FROM]
            self._slots.append((place, name))
        self._constant = {
            ours: theirs
            for ours, theirs in _pairs(content, laid_out(texts, other))
            if ours != theirs
        }
        said = "\n".join((*self._constant, *self._constant.values()))
        assert not _MARKER.search(said), "a text is a slot in both languages or in neither"
        self._strings_start = _strings(self._constant)
        self._spoken = tuple(dict.fromkeys(name for _, name in self._slots))

    def fill(self, texts: Texts) -> bytes:
        """Give the `pass.json` of a card.

        Raises:
            InvalidPass: Wallet would drop this pass in silence; the message says why.
        """
        pieces = self._pieces.copy()
        for place, name in self._slots:
            value = texts[name]
            pieces[place] = encode_basestring(value) if type(value) is str else str(value)
        return "".join(pieces).encode()

    def strings(self, texts: Texts, other: Mapping[str, str]) -> bytes:
        """Give the `pass.strings` of the other language."""
        constant = self._constant
        pairs = {
            ours: other[name]
            for name in self._spoken
            if name in other and (ours := texts[name]) != other[name] and ours not in constant
        }
        return (self._strings_start + _strings(pairs)).encode()


def check_texts(texts: Texts) -> None:
    """Refuse texts that Wallet would drop a pass for; the rest was checked with the shape.

    Raises:
        InvalidPass: the first rule that is broken.
    """
    for name in NUMBERS & texts.keys():
        if type(texts[name]) is not int:  # and not a bool
            raise InvalidPass(f"the value of {name} is not a whole number")
    if not texts["serial"]:
        raise InvalidPass("a pass needs serialNumber")
    if not texts["merchant"]:
        raise InvalidPass("a pass needs organizationName")
    if len(str(texts["token"])) < TOKEN_LENGTH_MIN:
        raise InvalidPass(f"an authentication token has {TOKEN_LENGTH_MIN} characters at least")


def own_strings(language: Language) -> bytes:
    """Give the `pass.strings` of the language `pass.json` speaks."""
    word = WORDINGS[language].card
    return _strings({word: word}).encode()


def _strings(pairs: Mapping[Any, Any]) -> str:
    return "".join(
        f'"{_escaped(ours)}" = "{_escaped(theirs)}";\n' for ours, theirs in pairs.items()
    )


def _escaped(text: str) -> str:
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return text.replace('"', '\\"').replace("\n", "\\n")


def _marker(number: int, name: str) -> str | int:
    return _MARKERS_FROM + number if name in NUMBERS else str(_MARKERS_FROM + number)


def _pairs(ours: Any, theirs: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts at the same places of two passes laid out alike."""
    if isinstance(ours, dict):
        for key, value in ours.items():
            yield from _pairs(value, theirs[key])
    elif isinstance(ours, list):
        for one, other in zip(ours, theirs, strict=True):
            yield from _pairs(one, other)
    elif isinstance(ours, str):
        yield ours, theirs
