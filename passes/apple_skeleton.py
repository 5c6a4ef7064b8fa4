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

from passes.apple_texts import Texts
from passes.images import sha1
from passes.wording import WORDINGS, Language

NUMBERS: Final = frozenset({"points", "expiring", "version"})
STRINGS: Final = "{}.lproj/pass.strings"

# With quotes around it in JSON, or without: for a text or a number. Nobody writes such one.
_MARKERS_FROM: Final = 7_340_186_529_400_000_000
_MARKER: Final = re.compile(r"(7340186529400000\d{3})")
_ESCAPES: Final = (
    (b"\\", b"\\\\"),
    (b'"', b'\\"'),
    (b"\n", b"\\n"),
    (b"\x1e", b'" = "'),
    (b"\x1f", b'";\n"'),
)
_APART: Final = "\x1f"
_APART_ESCAPED: Final = b"\\u001f"
JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)

LaidOut = Callable[[Texts, Language], dict[str, Any]]  # texts, language → `pass.json`


class Skeleton:
    """The passes of one shape."""

    def __init__(self, names: tuple[str, ...], language: Language, other: Language) -> None:
        """Take the names of the texts its cards have; `lay_out` does the rest."""
        self._names = names
        self._pieces: list[bytes] = []  # at odd places: the slots
        self._slots: tuple[str, ...] = ()
        self._spoken: tuple[str, ...] | None = None  # as yet; all cards of a shape agree
        self._constant: dict[str, str] = {}
        self._strings_start = b""
        self._numbers: tuple[int, ...] = ()  # which of the slots
        self.strings_name = STRINGS.format(other)
        name, content = STRINGS.format(language), own_strings(language)
        self.own_strings = (name, content)
        self.own_entry = f'"{name}": "{sha1(content)}"'.encode()  # of the manifest

    def lay_out(self, laid_out: LaidOut, language: Language, other: Language) -> None:
        """Lay the shape out with markers, in both languages.

        Raises:
            InvalidPass: Wallet would drop every pass of this shape.
        """
        texts = {name: _marker(n, name) for n, name in enumerate(self._names)}
        content = laid_out(texts, language)
        parts = _MARKER.split(JSON.encode(content))
        self._pieces = [part.encode() for part in parts]
        self._slots = tuple(self._names[int(n) - _MARKERS_FROM] for n in parts[1::2])
        self._numbers = tuple(n for n, name in enumerate(self._slots) if name in NUMBERS)
        self._constant = {
            ours: theirs
            for ours, theirs in _pairs(content, laid_out(texts, other))
            if ours != theirs
        }
        said = "\n".join((*self._constant, *self._constant.values()))
        assert not _MARKER.search(said), "a text is a slot in both languages or in neither"
        self._strings_start = _strings(self._constant)

    def fill(self, texts: Texts) -> bytes:
        """Give the `pass.json` of a card that `check_card` has let through."""
        values: list[Any] = [texts[name] for name in self._slots]
        for place in self._numbers:
            values[place] = str(values[place])
        # All values are escaped and encoded at once; the separator comes out as an escape.
        filled = encode_basestring(_APART.join(values))[1:-1].encode().split(_APART_ESCAPED)
        if len(filled) != len(values):  # a value has separators of its own
            filled = [encode_basestring(value)[1:-1].encode() for value in values]
        pieces = self._pieces.copy()
        pieces[1::2] = filled
        return b"".join(pieces)

    def strings(self, texts: Texts, other: Mapping[str, str]) -> bytes:
        """Give the `pass.strings` of the other language."""
        constant, names = self._constant, self._spoken
        if names is None:
            self._spoken = names = tuple(name for name in other if name in self._slots)
        return self._strings_start + _strings(
            {
                ours: theirs
                for name in names
                if (ours := texts[name]) != (theirs := other[name]) and ours not in constant
            }
        )


def own_strings(language: Language) -> bytes:
    """Give the `pass.strings` of the language `pass.json` speaks."""
    word = WORDINGS[language].card
    return _strings({word: word})


def _strings(pairs: Mapping[Any, Any]) -> bytes:
    """Write pairs; all are escaped at once, with separators where quotes are to come."""
    text = "".join([f"{ours}\x1e{theirs}\x1f" for ours, theirs in pairs.items()]).encode()
    if text.count(b"\x1e") + text.count(b"\x1f") != 2 * len(pairs):
        # A text has separators of its own.
        return "".join(
            f"{_quoted(ours)} = {_quoted(pairs[ours])};\n" for ours in pairs
        ).encode()
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return b'"%s' % text[:-1] if pairs else b""


def _quoted(text: str) -> str:
    return encode_basestring("".join(filter(_is_plain, text)))


def _is_plain(sign: str) -> bool:
    return sign >= " " or sign == "\n"


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
