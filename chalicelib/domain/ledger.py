"""Decisions about a member's points: each returns all that must be written, or refuses.

Pure functions of the account as it was read, the program and the moment. Every decision
expires what is past its date first, so that running a job late or twice changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib.domain.account import (
    Account,
    Hold,
    LotSource,
    MemberStatus,
    TierOverride,
)
from chalicelib.domain.entries import EntryKind, LedgerChange, MovementKind
from chalicelib.domain.errors import DomainError
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.posting import Posting
from chalicelib.domain.pricing import InsufficientPoints
from chalicelib.domain.redeeming import refuse_redemption

HOLDS_MAX = 20  # of one account at once
OVERRIDES_MAX = 8

Facts = Mapping[str, int | str | None]


class MemberNotFound(DomainError):
    """No such member of this merchant, or erased."""

    code = "member_not_found"


class HoldNotFound(DomainError):
    """No such hold on this account: unknown, captured, released, or its time is over."""

    code = "hold_not_found"


class TooManyHolds(DomainError):
    """The account has as many holds as it may."""

    code = "too_many_holds"


class UnknownTier(DomainError):
    """The program has no such tier."""

    code = "tier_unknown"


class DateRefused(DomainError):
    """A date in the future, or too long ago."""

    code = "date_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Points given without a receipt."""

    points: int
    reason: str
    source: LotSource = LotSource.GRANT
    expires_in_days: int | None = None
    activates_in_days: int = 0
    kind: EntryKind = EntryKind.GRANT


def present(account: Account | None) -> Account:
    """Return the account if a member stands behind it.

    Raises:
        MemberNotFound: none does.
    """
    if account is None or account.status is MemberStatus.ERASED:
        raise MemberNotFound("there is no such member")
    if account.status is MemberStatus.MERGED:
        raise MemberNotFound(
            "the member became one with another", merged_into=account.merged_into
        )
    return account


def grant(
    account: Account,
    given: Grant,
    occasion: Occasion,
) -> LedgerChange:
    """Give points: debt is repaid first, the rest becomes a lot."""
    posting = Posting(account, occasion)
    posting.expire_due()
    active_from = posting.on + timedelta(days=given.activates_in_days)
    expires_on = None
    if given.expires_in_days is not None:
        expires_on = posting.on + timedelta(days=given.expires_in_days)
        if expires_on < active_from:
            raise DateRefused("the points would expire before they can be used")
    lot, repaid = posting.credit(
        MovementKind.GRANT,
        given.source,
        given.points,
        active_from=active_from,
        expires_on=expires_on,
    )
    facts: Facts = {
        "granted": given.points,
        "lot_id": lot.lot_id if lot else None,
        "debt_repaid": repaid,
    }
    return change_of(posting, given.kind, reason=given.reason, facts=facts)


def redeem(
    account: Account,
    points: int,
    reason: str,
    occasion: Occasion,
) -> LedgerChange:
    """Redeem points without a receipt, soonest expiry first.

    Raises:
        MemberUnverified: nothing can be redeemed yet.
        InsufficientPoints: fewer can be spent today.
    """
    posting = Posting(account, occasion)
    posting.expire_due()
    _refuse_more_than_available(posting, points)
    posting.spend(points, posting.on)
    facts: Facts = {"redeemed": points}
    return change_of(posting, EntryKind.REDEEM, reason=reason, facts=facts)


def hold(
    account: Account,
    wanted: Hold,
    points: int,
    occasion: Occasion,
) -> LedgerChange:
    """Take points out of their lots for the order of `wanted`, whose portions are set here.

    Raises:
        MemberUnverified: nothing can be redeemed yet.
        InsufficientPoints: fewer can be spent today.
        TooManyHolds: the account has `HOLDS_MAX` already.
    """
    posting = Posting(account, occasion)
    posting.expire_due()
    if len(posting.account.holds) >= HOLDS_MAX:
        raise TooManyHolds(f"the account has {HOLDS_MAX} holds already", maximum=HOLDS_MAX)
    _refuse_more_than_available(posting, points)
    posting.hold(replace(wanted, portions=posting.take_for_hold(points)))
    facts: Facts = {
        "hold_id": wanted.hold_id,
        "held": points,
        "until": wanted.until.isoformat(),
    }
    return change_of(posting, EntryKind.HOLD, reference=wanted.hold_id, facts=facts)


def release(
    account: Account,
    hold_id: str,
    occasion: Occasion,
) -> LedgerChange:
    """Give a hold's points back to their lots; those past their date expire at once.

    Raises:
        HoldNotFound: it is not on the account any more.
    """
    posting = Posting(account, occasion)
    found = find_hold(posting.account, hold_id)
    posting.release(found)
    posting.expire_due()
    facts: Facts = {"hold_id": hold_id, "released": found.points}
    return change_of(posting, EntryKind.RELEASE, reference=hold_id, facts=facts)


def find_hold(account: Account, hold_id: str) -> Hold:
    """Return the hold that still stands.

    Raises:
        HoldNotFound: there is none.
    """
    for standing in account.holds:
        if standing.hold_id == hold_id:
            return standing
    raise HoldNotFound("there is no such hold; it was captured, released or its time is over")


def override_tier(
    account: Account,
    given: TierOverride,
    reason: str,
    occasion: Occasion,
    *,
    paid_minor: int | None = None,
) -> LedgerChange:
    """Give a tier through the end of a day; it replaces one of the same kind.

    Raises:
        UnknownTier: the program has no such tier.
    """
    tiers = occasion.program.tiers
    names = {level.name for level in tiers.levels} if tiers else set()
    if given.tier not in names:
        raise UnknownTier(f"the program has no tier {given.tier!r}")
    posting = Posting(account, occasion)
    posting.expire_due()
    kept = tuple(o for o in posting.account.overrides if o.kind is not given.kind)
    posting.account = replace(posting.account, overrides=(*kept, given)[-OVERRIDES_MAX:])
    facts: Facts = {
        "tier": given.tier,
        "until": given.until.isoformat(),
        "kind": given.kind,
        "paid_minor": paid_minor,
    }
    return change_of(posting, EntryKind.TIER, reason=reason, facts=facts)


def tier_until(on: date, days: int) -> date:
    """Return the last day of a tier given for N days (D+N, as every period of the rules)."""
    return on + timedelta(days=days)


def _refuse_more_than_available(posting: Posting, points: int) -> None:
    refuse_redemption(posting.account, posting.at)
    available = posting.account.available(posting.on)
    if points > available:
        raise InsufficientPoints(asked=points, available=available)


def change_of(
    posting: Posting,
    kind: EntryKind,
    *,
    reason: str = "",
    reference: str = "",
    actor: str | None = None,
    facts: Facts | None = None,
    is_due_exact: bool = False,
) -> LedgerChange:
    """Close the posting and return all that is to be written."""
    operation = posting.occasion.operation
    account, entry = posting.close(
        kind,
        reason=reason,
        reference=reference,
        actor=actor or operation.client,
        key=operation.key,
        facts=facts,
        is_due_exact=is_due_exact,
    )
    return LedgerChange(operation, posting.before.version, account, entry)
