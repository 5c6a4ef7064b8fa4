"""After the commit: tell the phones, hand events on, give and send what was promised.

The table's stream is the fast path; the sweep over the sparse index of unsent things is
the guarantee (P10). A marker is removed only if its account has not moved since, so a
change between read and push is pushed again; and only when the journal has the receipts
of all its entries.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.account import Account, MemberRef, MemberStatus
from chalicelib.domain.entries import LedgerEntry
from chalicelib.domain.events import events_of
from chalicelib.domain.members import DeviceRegistration, OutgoingSms
from chalicelib.ports import (
    Attention,
    DayBook,
    DeliveryReport,
    DeliveryState,
    Events,
    Journal,
    Ledger,
    PassStates,
    PushKind,
    PushOutcome,
    Sms,
    SmsOutbox,
    SmsRejected,
    SmsSender,
    SmsUnavailable,
    StoreUnavailable,
    WalletObjects,
)
from chalicelib.usecases.coupons import exchange_what_comes_by_itself
from chalicelib.usecases.journal import note_receipts
from chalicelib.usecases.leaving import finish_merge
from chalicelib.usecases.notices import NoticeDesk, tell_member
from chalicelib.usecases.pushes import PushDesk, push_phones, settle_push
from chalicelib.usecases.rewards import settle_referral
from chalicelib.usecases.write_once import Book

SMS_ATTEMPTS_MAX = 5
SMS_QUEUE = "sms"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassDesk(PushDesk):
    """The ports that reach the phones, and those that post what a change owes others."""

    book: Book
    journal: Journal
    day_book: DayBook
    attention: Attention
    states: PassStates
    objects: WalletObjects | None = None  # Google's wallet; None: not set up
    notices: NoticeDesk | None = None  # None: nobody is told by SMS
    quiet: timedelta = timedelta()  # at least so long between two pushes of one pass


@dataclass(frozen=True, slots=True)
class _Untold:
    """A pass to be pushed."""

    account: Account
    is_settled: bool  # what its change owes others is posted
    phones: tuple[DeviceRegistration, ...]  # that do not know of it yet
    is_resting: bool  # it was pushed a moment ago: the sweep pushes it


def announce(entries: Sequence[LedgerEntry], *, events: Events) -> None:
    """Hand the events of committed entries to whoever listens.

    Raises:
        StoreUnavailable: perhaps not all were taken; announce them again.
    """
    happened = [event for entry in entries for event in events_of(entry)]
    if happened:
        events.publish(happened)


def push_passes(
    members: Iterable[MemberRef],
    *,
    at: datetime,
    desk: PassDesk,
    seen: Sequence[LedgerEntry] = (),
) -> tuple[MemberRef, ...]:
    """Push each member's pass once, whatever changed; those that must be tried again.

    What a member's change owes others is posted first, its receipts noted in the journal:
    the marker goes only when all is done. A member without a phone is done at once. One
    whose push failed, or was refused for a fault of ours, or whose rewards could not be
    posted, stays dirty and lets the others go first; so does one that was pushed a moment
    ago, as a burst of changes is worth one push at its beginning and one at its end. `seen`
    are entries that need not be read again. Raises StoreUnavailable.
    """
    untold = []
    for member in dict.fromkeys(members):
        account = desk.book.ledger.account(member)
        if account is not None and account.is_dirty:
            untold.append(_untold(account, at, desk, seen))
    unmarked = _want_objects([one.account.member for one in untold], desk)
    phones = {phone: one.account.member for one in untold for phone in one.phones}
    outcomes = push_phones(phones, at=at, desk=desk)
    again = []
    for one in untold:
        is_told = _after_pushes(one, outcomes, at, desk) and one.account.member not in unmarked
        if is_told and one.is_settled:
            if one.account.status is not MemberStatus.ACTIVE:  # that was the last push
                desk.devices.drop_tokens(one.account.member)
            pushed_at = at if one.phones else None
            if not desk.devices.mark_pushed(one.account, pushed_at) and pushed_at:
                desk.devices.postpone(one.account.member, at, pushed_at=at)
        else:
            noted = one.account.version if one.is_settled else None
            desk.devices.postpone(one.account.member, at, noted)
            again.append(one.account.member)
    return tuple(again)


def _untold(
    account: Account, at: datetime, desk: PassDesk, seen: Sequence[LedgerEntry]
) -> _Untold:
    is_settled = _is_settled(account, at, desk, seen)
    if _is_resting(account, at, desk.quiet):
        return _Untold(account, is_settled, (), is_resting=True)
    known = desk.devices.devices_of(account.member)
    phones = tuple(phone for phone in known if phone.told != account.marker)
    return _Untold(account, is_settled, phones, is_resting=False)


def _is_resting(account: Account, at: datetime, quiet: timedelta) -> bool:
    """Return whether the pass was pushed a moment ago, and not after `at`."""
    pushed_at = account.pushed_at
    return pushed_at is not None and pushed_at <= at < pushed_at + quiet


def _after_pushes(
    one: _Untold,
    outcomes: Mapping[DeviceRegistration, PushOutcome],
    at: datetime,
    desk: PassDesk,
) -> bool:
    """Do what the answers ask for; whether every phone of the pass is told."""
    member = one.account.member
    told = {
        phone: settle_push(member, phone, outcomes[phone], at=at, desk=desk)
        for phone in one.phones
    }
    is_told = all(told.values()) and not one.is_resting
    if not is_told:
        for phone in one.phones:
            if outcomes[phone].kind is PushKind.ACCEPTED:  # not again for the others' sake
                desk.devices.note(member, replace(phone, told=one.account.marker))
    return is_told


def _want_objects(members: Sequence[MemberRef], desk: PassDesk) -> set[MemberRef]:
    """Mark the passes kept elsewhere; whose could not be marked and must be tried again."""
    if desk.objects is None or not members:
        return set()
    try:
        states = desk.states.states_of(members)
        for member, state in states.items():
            desk.objects.want(member, state.version)
    except StoreUnavailable:  # holds up no phone; marked twice is marked once
        log.exception("objects could not be sent now: unmarked", extra={"n": len(members)})
        return set(members)
    return set()


def _is_settled(
    account: Account, at: datetime, desk: PassDesk, seen: Sequence[LedgerEntry]
) -> bool:
    """Post what follows; one account's trouble must not hold back the others' passes."""
    try:
        note_receipts(
            account,
            seen,
            ledger=desk.book.ledger,
            journal=desk.journal,
            day_book=desk.day_book,
            attention=desk.attention,
        )
        settle_referral(account, at=at, book=desk.book)
        finish_merge(account, at=at, book=desk.book)
        exchange_what_comes_by_itself(account, at=at, book=desk.book)
        if desk.notices is not None:
            tell_member(account, seen, at=at, desk=desk.notices)
    except Exception:  # the outbox's loop: one account holds up nobody's pass
        log.exception(
            "what follows an entry could not be posted now",
            extra={"version": account.version},
        )
        return False
    return True


def send_sms(
    merchant_id: str,
    message_id: str,
    *,
    at: datetime,
    outbox: SmsOutbox,
    sender: SmsSender,
    ledger: Ledger,
) -> bool:
    """Send a promised message if it still waits; whether it is settled.

    One that is over its time is dropped, and one to a member who has gone. After an unknown
    outcome the message waits for another attempt; operators that honour message ids take it
    once.
    """
    sms = outbox.find(merchant_id, message_id)
    if sms is None or sms.state != "waiting":
        return True
    is_over = at >= sms.expires_at or sms.attempts >= SMS_ATTEMPTS_MAX
    if is_over or _has_gone(sms, ledger):
        outbox.save(replace(sms, state="failed"))
        return True
    claimed = outbox.claim(sms)
    if claimed is None:  # another worker sends it at this moment
        return True
    sms = claimed
    try:
        receipt = sender.send(Sms(sms.message_id, sms.to, sms.text), after=sms.route)
    except SmsRejected:
        outbox.save(replace(sms, state="failed"))
        return True
    except SmsUnavailable:
        outbox.save(sms)
        return False
    outbox.save(
        replace(sms, state="taken", route=receipt.route, operator_id=receipt.operator_id)
    )
    return True


def _has_gone(sms: OutgoingSms, ledger: Ledger) -> bool:
    """Return whether a message tells of a member who was erased or merged meanwhile."""
    if sms.member_id is None:
        return False
    account = ledger.account(MemberRef(sms.merchant_id, sms.member_id))
    return account is None or account.status is not MemberStatus.ACTIVE


def note_delivery(
    sms: OutgoingSms, report: DeliveryReport, *, at: datetime, outbox: SmsOutbox
) -> bool:
    """Take note of an operator's report; whether the message waits for the next route now.

    A repeated or late report changes nothing: a delivery is never undone.
    """
    if sms.state != "taken" or report.state is DeliveryState.PENDING:
        return False
    if report.state is DeliveryState.DELIVERED:
        outbox.save(replace(sms, state="delivered"))
        return False
    is_in_time = at < sms.expires_at and sms.attempts < SMS_ATTEMPTS_MAX
    outbox.save(replace(sms, state="waiting" if is_in_time else "failed"))
    return is_in_time
