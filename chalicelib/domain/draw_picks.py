"""From a list of entries to winners: pure, unbiased, and the same for whoever recomputes it.

The list: one line per entry, `{number},{pseudonym}` and LF, ASCII, numbers from 1, members
in the order of their pseudonyms. Its SHA-256 is the entries hash. The n-th number drawn is
HMAC-SHA256(seed, "{entries hash}|{public text}|{n}"), big-endian; a number that would
favour some entries is passed over. It picks among the entries that are left; then all
entries of that member leave, so that nobody wins twice. docs/DRAWS.md says it at length.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice

SPACE = 2**256  # of a number
TRIES_MAX = 1_000  # a try fails once in 2^236, with a million entries
PART_MEMBERS_MAX = 2_500  # of a stored part of the list: some 115 KB
PART_ENTRIES_MAX = 10_000
PSEUDONYM_SYMBOLS = 12  # 60 bits
GROUP = 4
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32 (read 2026-11)


@dataclass(frozen=True, slots=True)
class Entrant:
    """A member with entries in a draw."""

    pseudonym: str
    entries: int
    member_id: str


@dataclass(frozen=True, slots=True)
class Part:
    """Entrants that stand together in the list, and the number of their first entry."""

    first: int
    entrants: tuple[Entrant, ...]

    @property
    def entries(self) -> int:
        """Return how many lines it has."""
        return sum(one.entries for one in self.entrants)

    @property
    def text(self) -> str:
        """Return its lines of the list."""
        names = (one.pseudonym for one in self.entrants for _ in range(one.entries))
        return "".join(f"{n},{name}\n" for n, name in enumerate(names, start=self.first))


@dataclass(frozen=True, slots=True)
class Winner:
    """Who won a place, by which entry."""

    place: int  # from 1
    entry: int
    pseudonym: str
    member_id: str


def pseudonym_of(keyed_hash: str) -> str:
    """Return what a member is called in one draw, from a keyed hash in hex.

    >>> pseudonym_of("00" * 7 + "1f" + "ff" * 24)
    '0000-0000-0001'
    """
    number = int(keyed_hash[:16], 16) >> 4
    symbols = "".join(
        _CROCKFORD[number >> 5 * place & 31] for place in reversed(range(PSEUDONYM_SYMBOLS))
    )
    return "-".join(symbols[n : n + GROUP] for n in range(0, PSEUDONYM_SYMBOLS, GROUP))


def parts_of(entrants: Iterable[Entrant]) -> tuple[Part, ...]:
    """Return the list in parts, in the order of pseudonyms; no member is in two."""
    parts: list[Part] = []
    held: list[Entrant] = []
    first, size = 1, 0
    for one in sorted(entrants, key=lambda one: one.pseudonym):
        if size + one.entries > PART_ENTRIES_MAX or len(held) == PART_MEMBERS_MAX:
            parts.append(Part(first, tuple(held)))
            first, size, held = first + size, 0, []
        held.append(one)
        size += one.entries
    return (*parts, Part(first, tuple(held))) if held else tuple(parts)


def entries_hash(parts: Iterable[Part]) -> str:
    """Return the SHA-256 of the whole list, hex."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.text.encode())
    return digest.hexdigest()


def commitment_of(seed: bytes) -> str:
    """Return what is published of a seed before it is revealed, hex."""
    return hashlib.sha256(seed).hexdigest()


def pick(
    entrants: Sequence[Entrant], places: int, *, seed: bytes, sha256: str, public_text: str
) -> tuple[Winner, ...]:
    """Return the winners of the places, a member at most once.

    `entrants` are those of the whole list, in its order.
    """
    numbers = numbers_of(seed, sha256, public_text)
    left = _Left([one.entries for one in entrants])
    firsts = _firsts(entrants)
    winners = []
    for place in range(1, min(places, len(entrants)) + 1):
        position, offset = left.take(fair(left.total, numbers))
        one = entrants[position]
        winners.append(Winner(place, firsts[position] + offset, one.pseudonym, one.member_id))
    return tuple(winners)


def numbers_of(seed: bytes, sha256: str, public_text: str) -> Iterator[int]:
    """Yield the numbers drawn, from 0 to `SPACE` - 1."""
    for n in count(1):
        message = f"{sha256}|{public_text}|{n}".encode()
        yield int.from_bytes(hmac.digest(seed, message, "sha256"), "big")


def fair(size: int, numbers: Iterator[int], *, space: int = SPACE) -> int:
    """Return a number below `size`, each as likely as any other.

    Numbers at the end of the space that do not make up a whole round are passed over: by a
    plain remainder the first entries would be picked more often.

    >>> [fair(3, iter([number, 0]), space=8) for number in range(8)]
    [0, 1, 2, 0, 1, 2, 0, 0]
    """
    whole_rounds = space - space % size
    for number in islice(numbers, TRIES_MAX):
        if number < whole_rounds:
            return number % size
    raise AssertionError("numbers drawn at random do not do this")


class _Left:
    """The entries nobody has won with, counted by member: a Fenwick tree."""

    def __init__(self, entries: Sequence[int]) -> None:
        self._entries = list(entries)
        self._tree = [0, *entries]
        for node in range(1, len(self._tree)):
            parent = node + (node & -node)
            if parent < len(self._tree):
                self._tree[parent] += self._tree[node]
        self.total = sum(entries)

    def take(self, number: int) -> tuple[int, int]:
        """Return whose the entry at that place is, and which of theirs; all theirs leave."""
        position, offset = 0, number
        step = 1 << len(self._tree).bit_length()
        while step:
            if position + step < len(self._tree) and self._tree[position + step] <= offset:
                position += step
                offset -= self._tree[position]
            step >>= 1
        self._leave(position)
        return position, offset

    def _leave(self, position: int) -> None:
        gone = self._entries[position]
        self.total -= gone
        node = position + 1
        while node < len(self._tree):
            self._tree[node] -= gone
            node += node & -node


def _firsts(entrants: Sequence[Entrant]) -> list[int]:
    """Return the number of each entrant's first entry."""
    firsts, number = [], 1
    for one in entrants:
        firsts.append(number)
        number += one.entries
    return firsts
