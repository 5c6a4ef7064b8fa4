"""The list of entries of a draw, from the journal of receipts: shard by shard, in stretches.

Each shard is read in a chain of stretches, each stored once and for ever before the next is
begun, so that a run may stop, crash or overlap with another and the list is the same.
"""

from collections.abc import Iterator, Sequence

from chalicelib.domain.draw_picks import Entrant, Part, parts_of
from chalicelib.domain.draws import ENTRIES_MAX, MEMBERS_MAX, Draw, DrawRefused, total_of
from chalicelib.ports import Keyring, MemberTotal, Stretch
from chalicelib.usecases.draw_desk import DrawDesk, HasTime, pseudonym

STRETCH_MEMBERS_MAX = 2_000  # plus those of its last page
STRETCH_PAGES_MAX = 20
STRETCHES_MAX = 10_000  # of one shard
_BEGIN = Stretch((), None, None)


def list_entries(draw: Draw, desk: DrawDesk, *, has_time: HasTime) -> tuple[Part, ...] | None:
    """Return the list of entries; None: the time was not enough, go on later.

    Raises:
        DrawRefused: `too_large`.
    """
    entrants: list[Entrant] = []
    for shard in range(desk.shards):
        for found in _stretches(draw, shard, desk, has_time):
            if found is None:
                return None
            entrants.extend(_entrants(found.totals, draw, desk.keyring))
    if len(entrants) > MEMBERS_MAX or sum(one.entries for one in entrants) > ENTRIES_MAX:
        most = f"{MEMBERS_MAX} members or {ENTRIES_MAX} entries"
        raise DrawRefused("too_large", f"a draw has at most {most}")
    assert len({one.pseudonym for one in entrants}) == len(entrants), "two by one name"
    return parts_of(entrants)


def _stretches(
    draw: Draw, shard: int, desk: DrawDesk, has_time: HasTime
) -> Iterator[Stretch | None]:
    """Yield the stretches of a shard, stored or new; None where the time is up."""
    before = _BEGIN
    for number in range(STRETCHES_MAX):
        found = desk.draws.stretch_of(draw, shard, number)
        if found is None:
            if not has_time():
                yield None
                return
            made = _tally(draw, shard, before, desk)
            found = desk.draws.add_stretch(draw, shard, number, made)
        yield found
        if found.after is None:
            return
        before = found
    raise DrawRefused("too_large", f"a shard of the journal has over {STRETCHES_MAX} stretches")


def _tally(draw: Draw, shard: int, before: Stretch, desk: DrawDesk) -> Stretch:
    """Add up the members of the next pages of the journal."""
    totals: list[MemberTotal] = [before.open_total] if before.open_total else []
    after = before.after
    for _ in range(STRETCH_PAGES_MAX):
        rows, after = desk.journal.page(draw.merchant_id, shard, after=after)
        wanted = [row for row in rows if draw.opens <= row.on <= draw.closes]
        receipts = desk.book.ledger.find_receipts([row.key for row in wanted])
        for row in wanted:
            receipt = receipts[row.key]  # the row was made from its entry
            if not draw.is_in_time(receipt):
                continue
            total = total_of(receipt)
            if totals and totals[-1][0] == row.member.member_id:
                totals[-1] = (row.member.member_id, totals[-1][1] + total)
            else:
                totals.append((row.member.member_id, total))
        if after is None or len(totals) > STRETCH_MEMBERS_MAX:
            break
    if after is None:
        return Stretch(tuple(totals), None, None)
    return Stretch(tuple(totals[:-1]), totals[-1] if totals else None, after)


def _entrants(totals: Sequence[MemberTotal], draw: Draw, keyring: Keyring) -> Iterator[Entrant]:
    for member_id, total in totals:
        entries = draw.rule.entries(total)
        if entries:
            yield Entrant(pseudonym(member_id, draw, keyring), entries, member_id)
