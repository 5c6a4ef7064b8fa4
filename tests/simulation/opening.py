"""The shops a schedule starts in: some members with lots, a hold, receipts, a debt."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import Operation
from chalicelib.domain.joining import join
from chalicelib.domain.members import Merchant
from chalicelib.domain.occasion import Occasion
from tests.builders import document, rates
from tests.fakes.ledger import FakeLedger
from tests.fakes.merchants import FakeMerchants
from tests.simulation import deeds
from tests.simulation.books import Account, Rules
from tests.simulation.deeds import MEMBERS, OPENING, SHOP, Deed
from tests.simulation.model import Model
from tests.simulation.performing import Counter
from tests.simulation.storage import SteppedLedger

_EARN = {"base": 5, "silver": 10}
RULES = (
    Rules(earn_percent=_EARN),
    Rules(earn_percent=_EARN, is_debt_allowed=False, grace_days=2, is_both=False),
    Rules(earn_percent=_EARN, pending_days=1),
)
ANN, BOB = MEMBERS
_GOODS = ((5_000, 1_000), (3_330, 1_500))
STORY = (
    Deed(kind=deeds.GRANT, key="o1", points=40, days=0),  # good until midnight
    Deed(kind=deeds.GRANT, key="o2", points=60, days=1),
    Deed(kind=deeds.GRANT, key="o3", points=25),
    Deed(kind=deeds.REDEEMING, key="o4", receipt="R0", lines=_GOODS, redeem=30),
    Deed(kind=deeds.HOLD, key="o5", hold="H0", points=10),
    Deed(kind=deeds.ANONYMOUS, key="o6", receipt="X0", lines=_GOODS),
    Deed(kind=deeds.PURCHASE, key="o7", member=BOB, receipt="B0", lines=((40_000, 1_000),)),
    Deed(kind=deeds.GRANT, key="o8", member=BOB, points=30, days=1),
    Deed(kind=deeds.REDEEM, key="o9", member=BOB, points=30),
    Deed(kind=deeds.REDEEM, key="o10", member=BOB, points=20),
    Deed(kind=deeds.RETURN, key="o11", receipt="B0", return_id="b1", returned=((0, 600),)),
)


@dataclass(frozen=True, slots=True)
class Opening:
    """A shop at the start of a schedule, in both books."""

    merchants: FakeMerchants
    ledger: FakeLedger
    model: Model

    def fill(self, ledger: FakeLedger) -> None:
        """Put the opening into an empty ledger."""
        ledger.accounts.update(self.ledger.accounts)
        known = self.ledger.entries_by_member.items()
        ledger.entries_by_member.update((member, list(entries)) for member, entries in known)
        ledger.receipts.update(self.ledger.receipts)
        ledger.records.update(self.ledger.records)
        ledger.receipt_of_entry.update(self.ledger.receipt_of_entry)


@cache
def opening(number: int) -> Opening:
    """Return the shop with the given rules, made once."""
    rules = RULES[number]
    merchants, ledger, model = FakeMerchants(), SteppedLedger(), Model(rules)
    shop = Merchant(SHOP, "Roastery", "RU", ("RU",), "ru")
    merchants.open(shop, _document(rules))
    program = merchants.program(SHOP)
    assert program is not None
    for name in MEMBERS:
        occasion = Occasion(program, OPENING, Operation(SHOP, "sign_up", f"join-{name}", name))
        ledger.commit(join(MemberRef(SHOP, name), occasion))
        model.accounts[name] = Account(version=1)
    counter = Counter(ledger, merchants)
    for deed in STORY:
        if model.refusal_of(deed, OPENING) == "insufficient_points":
            continue  # where points are pending, Bob cannot run into debt
        done = counter.perform(deed, OPENING)
        told = model.apply(deed, OPENING)
        assert done == told, f"{deed}: {done}, the model says {told}"
    return Opening(merchants, ledger, model)


def _document(rules: Rules) -> dict[str, Any]:
    levels = [{"name": "base", "over": "0"}, {"name": "silver", "over": "100.00"}]
    by_tier = {name: (earn, rules.redeem_percent) for name, earn in rules.earn_percent.items()}
    return document(
        earn_percent=None,
        redeem_percent=None,
        tiers={"window_days": rules.window_days, "compare": "gt", "levels": levels},
        rates=rates(**by_tier),
        mode="earn_and_redeem" if rules.is_both else "earn_or_redeem",
        pending_days=rules.pending_days,
        expiry_days=rules.expiry_days,
        return_policy="unlimited" if rules.is_debt_allowed else "within_balance",
        restore_grace_days=rules.grace_days,
        hold_hours=rules.hold_hours,
        reminder_days=0,
    )
