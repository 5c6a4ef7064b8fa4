"""The `Draws` port in dictionaries."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.draw_picks import Part, Winner
from chalicelib.domain.draws import Draw
from chalicelib.ports import CommitConflict, Stretch

Place = tuple[str, str]  # merchant, draw


class FakeDraws:
    """Draws of a test."""

    def __init__(self) -> None:
        self.draws: dict[Place, Draw] = {}
        self.stretches: dict[tuple[Place, int, int], Stretch] = {}
        self.parts: dict[Place, tuple[Part, ...]] = {}
        self.won: dict[Place, tuple[Winner, ...]] = {}

    def add(self, draw: Draw) -> None:
        """Keep a new draw."""
        if _place(draw) in self.draws:
            raise CommitConflict("draw")
        self.draws[_place(draw)] = draw

    def find(self, merchant_id: str, draw_id: str) -> Draw | None:
        """Return the draw."""
        return self.draws.get((merchant_id, draw_id))

    def all_of(self, merchant_id: str) -> tuple[Draw, ...]:
        """Return the merchant's."""
        return tuple(draw for place, draw in self.draws.items() if place[0] == merchant_id)

    def save(self, draw: Draw) -> Draw:
        """Replace it."""
        if self.draws[_place(draw)].revision != draw.revision:
            raise CommitConflict("draw")
        stored = replace(draw, revision=draw.revision + 1)
        self.draws[_place(draw)] = stored
        return stored

    def add_stretch(self, draw: Draw, shard: int, number: int, found: Stretch) -> Stretch:
        """Keep the first of a number."""
        return self.stretches.setdefault((_place(draw), shard, number), found)

    def stretch_of(self, draw: Draw, shard: int, number: int) -> Stretch | None:
        """Return a stretch."""
        return self.stretches.get((_place(draw), shard, number))

    def put_parts(self, draw: Draw, parts: Sequence[Part]) -> None:
        """Keep the list."""
        self.parts[_place(draw)] = tuple(parts)

    def part(self, draw: Draw, number: int) -> Part | None:
        """Return a part."""
        parts = self.parts.get(_place(draw), ())
        return parts[number] if number < len(parts) else None

    def put_winners(self, draw: Draw, winners: Sequence[Winner]) -> None:
        """Keep the winners."""
        self.won[_place(draw)] = tuple(winners)

    def winners(self, draw: Draw) -> tuple[Winner, ...]:
        """Return them."""
        return self.won.get(_place(draw), ())


def _place(draw: Draw) -> Place:
    return draw.merchant_id, draw.draw_id
