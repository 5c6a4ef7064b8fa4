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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
_APART: Final = "\x1f"
_APART_ESCAPED: Final = b"\\u001f"
JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


class Skeleton:
    """The passes of one shape."""

    def __init__(self, language: Language, other: Language) -> None:
        """Begin with what depends on the languages alone; `lay_out` does the rest."""
        self._pieces: list[bytes] = []  # at odd places: the slots
        self._slots: tuple[str, ...] = ()
        self._numbers: tuple[int, ...] = ()  # which of the slots
        self._spoken: tuple[tuple[int, str], ...] = ()  # which of the slots, and their names
        self._constant: frozenset[bytes] = frozenset()
        self._strings_start = b""
        self.strings_name = STRINGS.format(other)
        name, content = STRINGS.format(language), own_strings(language)
        self.own_strings = (name, content)
        self.own_entry = f'"{name}": "{sha1(content)}"'.encode()  # of the manifest

    def lay_out(
        self,
        laid_out: Callable[[Texts], tuple[dict[str, Any], dict[str, Any]]],
        names: Sequence[str],
        spoken: Iterable[str],
    ) -> None:
        """Lay the shape out with markers for the named texts: in its language, in the other.

        Raises:
            InvalidPass: Wallet would drop every pass of this shape.
        """
        ours, theirs = laid_out({name: _marker(n, name) for n, name in enumerate(names)})
        parts = _MARKER.split(JSON.encode(ours))
        self._pieces = [part.encode() for part in parts]
        self._slots = slots = tuple(names[int(n) - _MARKERS_FROM] for n in parts[1::2])
        self._numbers = tuple(n for n, name in enumerate(slots) if name in NUMBERS)
        self._spoken = tuple((slots.index(name), name) for name in spoken if name in slots)
        constant = {text: other for text, other in _pairs(ours, theirs) if text != other}
        said = "\n".join((*constant, *constant.values()))
        assert not _MARKER.search(said), "a text is a slot in both languages or in neither"
        self._constant = frozenset(_escaped(list(constant)))
        self._strings_start = _strings(constant)

    def fill(self, texts: Texts, other: Mapping[str, str]) -> tuple[bytes, bytes]:
        """Give the `pass.json` of a card, and the `pass.strings` of the other language."""
        values: list[Any] = [texts[name] for name in self._slots]
        for place in self._numbers:
            values[place] = str(values[place])
        count = len(values)
        values += [other[name] for _, name in self._spoken]
        escaped = _escaped(values)
        pieces = self._pieces.copy()
        pieces[1::2] = escaped[:count]
        theirs = dict(
            zip([escaped[place] for place, _ in self._spoken], escaped[count:], strict=True)
        )
        lines = [
            b'"%s" = "%s";\n' % pair
            for pair in theirs.items()
            if pair[0] != pair[1] and pair[0] not in self._constant
        ]
        return b"".join(pieces), b"".join((self._strings_start, *lines))


def own_strings(language: Language) -> bytes:
    """Give the `pass.strings` of the language `pass.json` speaks."""
    word = WORDINGS[language].card
    return _strings({word: word})


def _strings(pairs: Mapping[str, str]) -> bytes:
    ours, theirs = _escaped(list(pairs)), _escaped(list(pairs.values()))
    return b"".join(b'"%s" = "%s";\n' % pair for pair in zip(ours, theirs, strict=True))


def _escaped(texts: list[str]) -> list[bytes]:
    """Escape as JSON does, and so as strings files do: all at once, to be quick."""
    if not texts:
        return []
    # The separator comes out as an escape, and is found again as such.
    found = encode_basestring(_APART.join(texts))[1:-1].encode().split(_APART_ESCAPED)
    if len(found) == len(texts):
        return found
    return [encode_basestring(text)[1:-1].encode() for text in texts]  # one has separators


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
