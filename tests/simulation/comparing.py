"""Says how the stored state differs from the model's, and from what must always hold."""

from collections.abc import Iterator
from datetime import date

from chalicelib.domain import account as real
from chalicelib.domain.entries import LedgerEntry, hash_of
from chalicelib.domain.gift_cards import GiftCard, GiftCardEntry
from chalicelib.domain.past import account_on
from chalicelib.domain.receipts import Receipt, ReceiptStatus
from chalicelib.domain.reward_record import Referral
from chalicelib.domain.rules.stamps import STAMPED
from tests.simulation.books import NEVER, Account, Card, Friendship, Portion
from tests.simulation.books import Receipt as ModelReceipt
from tests.simulation.telling import card_name


def compare_accounts(stored: real.Account, told: Account) -> Iterator[str]:
    """Yield how an account differs from the model's, in everything it holds."""
    holds = {
        hold.hold_id: (hold.until, tuple(_portion(p) for p in hold.portions))
        for hold in stored.holds
    }
    given = {o.kind.value: (o.tier, o.until) for o in stored.overrides}
    rewards = stored.rewards
    friend = _friendship(rewards.referral)
    pairs = {
        "version": (stored.version, told.version),
        "lots": (_lots(stored), told.lots),
        "holds": (holds, told.holds),
        "debt": (stored.debt, told.debt),
        "turnover": (dict(stored.turnover.days), told.days),
        "lifetime": (stored.turnover.lifetime_minor, told.lifetime_minor),
        "overrides": (given, told.overrides),
        "tier": (stored.tier, told.tier),
        "stamps": (stored.stamps, told.stamps),
        "actions": (rewards.actions, told.actions),
        "friends": (rewards.friends, told.friends),
        "referral": (friend, told.friendship and _of_friendship(told.friendship)),
    }
    for name, (ours, theirs) in pairs.items():
        if ours != theirs:
            yield f"{stored.member.member_id} {name}: {ours}, the model has {theirs}"


def compare_receipts(stored: Receipt, told: ModelReceipt) -> Iterator[str]:
    """Yield how a receipt differs from the model's."""
    rows = tuple(
        (
            line.gross_minor, line.quantity_milli, line.discount_minor, line.free_milli,
            line.redeemed_minor, line.redeemed, line.earned,
            any(why.rule == STAMPED for why in line.why), line.turnover_minor,
        )
        for line in stored.lines
    )  # fmt: skip
    told_rows = tuple(
        (
            row.gross, row.milli, row.discount, row.free, row.value, row.redeemed, row.earned,
            row.is_stamped, row.turnover,
        )
        for row in told.rows
    )  # fmt: skip
    back = tuple(
        (
            r.return_id, r.refund_minor, r.clawed_back, r.restored, r.forfeited,
            r.gift_card_minor,
        )
        for r in stored.returns
    )  # fmt: skip
    card = stored.gift_card
    pairs = {
        "member": (stored.member_id, told.member),
        "day": (stored.on, told.on),
        "lines": (rows, told_rows),
        "allocation": (tuple(_portion(p) for p in stored.allocation), told.allocation),
        "lot": (stored.earned_lot.lot_id if stored.earned_lot else None, told.earned_lot),
        "entry": (stored.ledger_version, told.version),
        "returns": (back, tuple((name, *answer[1:6]) for name, answer in told.returns)),
        "void": (stored.status is ReceiptStatus.VOIDED, told.is_voided),
        "gift card": (
            card and (card_name(card.code_hash), card.paid_minor, card.forfeited_minor),
            told.card,
        ),
    }
    for name, (ours, theirs) in pairs.items():
        if ours != theirs:
            yield f"receipt {stored.key.receipt_id} {name}: {ours}, the model has {theirs}"


def wrong_money(stored: Receipt) -> Iterator[str]:
    """Yield where the money of a receipt does not add up, whatever the model says."""
    name, gross = stored.key.receipt_id, stored.gross_minor
    redeemed = sum(line.redeemed_minor for line in stored.lines)
    paid = stored.money_minor + stored.gift_card_minor
    if gross != paid + redeemed + stored.discount_minor:
        yield f"receipt {name}: {gross} is not what was paid, redeemed and taken off"
    if any(line.net_minor < 0 for line in stored.lines) or stored.money_minor < 0:
        yield f"receipt {name} pays somebody"
    refunds = sum(done.refund_minor for done in stored.returns)
    is_whole = stored.status is ReceiptStatus.VOIDED
    if refunds > stored.to_pay_minor or (is_whole and refunds != stored.to_pay_minor):
        yield f"receipt {name}: {refunds} of {stored.to_pay_minor} came back"
    if sum(done.gift_card_minor for done in stored.returns) > stored.gift_card_minor:
        yield f"receipt {name} gives a gift card more than it paid"


def wrong_card(stored: GiftCard, entries: list[GiftCardEntry], told: Card) -> Iterator[str]:
    """Yield what is wrong with a gift card and its ledger."""
    name = card_name(stored.code_hash)
    ours = Card(stored.amount_minor, stored.balance_minor, str(stored.state), stored.version)
    if ours != told:
        yield f"gift card {name}: {ours}, the model has {told}"
    if [entry.version for entry in entries] != list(range(1, stored.version + 1)):
        yield f"gift card {name} has a gap in its ledger"
    balance = 0
    for entry in entries:
        balance += entry.amount_minor - entry.forfeited_minor
        if entry.balance_after != balance:
            yield f"gift card {name}: entry {entry.version} does not follow its predecessor"
    if balance != stored.balance_minor:
        yield f"gift card {name}: its entries come to {balance}, it has {stored.balance_minor}"


def wrong_ledger(
    stored: real.Account, entries: list[LedgerEntry], opened: list[LedgerEntry]
) -> Iterator[str]:
    """Yield what is wrong with a ledger and with the account it leads to (P3).

    `opened` is how it began; that part was looked at when it was written.
    """
    member, known = stored.member, len(opened)
    if [entry.version for entry in entries] != list(range(1, stored.version + 1)):
        yield f"P3 {member} has a gap in its ledger"
    if entries[:known] != opened:
        yield f"P3 the past of {member} has changed"
    total, previous = opened[-1].balance_after, hash_of(opened[-1])
    for entry in entries[known:]:
        total += entry.points
        if entry.balance_after != total or entry.previous_hash != previous:
            yield f"P3 entry {entry.version} of {member} does not follow its predecessor"
        previous = hash_of(entry)
    if total != stored.total:
        yield f"P3 the movements of {member} come to {total}, the account to {stored.total}"
    ends = [lot.expires_on for lot in stored.lots if lot.expires_on]
    if ends and (stored.due is None or stored.due.toordinal() > min(ends).toordinal() + 1):
        yield f"P13 {member.member_id} is due {stored.due}, a lot ends {min(ends)}"
    folded = account_on(member, entries, date.max)
    if (_lots(folded), folded.debt, folded.held) != (
        _lots(stored), stored.debt, stored.held,
    ):  # fmt: skip
        yield f"P3 the fold of {member}'s ledger is not the account"


def _friendship(referral: Referral | None) -> tuple[object, ...] | None:
    if referral is None:
        return None
    points = (referral.referrer_points, referral.friend_points, referral.expires_in_days)
    start = (referral.referrer_id, str(referral.state), referral.version)
    return (*start, points, referral.reversible_through)


def _of_friendship(told: Friendship) -> tuple[object, ...]:
    points: tuple[int, int, int | None] = (0, 0, None)
    if told.terms:
        points = (told.terms.referrer_points, told.terms.friend_points, told.terms.days)
    return (told.referrer, told.state, told.version, points, told.through)


def _lots(stored: real.Account) -> dict[int, tuple[date, date, date, int]]:
    return {lot.lot_id: _portion(lot)[1] for lot in stored.lots}


def _portion(lot: real.Lot) -> Portion:
    dates = (lot.granted_on, lot.active_from, lot.expires_on or NEVER)
    return lot.lot_id, (*dates, lot.points)
