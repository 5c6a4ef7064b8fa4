"""Schedules in which members are erased and merged while tills sell, and what must hold.

The second account book knows no members who go; so these are compared with what holds
whatever happened: ledgers that chain and fold, points that are handed over once, answers
that stay, identifiers that lead where they should.
"""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from chalicelib.domain.account import Account, MemberRef, MemberStatus
from chalicelib.domain.entries import EntryKind, LedgerEntry, MovementKind
from chalicelib.domain.leaving import parts_of
from chalicelib.usecases.leaving import MERGER
from tests.simulation import deeds
from tests.simulation.comparing import wrong_ledger, wrong_money
from tests.simulation.deeds import ANN, BOB, DAN, EVE, MEMBERS, SHOP, TILL, Deed
from tests.simulation.plans import plan
from tests.simulation.running import Call, Schedule
from tests.simulation.storage import SteppedMembers

_ENDS = (EntryKind.ERASE, EntryKind.MERGED)
_PAIRS = ((ANN, BOB), (BOB, ANN), (ANN, EVE), (EVE, ANN), (BOB, DAN), (EVE, BOB))


def exits(rng: Random) -> list[list[Deed]]:
    """Return the deeds of six tills; two or three of them let somebody go, some at once."""
    tills = plan(rng)
    asked: Deed | None = None
    for number in rng.sample(range(len(tills)), rng.choice((2, 2, 3))):
        key = f"x{number}"
        survivor, other = rng.choice(_PAIRS)
        deed = Deed(kind=deeds.MERGE, key=key, member=survivor, other=other)
        if rng.random() < 0.4:
            deed = Deed(kind=deeds.ERASE, key=key, member=rng.choice(MEMBERS))
        if asked and rng.random() < 0.2:
            tills[number] = [asked]  # asked twice at once
            continue
        asked, chance = deed, rng.random()
        if chance < 0.2:
            tills[number] = [deed, deed]
        elif chance < 0.3:
            tills[number] = [deed, replace(deed, member=DAN)]
        else:
            tills[number] = [deed, *tills[number][:1]]
    return tills


def faults(schedule: Schedule) -> Iterator[str]:
    """Yield what is wrong after a schedule."""
    for name in MEMBERS:
        yield from _wrong_member(schedule, MemberRef(SHOP, name))
    for call in schedule.calls:
        yield from _wrong_answer(schedule, call)
    for receipt in schedule.ledger.receipts.values():
        yield from wrong_money(receipt)
    yield from _wrong_pointers(schedule)


def _wrong_member(schedule: Schedule, member: MemberRef) -> Iterator[str]:
    ledger = schedule.ledger
    account, entries = ledger.accounts[member], ledger.entries_by_member[member]
    opened = schedule.start.ledger.accounts[member]
    yield from wrong_ledger(account, entries, opened)
    ends = [entry for entry in entries if entry.kind in _ENDS]
    is_gone = account.status is not MemberStatus.ACTIVE
    if ends != (entries[-1:] if is_gone else []):
        yield f"{member} ends by {[entry.version for entry in ends]} of {len(entries)} entries"
    if is_gone and (account.total, account.held, account.due) != (0, 0, None):
        yield f"P21 {member} is gone and has {account}"
    if account.status is MemberStatus.MERGED:
        yield from _not_handed_over(schedule, account, entries[-1])


def _not_handed_over(schedule: Schedule, gone: Account, last: LedgerEntry) -> Iterator[str]:
    """Yield what the survivor did not get, or got twice."""
    ledger, name = schedule.ledger, gone.member.member_id
    if gone.is_dirty and _survivor(schedule, name) is not None:
        yield f"P10 the merge of {name} is not finished"
    taken = [
        entry
        for entries in ledger.entries_by_member.values()
        for entry in entries
        if entry.kind is EntryKind.TAKEOVER and entry.reference == name
    ]
    if not taken:
        if _survivor(schedule, name) is not None:
            yield f"P10 nobody took over what {name} had"
        return
    parts = sorted(int(entry.facts["part"] or 0) for entry in taken)
    if parts != list(range(parts_of(last))) and _survivor(schedule, name) is not None:
        yield f"P1 parts {parts} of {name} were taken over"
    recorded = {key for _, client, key in ledger.records if client == MERGER}
    if not {f"{name}~{part}" for part in parts} <= recorded:
        yield f"P9 a takeover from {name} has no record"
    if len(parts) < parts_of(last):
        return
    came = sum(_sum(entry, {MovementKind.TRANSFER, MovementKind.CLAW_BACK}) for entry in taken)
    went = -_sum(last, {MovementKind.TRANSFER})
    if came != went:
        yield f"P3 {went} points left {name}, {came} came"


def _sum(entry: LedgerEntry, kinds: set[MovementKind]) -> int:
    return sum(move.points for move in entry.movements if move.kind in kinds)


def _survivor(schedule: Schedule, name: str) -> str | None:
    """Return who the member is in the end; None if erased."""
    account = schedule.ledger.accounts[MemberRef(SHOP, name)]
    for _ in MEMBERS:
        if account.status is MemberStatus.ERASED:
            return None
        if account.merged_into is None:
            return account.member.member_id
        account = schedule.ledger.accounts[MemberRef(SHOP, account.merged_into)]
    raise AssertionError("members are merged in a circle")


def _wrong_answer(schedule: Schedule, call: Call) -> Iterator[str]:
    """Yield an answer that was not kept, or refused later on (P1, P5, P6).

    A move is apart: one that is half done may be finished under any key.
    """
    deed = call.deed
    if call.answer is None or not deed.key or deed.kind == deeds.MOVE:
        return
    if (SHOP, TILL, deed.key) not in schedule.ledger.records:
        yield f"P1 {deed} was acknowledged and is not there"
    for other in schedule.calls:
        if other.deed.key != deed.key:
            continue
        if other.deed.body == deed.body and other.answer not in (None, call.answer):
            yield f"P5 {deed} was answered {call.answer} and {other.answer}"
        if other.deed.body != deed.body and other.answer is not None:
            yield f"P6 {deed} and {other.deed} were both done"
        is_later = other.till == call.till and other.start >= call.end and other is not call
        if is_later and other.deed.body == deed.body and other.refusal:
            yield f"P5 {deed} had been done and was refused: {other.refusal}"


def _wrong_pointers(schedule: Schedule) -> Iterator[str]:
    people = schedule.ledger.people
    assert isinstance(people, SteppedMembers), "the schedule had members"
    for name in MEMBERS:
        found, survivor = people.codes.get((SHOP, f"L1{name}")), _survivor(schedule, name)
        if found != survivor:
            yield f"P21 the code of {name} leads to {found}, not to {survivor}"
        account = schedule.ledger.accounts[MemberRef(SHOP, name)]
        has_profile = account.member in people.profiles
        if has_profile != (account.status is MemberStatus.ACTIVE):
            yield f"P21 {name} is {account.status}; a profile is there: {has_profile}"
