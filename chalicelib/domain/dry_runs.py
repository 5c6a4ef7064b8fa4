"""A dry run: what a draft of the program would have made of receipts that were written.

The receipts of a member within a window of days are priced again, one after the other,
under the program published now and under the draft; nothing is written. Both sides are
priced again, so that they differ by the draft alone and not by what has changed since.

What is assumed, because a receipt cannot tell: `ASSUMPTIONS`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from chalicelib.domain.account import Account, Turnover
from chalicelib.domain.attaching import sale_of
from chalicelib.domain.basket import Presented
from chalicelib.domain.entries import Operation
from chalicelib.domain.errors import DomainError
from chalicelib.domain.limits import Counter
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.posting import Posting
from chalicelib.domain.pricing import Priced, Redeem, RedeemMode, price
from chalicelib.domain.program import Program
from chalicelib.domain.promo_codes import PromoCode
from chalicelib.domain.receipts import Receipt, ReceiptStatus, Why
from chalicelib.domain.returned import returned_milli, returned_part
from chalicelib.domain.sales import Sale, scene_of
from chalicelib.domain.tiers import tier_on
from chalicelib.domain.turnover import add_turnover

DAYS_MAX = 90
# Each has its words in api/dry_run_words.py; docs/API.md says the same.
ASSUMPTIONS = (
    "both_priced_again", "same_redemptions", "returned_left_out", "stamps_from_none",
    "turnover_from_account", "tiers_given_by_hand", "claimed_as_shown", "same_codes",
    "own_limits", "purchases_only",
)  # fmt: skip

RuleKey = tuple[str, str]  # the code of a reason and the name in it, or ""


class DryRunRefused(DomainError):
    """The two programs cannot be compared."""

    code = "dry_run_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is tried, on which business days (both inclusive)."""

    published: Program
    draft: Program
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class RulePart:
    """What one rule did: on how many lines, with how many points, for how much money."""

    lines: int = 0
    points: int = 0
    amount_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What a member's receipts come to under one of the two programs."""

    tier: str | None = None  # on the last day
    receipts: int = 0
    gross_minor: int = 0
    discount_minor: int = 0  # free units included
    redeemed: int = 0
    redeemed_minor: int = 0
    to_pay_minor: int = 0
    earned: int = 0
    rules: Mapping[RuleKey, RulePart] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tried:
    """One member's receipts under both."""

    member_id: str
    before: Side
    after: Side


@dataclass(frozen=True, slots=True)
class _Past:
    """A sale as it would be priced now: what was kept of it, and the points it redeems."""

    receipt: Receipt
    sale: Sale
    points: int


def refuse_incomparable(trial: Trial) -> None:
    """Refuse programs whose money cannot be compared.

    Raises:
        DryRunRefused: the draft is in another currency.
    """
    if trial.draft.currency != trial.published.currency:
        raise DryRunRefused(
            f"the draft is in {trial.draft.currency}, "
            f"the published program in {trial.published.currency}"
        )


def try_member(account: Account, receipts: Iterable[Receipt], trial: Trial) -> Tried:
    """Price a member's receipts of the window again, as they came, under both programs.

    Voided receipts and those of other members are passed over.
    """
    standing = [
        receipt
        for receipt in receipts
        if receipt.status is ReceiptStatus.COMPLETED
        and receipt.member_id == account.member.member_id
        and trial.first <= receipt.on <= trial.last
    ]
    standing.sort(key=lambda receipt: (receipt.recorded_at, receipt.ledger_version or 0))
    past = [one for one in map(_past, standing) if one.sale.lines]
    start = replace(
        account, turnover=_turnover_before(account, standing), stamps=0, lots=(), holds=()
    )
    before = _side(start, past, trial.published, trial.last)
    after = _side(start, past, trial.draft, trial.last)
    return Tried(account.member.member_id, before, after)


def _side(start: Account, past: Iterable[_Past], program: Program, last: date) -> Side:
    """Return what the receipts come to under one program, from the same start."""
    account, sums, used = start, Side(), dict[Counter, int]()
    for one in past:
        priced, on = _priced(account, one, program, used), one.receipt.on
        sums = _with(sums, priced)
        for take in priced.takes:
            if take.counter.member_id is not None:
                used[take.counter] = used.get(take.counter, 0) + take.units
        paid_minor = sum(line.turnover_minor for line in priced.lines)
        turnover = add_turnover(account.turnover, on, paid_minor, today=on)
        stamps = account.stamps if priced.stamps_after is None else priced.stamps_after
        account = replace(account, turnover=turnover, stamps=stamps)
    return replace(sums, tier=tier_on(account, program, last))


def _priced(
    account: Account, past: _Past, program: Program, used: Mapping[Counter, int]
) -> Priced:
    """Price a sale for the member as they stood then, with the promo codes it used."""
    nothing = Operation(account.member.merchant_id, "dry run", "", "")
    posting = Posting(account, Occasion(program, past.receipt.recorded_at, nothing))
    codes = tuple(
        PromoCode(code=use.code, coupon_id=use.coupon_id)
        for use in past.receipt.promo_codes
        if use.is_applied
    )
    return price(
        past.sale.lines,
        program=program,
        scene=scene_of(past.sale, posting, Presented(codes, used)),
        available=past.points,
        redeem=Redeem(RedeemMode.MAX, past.points),
    )


def _past(receipt: Receipt) -> _Past:
    """Return a receipt's sale without what was brought back, to be priced from nothing."""
    sale = sale_of(receipt)
    kept = tuple(
        replace(line, quantity_milli=kept_milli, settled=None)
        for i, line in enumerate(sale.lines)
        if (kept_milli := line.quantity_milli - returned_milli(receipt, i))
    )
    back = sum(returned_part(receipt, i, one.redeemed) for i, one in enumerate(receipt.lines))
    return _Past(receipt, replace(sale, lines=kept), receipt.redeemed - back)


def _turnover_before(account: Account, receipts: Iterable[Receipt]) -> Turnover:
    """Return the account's turnover without what these receipts have added to it."""
    days, lifetime_minor = dict(account.turnover.days), account.turnover.lifetime_minor
    for receipt in receipts:
        counted_minor = sum(
            line.turnover_minor - returned_part(receipt, i, line.turnover_minor)
            for i, line in enumerate(receipt.lines)
        )
        lifetime_minor -= counted_minor
        if receipt.on in days:
            days[receipt.on] -= counted_minor
    kept = tuple((day, net_minor) for day, net_minor in sorted(days.items()) if net_minor)
    return Turnover(kept, lifetime_minor)


def _with(sums: Side, priced: Priced) -> Side:
    """Return the sums with one receipt more."""
    lines = priced.lines
    rules = dict(sums.rules)
    for line in lines:
        for why in line.why:
            key = (why.rule, why.name or "")
            rules[key] = _rule_with(rules.get(key, RulePart()), why)
    return Side(
        receipts=sums.receipts + 1,
        gross_minor=sums.gross_minor + sum(line.gross_minor for line in lines),
        discount_minor=sums.discount_minor + sum(line.discount_minor for line in lines),
        redeemed=sums.redeemed + priced.redeemed,
        redeemed_minor=sums.redeemed_minor + sum(line.redeemed_minor for line in lines),
        to_pay_minor=sums.to_pay_minor + sum(line.net_minor for line in lines),
        earned=sums.earned + priced.earned,
        rules=rules,
    )


def _rule_with(part: RulePart, why: Why) -> RulePart:
    """Add a reason; the money in one that gives none is a bound, such as a minimum."""
    is_money = why.rule.startswith(("discount.", "free."))
    return RulePart(
        part.lines + 1,
        part.points + (why.points or 0),
        part.amount_minor + ((why.amount_minor or 0) if is_money else 0),
    )
