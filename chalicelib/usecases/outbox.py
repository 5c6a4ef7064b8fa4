"""After the commit: tell the phones, hand events on, give and send what was promised.

The table's stream is the fast path; the sweep over the sparse index of unsent things is
the guarantee (P10). A marker is removed only if its account has not moved since, so a
change between read and push is pushed again; and only when the journal has the receipts
of all its entries.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.account import Account, MemberRef, MemberStatus
from chalicelib.domain.entries import LedgerEntry
from chalicelib.domain.events import events_of
from chalicelib.domain.members import DeviceRegistration, OutgoingSms
from chalicelib.ports import (
    DeliveryReport,
    DeliveryState,
    DevicePusher,
    Events,
    Journal,
    Ledger,
    PassDevices,
    PushKind,
    PushOutcome,
    Sms,
    SmsOutbox,
    SmsRejected,
    SmsSender,
    SmsUnavailable,
)
from chalicelib.usecases.coupons import exchange_what_comes_by_itself
from chalicelib.usecases.journal import note_receipts
from chalicelib.usecases.leaving import finish_merge
from chalicelib.usecases.rewards import settle_referral
from chalicelib.usecases.write_once import Book

SMS_ATTEMPTS_MAX = 5
SMS_QUEUE = "sms"
TOKENS_MAX = 500  # in one call of the pusher

_NOT_TOLD = {PushKind.RETRY, PushKind.REFUSED}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassDesk:
    """The ports that reach the phones, and those that post what a change owes others."""

    book: Book
    devices: PassDevices
    pusher: DevicePusher
    journal: Journal


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
    posted, stays dirty and lets the others go first. `seen` are entries that need not be
    read again. Raises StoreUnavailable.
    """
    wanted = []
    for member in dict.fromkeys(members):
        account = desk.book.ledger.account(member)
        if account is not None and account.is_dirty:
            is_settled = _is_settled(account, at, desk, seen)
            wanted.append((account, desk.devices.devices_of(member), is_settled))
    tokens = [device.push_token for _, devices, _ in wanted for device in devices]
    outcomes = _push_all(tokens, desk.pusher)
    again = []
    for account, devices, is_settled in wanted:
        kinds = {_after_push(account.member, d, outcomes[d.push_token], desk) for d in devices}
        if kinds & _NOT_TOLD or not is_settled:
            noted = account.version if is_settled else None
            desk.devices.postpone(account.member, at, noted)
            again.append(account.member)
        else:
            if account.status is not MemberStatus.ACTIVE:  # that was the last push
                desk.devices.drop_tokens(account.member)
            desk.devices.mark_pushed(account.member, account.version)
    return tuple(again)


def _is_settled(
    account: Account, at: datetime, desk: PassDesk, seen: Sequence[LedgerEntry]
) -> bool:
    """Post what follows; one account's trouble must not hold back the others' passes."""
    try:
        note_receipts(account, seen, ledger=desk.book.ledger, journal=desk.journal)
        settle_referral(account, at=at, book=desk.book)
        finish_merge(account, at=at, book=desk.book)
        exchange_what_comes_by_itself(account, at=at, book=desk.book)
    except Exception:  # the outbox's loop: one account holds up nobody's pass
        log.exception(
            "what follows an entry could not be posted now",
            extra={"version": account.version},
        )
        return False
    return True


def _push_all(tokens: Sequence[str], pusher: DevicePusher) -> Mapping[str, PushOutcome]:
    outcomes: dict[str, PushOutcome] = {}
    for first in range(0, len(tokens), TOKENS_MAX):
        outcomes |= pusher.push_many(tokens[first : first + TOKENS_MAX])
    return outcomes


def _after_push(
    member: MemberRef, device: DeviceRegistration, outcome: PushOutcome, desk: PassDesk
) -> PushKind:
    """Forget a phone that is gone; one that registered again since is kept."""
    if outcome.kind is PushKind.REFUSED:  # an alarm counts these: our certificate or request
        log.error("push refused", extra={"status": outcome.status, "reason": outcome.reason})
    if outcome.kind is PushKind.GONE:
        since = outcome.gone_since
        if since is None or device.registered_at < since:
            desk.devices.forget(member, device)
    return outcome.kind


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
