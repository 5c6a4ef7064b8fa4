"""Decisions that end an account: a member is erased, or becomes one with another.

Two accounts cannot share a transaction. So the entry that ends the one carries all that
the other must get: lots in its movements, the rest in its facts. The other takes it over
afterwards, in parts, each an operation of its own that is made once for ever
(`usecases/leaving.py`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.account import (
    LOT_IDS_PER_VERSION,
    Account,
    Lot,
    MemberStatus,
    OverrideKind,
    TierOverride,
    Turnover,
)
from chalicelib.domain.adopting import Adopting
from chalicelib.domain.entries import (
    EntryKind,
    LedgerChange,
    LedgerEntry,
    Movement,
    MovementKind,
)
from chalicelib.domain.errors import DomainError
from chalicelib.domain.kept_gift_cards import kept_together
from chalicelib.domain.ledger import OVERRIDES_MAX, change_of, present
from chalicelib.domain.members import Profile
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.program import ReturnPolicy
from chalicelib.domain.promo_codes import MemberCoupon
from chalicelib.domain.redeeming import is_paused
from chalicelib.domain.referrals import is_owed
from chalicelib.domain.reward_record import NO_REWARDS, RewardRecord
from chalicelib.domain.turnover import join_turnover, turnover_of, turnover_text

LAST_KINDS = frozenset({EntryKind.ERASE, EntryKind.MERGED})
LOTS_PER_PART = LOT_IDS_PER_VERSION
IDENTIFIERS_MAX = 40  # phones, pass codes and cards of a member, merged ones included

Facts = Mapping[str, int | str | None]


class MergeRefused(DomainError):
    """The two cannot become one: they are one, or have too many cards together.

    `until`: nothing is redeemed of the one that would go, and a merge would shed the pause.
    """

    code = "merge_refused"


def erase(account: Account, reason: str, occasion: Occasion) -> LedgerChange:
    """End the account: holds are released, and all points forfeited.

    Raises:
        MemberNotFound: it has ended.
    """
    posting = _emptied(account, occasion)
    facts: Facts = {"forfeited": sum(lot.points for lot in posting.account.lots)}
    posting.hand_out(MovementKind.FORFEIT)
    posting.account = _ended(posting.account, MemberStatus.ERASED)
    return _last(posting, EntryKind.ERASE, reason, facts)


def merge_away(
    account: Account,
    survivor_id: str,
    coupons: Sequence[MemberCoupon],
    reason: str,
    occasion: Occasion,
) -> LedgerChange:
    """End the account, and say all that the survivor is to take over, with these coupons.

    Raises:
        MemberNotFound: it has ended.
        MergeRefused: nothing may be redeemed of it for a while.
    """
    _refuse_paused(present(account), occasion.at)
    posting = _emptied(account, occasion)
    before = posting.account
    facts: Facts = {
        "merged_into": survivor_id,
        "points": before.total,
        "turnover": turnover_text(before.turnover),
        "overrides": _overrides_text(before.overrides),
        "stamps": before.stamps,
        "friends": before.rewards.friends,
        "actions": json.dumps(before.rewards.actions, ensure_ascii=False),
        "coupons": _coupons_text(coupons),
    }
    posting.hand_out(MovementKind.TRANSFER)
    ended = _ended(posting.account, MemberStatus.MERGED)
    posting.account = replace(ended, merged_into=survivor_id)
    return _last(posting, EntryKind.MERGED, reason, facts)


def parts_of(gone: LedgerEntry) -> int:
    """Return how many entries the survivor needs: one makes only so many lots, one coupon."""
    of_lots = -(-len(list(_lots_of(gone))) // LOTS_PER_PART)
    return max(1, of_lots, len(coupons_of(gone)))


def take_over(
    account: Account, gone: LedgerEntry, part: int, occasion: Occasion
) -> LedgerChange:
    """Take over a part of what a merged member had; with the first what is no lot.

    Debt is settled from what can be spent, and by what comes (R21).

    Raises:
        MemberNotFound: the survivor has gone too.
    """
    posting = Adopting(present(account), occasion)
    posting.expire_due()
    facts: dict[str, int | str | None] = {"merged": gone.member.member_id, "part": part}
    if not part:
        facts |= _take_rest(posting, gone)
    lots = list(_lots_of(gone))[part * LOTS_PER_PART : (part + 1) * LOTS_PER_PART]
    for lot in lots:
        posting.adopt(MovementKind.TRANSFER, lot)
    posting.expire_due()  # the survivor may take over days later
    change = change_of(
        posting,
        EntryKind.TAKEOVER,
        reason=gone.reason,
        reference=gone.member.member_id,
        facts=facts,
    )
    coupons = coupons_of(gone)
    if part >= len(coupons):
        return change
    coupon = replace(coupons[part], member_id=posting.account.member.member_id)
    return replace(change, coupon=coupon)


def heir_of(survivor: Profile, gone: Profile) -> Profile:
    """Return the survivor's profile with all that led to the other.

    Raises:
        MergeRefused: it would be too much.
    """
    phones = (
        *survivor.merged_phones, gone.phone, gone.proven_email, *gone.merged_phones,
    )  # fmt: skip
    heir = replace(
        survivor,
        merged_phones=_once(phones, survivor.phone),
        merged_codes=_once((*survivor.merged_codes, gone.code, *gone.merged_codes), ""),
        card_numbers=_once((*survivor.card_numbers, *gone.card_numbers), ""),
        old_codes=_once((*survivor.old_codes, *gone.old_codes), ""),
        replaced_codes=_once((*survivor.replaced_codes, *gone.replaced_codes), ""),
        gift_cards=kept_together(survivor.gift_cards, gone.gift_cards),
    )
    count = sum(
        len(every)
        for every in (
            heir.merged_phones,
            heir.merged_codes,
            heir.card_numbers,
            heir.old_codes,
            heir.replaced_codes,
        )
    )
    if count > IDENTIFIERS_MAX:
        raise MergeRefused(
            f"together they have {count} phones, codes and cards", maximum=IDENTIFIERS_MAX
        )
    return heir


def overrides_of(entry: LedgerEntry) -> tuple[TierOverride, ...]:
    """Return the tiers a takeover brought, or a merged member had."""
    rows = json.loads(str(entry.facts.get("overrides") or "[]"))
    return tuple(
        TierOverride(OverrideKind(kind), tier, date.fromisoformat(until))
        for kind, tier, until in rows
    )


def coupons_of(gone: LedgerEntry) -> tuple[MemberCoupon, ...]:
    """Return the coupons a merged member had, still in that member's name."""
    rows = json.loads(str(gone.facts.get("coupons") or "[]"))
    return tuple(
        MemberCoupon(
            code=code,
            member_id=gone.member.member_id,
            coupon_id=coupon_id,
            given_at=datetime.fromisoformat(given_at),
            last=date.fromisoformat(last) if last else None,
            points=points,
        )
        for code, coupon_id, given_at, last, points in rows
    )


def _emptied(account: Account, occasion: Occasion) -> Adopting:
    """Return a posting without holds, and without what is past its date."""
    posting = Adopting(present(account), occasion)
    for hold in posting.account.holds:
        posting.release(hold)
    posting.expire_due()
    return posting


def _refuse_paused(account: Account, at: datetime) -> None:
    if is_paused(account, at):
        assert account.redeem_paused_until is not None, "it is paused"
        until = account.redeem_paused_until.isoformat(timespec="seconds")
        raise MergeRefused("the other's phone was changed a short while ago", until=until)


def _ended(account: Account, status: MemberStatus) -> Account:
    """Return an account without lots as one that has ended: rewards it owes are kept."""
    rewards = NO_REWARDS
    if is_owed(account):  # the outbox gives them to the friend, and is to find them here
        rewards = RewardRecord(referral=account.rewards.referral)
    return replace(
        account,
        status=status,
        turnover=Turnover(),
        overrides=(),
        stamps=0,
        reminded_through=None,
        rewards=rewards,
        segments=(),
        unverified_through=None,
    )


def _last(posting: Adopting, kind: EntryKind, reason: str, facts: Facts) -> LedgerChange:
    change = change_of(posting, kind, reason=reason, facts=facts, is_due_exact=True)
    assert change.account is not None, "an account ends"
    return replace(change, account=replace(change.account, due=None))


def _take_rest(posting: Adopting, gone: LedgerEntry) -> Facts:
    """Take over debt, turnover, tiers, stamps and actions; the facts to be kept."""
    owed = sum(move.points for move in _transfers(gone) if move.lot is None)
    posting.claw_back(owed, None, ReturnPolicy.UNLIMITED)
    facts, account = gone.facts, posting.account
    rewards = account.rewards
    actions = (*rewards.actions, *json.loads(str(facts["actions"])))
    taken = turnover_of(str(facts["turnover"]))
    posting.account = replace(
        account,
        turnover=join_turnover(account.turnover, taken, today=posting.on),
        overrides=(*account.overrides, *overrides_of(gone))[-OVERRIDES_MAX:],
        stamps=account.stamps + int(facts["stamps"] or 0),
        rewards=replace(
            rewards,
            friends=rewards.friends + int(facts["friends"] or 0),
            actions=tuple(dict.fromkeys(actions)),
        ),
    )
    return {name: facts[name] for name in ("turnover", "overrides", "stamps")}


def _lots_of(gone: LedgerEntry) -> Iterator[Lot]:
    return (move.lot for move in _transfers(gone) if move.lot is not None)


def _transfers(gone: LedgerEntry) -> Iterator[Movement]:
    return (move for move in gone.movements if move.kind is MovementKind.TRANSFER)


def _overrides_text(overrides: tuple[TierOverride, ...]) -> str:
    rows = [[one.kind.value, one.tier, one.until.isoformat()] for one in overrides]
    return json.dumps(rows, ensure_ascii=False)


def _coupons_text(coupons: Sequence[MemberCoupon]) -> str:
    rows = [
        [
            one.code,
            one.coupon_id,
            one.given_at.isoformat(),
            one.last.isoformat() if one.last else None,
            one.points,
        ]
        for one in coupons
    ]
    return json.dumps(rows, ensure_ascii=False)


def _once(values: tuple[str | None, ...], known: str | None) -> tuple[str, ...]:
    """Return the values in their order, each once, without what is known or nothing."""
    return tuple(dict.fromkeys(one for one in values if one and one != known))
