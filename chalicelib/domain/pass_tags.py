"""What a phone has seen of its passes, as the text it gives back: the tag of Apple's list.

The greatest version would not do for a tag. Versions of two passes do not compare, as each
holds counters of its own merchant and member, and of two writes the one that began first
may be seen last: either way a change could lie below the tag and never be listed. So a tag
says of every pass how far it was; of very many, of every group of passes.

A tag is parts with dots between them. A part is the sum of a group's versions, in ten digits
or more, and which group it is, in six. Versions only grow, so the sum moves with each of them.
"""

from collections.abc import Mapping
from zlib import crc32

PARTS_MAX = 64  # of one tag, which then has about a thousand characters
TAG_CHARS_MAX = 2_048  # of what is read; sums of many versions are longer
_GROUPS = 10**6  # while there are no more passes than parts: each is its own group
_GROUP_DIGITS = 6
_SUM_DIGITS = 10
_PLAIN_DIGITS_MAX = 12


def tag_of(versions: Mapping[str, int]) -> str:
    """Return the tag of a phone that has seen these versions, by serial.

    >>> tag_of({"roastery.mem_1": 1_790_000_000})
    '1790000000601108'
    """
    sums = _sums(versions)
    parts = (f"{total:0{_SUM_DIGITS}d}{group:06d}" for group, total in sorted(sums.items()))
    return ".".join(parts)


def changed_since(tag: str, versions: Mapping[str, int]) -> tuple[str, ...]:
    """Return the serials whose version the tag does not know, in order; perhaps a few more.

    A tag that cannot be read knows nothing. A bare number of at most twelve digits is a
    version: whatever is above it has changed.

    >>> changed_since("", {"a": 7, "b": 5})
    ('a', 'b')
    >>> changed_since("5", {"a": 7, "b": 5})
    ('a',)
    >>> changed_since(tag_of({"a": 6, "b": 5}), {"a": 7, "b": 5})
    ('a',)
    """
    if tag.isascii() and tag.isdigit() and len(tag) <= _PLAIN_DIGITS_MAX:
        return tuple(sorted(s for s, version in versions.items() if version > int(tag)))
    seen, sums = _read(tag), _sums(versions)
    return tuple(
        sorted(
            serial
            for serial in versions
            if seen.get(group := _group(serial, len(versions))) != sums[group]
        )
    )


def _read(tag: str) -> dict[int, int]:
    """Return the sums of a tag by group; nothing if it is none of ours."""
    if not tag.isascii() or len(tag) > TAG_CHARS_MAX:
        return {}
    parts = tag.split(".")
    if not all(part.isdigit() and len(part) > _GROUP_DIGITS for part in parts):
        return {}
    return {int(part[-_GROUP_DIGITS:]): int(part[:-_GROUP_DIGITS]) for part in parts}


def _sums(versions: Mapping[str, int]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for serial, version in versions.items():
        group = _group(serial, len(versions))
        sums[group] = sums.get(group, 0) + version
    return sums


def _group(serial: str, passes: int) -> int:
    return crc32(serial.encode()) % (_GROUPS if passes <= PARTS_MAX else PARTS_MAX)
