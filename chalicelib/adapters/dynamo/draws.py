"""The `Draws` port: all of a merchant's draws in one partition, `T#{merchant}#D`.

| item             | sk                              | how big                            |
|------------------|---------------------------------|------------------------------------|
| draw             | D#{draw}                        | at most 50 prizes, some 10 KB      |
| stretch of tally | T#{draw}#{shard:03}#{n:05}      | 2 500 members, some 120 KB         |
| part of entries  | E#{draw}#{n:05}                 | 2 500 members, some 130 KB         |
| winners          | W#{draw}#{n:05}                 | 1 000 of them, some 60 KB          |

A member's own entries are looked up in one part: the draw knows where each begins.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo import draw_items as texts
from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item
from chalicelib.adapters.dynamo.reading import epoch, find
from chalicelib.domain.draw_picks import Part, Winner
from chalicelib.domain.draws import DRAWS_MAX, PRIZES_MAX, Draw
from chalicelib.domain.journal import JOURNAL_DAYS
from chalicelib.ports import CommitConflict, Stretch

WINNERS_OF_ITEM_MAX = 1_000
TALLY_KEPT = timedelta(days=JOURNAL_DAYS + 60)  # after the draw's first day; the list stays

_DRAW, _STRETCH, _PART, _WINNERS = "D#", "T#", "E#", "W#"


class DrawItem(Item, discriminator="DR"):
    """A draw, under its revision."""

    text = UnicodeAttribute()
    revision = IntegerAttribute()


class DrawStretchItem(Item, discriminator="DT"):
    """A stretch of the tally; written once."""

    text = UnicodeAttribute()


class DrawPartItem(Item, discriminator="DE"):
    """A part of the list of entries."""

    text = UnicodeAttribute()


class DrawWinnersItem(Item, discriminator="DW"):
    """Some of the winners."""

    text = UnicodeAttribute()


class DynamoDraws:
    """Draws in the table."""

    def add(self, draw: Draw) -> None:
        with store_errors():
            _item(draw).save(DrawItem.pk.does_not_exist())

    def find(self, merchant_id: str, draw_id: str) -> Draw | None:
        item = find(DrawItem, (_pk(merchant_id), f"{_DRAW}{keys.part(draw_id)}"))
        return _draw(merchant_id, item) if item else None

    def all_of(self, merchant_id: str) -> tuple[Draw, ...]:
        with store_errors():
            items = DrawItem.query(
                _pk(merchant_id),
                DrawItem.sk.startswith(_DRAW),
                consistent_read=True,
                limit=DRAWS_MAX,
            )
            return tuple(_draw(merchant_id, item) for item in items)

    def save(self, draw: Draw) -> Draw:
        item = _item(draw)
        item.revision += 1
        with store_errors():
            item.save(DrawItem.revision == draw.revision)
        return _draw(draw.merchant_id, item)

    def add_stretch(self, draw: Draw, shard: int, number: int, found: Stretch) -> Stretch:
        item = DrawStretchItem(
            *_stretch_key(draw, shard, number),
            text=texts.stretch_text(found),
            ttl=epoch(datetime.combine(draw.opens, time(), UTC) + TALLY_KEPT),
        )
        try:
            with store_errors():
                item.save(DrawStretchItem.pk.does_not_exist())
        except CommitConflict:  # another run was first: both go on with what it found
            first = self.stretch_of(draw, shard, number)
            assert first is not None, "stretches are not deleted"
            return first
        return found

    def stretch_of(self, draw: Draw, shard: int, number: int) -> Stretch | None:
        item = find(DrawStretchItem, _stretch_key(draw, shard, number))
        return texts.stretch_of(item.text, draw.merchant_id) if item else None

    def put_parts(self, draw: Draw, parts: Sequence[Part]) -> None:
        for number, part in enumerate(parts):
            item = DrawPartItem(*_key(draw, _PART, number), text=texts.part_text(part))
            with store_errors():
                item.save()

    def part(self, draw: Draw, number: int) -> Part | None:
        item = find(DrawPartItem, _key(draw, _PART, number))
        return texts.part_of(item.text) if item else None

    def put_winners(self, draw: Draw, winners: Sequence[Winner]) -> None:
        for number in range(0, len(winners), WINNERS_OF_ITEM_MAX):
            some = tuple(winners[number : number + WINNERS_OF_ITEM_MAX])
            key = _key(draw, _WINNERS, number // WINNERS_OF_ITEM_MAX)
            with store_errors():
                DrawWinnersItem(*key, text=texts.winners_text(some)).save()

    def winners(self, draw: Draw) -> tuple[Winner, ...]:
        prefix = f"{_WINNERS}{keys.part(draw.draw_id)}#"
        with store_errors():
            items = DrawWinnersItem.query(
                _pk(draw.merchant_id),
                DrawWinnersItem.sk.startswith(prefix),
                consistent_read=True,
                limit=PRIZES_MAX // WINNERS_OF_ITEM_MAX,
            )
            return tuple(one for item in items for one in texts.winners_of(item.text))


def _pk(merchant_id: str) -> str:
    return f"T#{keys.part(merchant_id)}#D"


def _key(draw: Draw, prefix: str, number: int) -> keys.Key:
    return _pk(draw.merchant_id), f"{prefix}{keys.part(draw.draw_id)}#{number:05d}"


def _stretch_key(draw: Draw, shard: int, number: int) -> keys.Key:
    place = f"{_STRETCH}{keys.part(draw.draw_id)}#{shard:03d}#{number:05d}"
    return _pk(draw.merchant_id), place


def _item(draw: Draw) -> DrawItem:
    key = (_pk(draw.merchant_id), f"{_DRAW}{keys.part(draw.draw_id)}")
    return DrawItem(*key, text=texts.draw_text(draw), revision=draw.revision)


def _draw(merchant_id: str, item: DrawItem) -> Draw:
    return texts.draw_of(item.text, merchant_id=merchant_id, revision=item.revision)
