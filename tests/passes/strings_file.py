"""Reads a `pass.strings` as Apple's property list parser does, strictly.

Source: Apple, "Old-Style ASCII Property Lists" and "Resource Programming Guide", "String
Resources", read 2026-11.
"""

import re

_PAIR = re.compile(r'"((?:[^"\\]|\\.)*)" = "((?:[^"\\]|\\.)*)";\n', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_MEANINGS = {"n": "\n", '"': '"', "\\": "\\"}


def read_strings(content: bytes) -> dict[str, str]:
    """Give the pairs of a file; a byte that belongs to none is a fault, a repeat too."""
    text = content.decode()
    pairs: dict[str, str] = {}
    position = 0
    while position < len(text):
        found = _PAIR.match(text, position)
        assert found, f"no pair begins here: {text[position : position + 40]!r}"
        key, value = (_unescaped(part) for part in found.groups())
        assert key not in pairs, f"{key!r} is there twice"
        pairs[key] = value
        position = found.end()
    return pairs


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _MEANINGS[found[1]], text)
