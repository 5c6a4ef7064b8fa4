"""Tell members of their points by SMS or letter: part of the outbox, once for each entry.

Only for a merchant who switched it on, only a confirmed member, and only what the member has
not switched off. The message is named after the entry it tells of and lives as long as the
entry is news: so an outbox that comes to the entry again finds it promised.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.account import Account, MemberStatus
from chalicelib.domain.entries import LedgerEntry
from chalicelib.domain.members import LimitCharge, Merchant, OutgoingSms, Profile
from chalicelib.domain.notice_texts import notice_text
from chalicelib.domain.notices import Notice, Way, notices_of, way_to
from chalicelib.domain.shared_limits import notice_charge, policy_of, shared_message_charges
from chalicelib.domain.sign_ups import SmsPolicy, message_charges
from chalicelib.domain.wording import letter_of
from chalicelib.ports import (
    CommitConflict,
    Keyring,
    Ledger,
    LimitReached,
    Members,
    Merchants,
    NoticeBook,
    Pacer,
    Trouble,
)
from chalicelib.usecases.members import contact_hash_of, reached_by
from chalicelib.usecases.write_once import merchant_of, program_of

FRESH: Final = timedelta(hours=1)  # later it is no news, and is not sent
ENTRIES_MAX: Final = 5  # told of at once; of more the latest
ID_CHARS: Final = 26

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDesk:
    """The ports members are told through."""

    merchants: Merchants
    members: Members
    ledger: Ledger
    notices: NoticeBook
    keyring: Keyring
    pacer: Pacer
    policy: SmsPolicy


def tell_member(
    account: Account, seen: Sequence[LedgerEntry], *, at: datetime, desk: NoticeDesk
) -> None:
    """Promise a message for each entry that its member is to be told of.

    A merchant who did not switch it on costs nothing more here.

    Raises:
        CommitConflict, StoreUnavailable: perhaps not all were promised; call again.
    """
    merchant = merchant_of(account.member.merchant_id, desk.merchants)
    is_told = account.status is MemberStatus.ACTIVE and account.is_verified
    if not merchant.tells_points or not is_told:
        return
    entries = _untold(account, seen, desk.ledger)
    found = notices_of(entry for entry in entries if at < entry.at + FRESH)
    profile = desk.members.profile(account.member) if found else None
    if profile is None:
        return
    for notice in found:
        try:
            _tell(account, profile, notice, merchant, desk)
        except LimitReached as error:  # codes go before news: nothing is sent later instead
            log.info("no room for a notice", extra={"limit": error.charge.name})
            return


def _untold(
    account: Account, seen: Sequence[LedgerEntry], ledger: Ledger
) -> Sequence[LedgerEntry]:
    """Return the latest entries that the outbox has not finished, oldest first."""
    first = max(account.told_version, account.version - ENTRIES_MAX) + 1
    missing = range(first, account.version + 1)
    own = {one.version: one for one in seen if one.member == account.member}
    if all(version in own for version in missing):
        return [own[version] for version in missing]
    before = account.version + 1
    return ledger.entries(account.member, before=before, limit=len(missing))[::-1]


def _tell(
    account: Account,
    profile: Profile,
    notice: Notice,
    merchant: Merchant,
    desk: NoticeDesk,
) -> None:
    found = way_to(profile, notice.topic)
    if found is None:
        return
    way, address = found
    member = account.member
    on = program_of(member.merchant_id, desk.merchants).local_date(notice.at)
    text = notice_text(profile.language, merchant.name, notice, account.available(on))
    if way is Way.EMAIL:
        text = letter_of(profile.language, merchant.name, text)
    parts = (member.merchant_id, member.member_id, str(notice.version))
    message = OutgoingSms(
        message_id=f"sms_{desk.keyring.fingerprint('notice', *parts)[:ID_CHARS]}",
        merchant_id=member.merchant_id,
        to=address,
        text=text,
        created_at=notice.at,
        expires_at=notice.at + FRESH,
        member_id=member.member_id,
    )
    _promise(message, _charges(message, way, merchant, desk), desk)


def _charges(
    message: OutgoingSms, way: Way, merchant: Merchant, desk: NoticeDesk
) -> tuple[LimitCharge, ...]:
    """Return what a message takes from each limit: a letter costs nobody's budget."""
    policy, at = policy_of(merchant, desk.policy), message.created_at
    contact = contact_hash_of(merchant.merchant_id, message.to, desk.keyring)
    own, *budget = message_charges(contact, at, policy)
    if way is Way.EMAIL:
        return (own,)
    reached = reached_by(merchant, message.to, at, desk.keyring)
    shared = shared_message_charges(reached, policy)
    return (own, *budget, notice_charge(at, policy), *shared)


def _promise(message: OutgoingSms, charges: tuple[LimitCharge, ...], desk: NoticeDesk) -> None:
    trouble: Trouble = CommitConflict("no attempt was made")
    for _ in desk.pacer.attempts():
        try:
            desk.notices.promise(message, charges)
        except CommitConflict as error:
            trouble = error
            continue
        return
    raise trouble
