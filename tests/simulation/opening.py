"""The shops a schedule starts in: members with lots, a hold, receipts, a debt, gift cards.

One friend waits for a first purchase. In every second shop a receipt is half moved, since
the process that moved it died, and a friend's rewards have not been given yet.
"""

from dataclasses import dataclass
from functools import cache

from chalicelib.domain.account import MemberRef
from chalicelib.domain.confirmations import GOOD_FOR
from chalicelib.domain.entries import Operation
from chalicelib.domain.joining import join
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.program_document import read_program
from tests.simulation import deeds
from tests.simulation.books import Confirmation
from tests.simulation.clerk import Clerk
from tests.simulation.codes import CODES
from tests.simulation.deeds import ANN, BOB, DAN, FRIENDS, MEMBERS, OPENING, SHOP, Deed
from tests.simulation.model import Model
from tests.simulation.performing import Counter
from tests.simulation.rules import EDITIONS, Rules, document_of
from tests.simulation.storage import Edition, Publisher, SteppedLedger
from tests.simulation.telling import confirmation_of, derived

_GOODS = ((5_000, 1_000, ""), (3_330, 1_500, "tea"))
_CUPS = ((2_000, 3_000, "coffee"), (1_500, 1_000, "coffee"))
STORY = (
    Deed(kind=deeds.GRANT, key="o1", points=40, days=0),  # good until midnight
    Deed(kind=deeds.GRANT, key="o2", points=60, days=1),
    Deed(kind=deeds.GRANT, key="o3", points=25),
    Deed(kind=deeds.REDEEMING, key="o4", receipt="R0", lines=_GOODS, redeem=30),
    Deed(kind=deeds.HOLD, key="o5", hold="H0", points=10),
    Deed(kind=deeds.ANONYMOUS, key="o6", member="", receipt="X0", lines=_GOODS),
    Deed(
        kind=deeds.PURCHASE, key="o7", member=BOB, receipt="B0", lines=((40_000, 1_000, ""),)
    ),
    Deed(kind=deeds.GRANT, key="o8", member=BOB, points=30, days=1),
    Deed(kind=deeds.REDEEM, key="o9", member=BOB, points=30),
    Deed(kind=deeds.REDEEM, key="o10", member=BOB, points=20),
    Deed(
        kind=deeds.RETURN, key="o11", receipt="B0", return_id="b1", returned=((0, 600),)
    ),
    Deed(kind=deeds.CARD_ISSUE, key="G0", amount_minor=6_000, is_active=True),
    Deed(kind=deeds.CARD_ISSUE, key="G1", amount_minor=2_500),
    Deed(kind=deeds.CARD_ISSUE, key="G2", amount_minor=9_000, is_active=True),
    Deed(kind=deeds.CARD_ISSUE, key="G3", amount_minor=4_000, is_active=True),
    Deed(kind=deeds.CARD_PURCHASE, key="o12", receipt="C0", lines=_CUPS, card="G2"),
    Deed(
        kind=deeds.CARD_PURCHASE, key="o13", member=BOB, receipt="C1", lines=_GOODS, card="G0",
        amount_minor=1_000,
    ),
    Deed(kind=deeds.PURCHASE, key="o14", member=DAN, receipt="D0", lines=_CUPS),
    Deed(kind=deeds.REDEEMING, key="o15", receipt="M0", lines=_GOODS, redeem=20),
    Deed(
        kind=deeds.CODE_PURCHASE, key="o17", receipt="Q0", lines=_GOODS,
        codes=("ONCE", "SPRING"),
    ),
    Deed(
        kind=deeds.CODE_PURCHASE, key="o18", member="", receipt="Q1", lines=_GOODS,
        codes=("SPRING",),
    ),
    Deed(kind=deeds.EXCHANGE, key="own", coupon="tenth"),
)  # fmt: skip
_IN_TIME = OPENING + GOOD_FOR
CONFIRMATIONS = {
    "C0": Confirmation(ANN, _IN_TIME),
    "C1": Confirmation(ANN, _IN_TIME),
    "B0": Confirmation(BOB, _IN_TIME),
    "PENDING": Confirmation(ANN, _IN_TIME, is_verified=False),
}
_HALF_A_MOVE = Deed(
    kind=deeds.HALF_MOVE, key="o16", member=BOB, receipt="M0",
    return_id=f"move:{BOB}", is_void=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opening:
    """A shop at the start of a schedule, in both books."""

    editions: tuple[Edition, ...]
    ledger: SteppedLedger
    model: Model

    def fill(self, ledger: SteppedLedger) -> None:
        """Put the opening into an empty ledger."""
        ledger.accounts.update(self.ledger.accounts)
        known = self.ledger.entries_by_member.items()
        ledger.entries_by_member.update((member, list(entries)) for member, entries in known)
        ledger.receipts.update(self.ledger.receipts)
        ledger.records.update(self.ledger.records)
        ledger.receipt_of_entry.update(self.ledger.receipt_of_entry)
        ledger.counters.update(self.ledger.counters)
        ledger.confirmations.update(self.ledger.confirmations)
        ledger.coupons.update(self.ledger.coupons)
        ledger.digits.update(self.ledger.digits)
        ledger.names.update(self.ledger.names)
        ledger.gift_cards.update(self.ledger.gift_cards)
        cards = self.ledger.gift_card_entries.items()
        ledger.gift_card_entries.update((card, list(entries)) for card, entries in cards)


@cache
def opening(number: int) -> Opening:
    """Return the shop with the given programs, made once."""
    editions = tuple(
        Edition(read_program(document_of(rules), version), rules)
        for version, rules in enumerate(EDITIONS[number], start=1)
    )
    rules, ledger, model = editions[0].rules, SteppedLedger(), Model()
    publisher = Publisher(editions, ledger)
    model.codes.update(CODES)
    for name, told in CONFIRMATIONS.items():
        made = confirmation_of(name, told)
        ledger.confirmations[made.member, made.confirmation_id] = made
    model.confirmations.update(CONFIRMATIONS)
    for name in MEMBERS:
        operation = Operation(SHOP, "sign_up", f"join-{name}", name)
        occasion = Occasion(publisher.program(SHOP), OPENING, operation)
        ledger.commit(join(MemberRef(SHOP, name), occasion, FRIENDS.get(name)))
        joining = Deed(kind="join", key="", member=name)
        Clerk(model, joining, rules, OPENING).join(FRIENDS.get(name))
    counter = Counter(ledger, publisher)
    is_owing = number % 2 == 0
    for deed in (*STORY, _HALF_A_MOVE) if is_owing else STORY:
        if model.refusals_of(deed, rules, OPENING):
            continue  # where points are pending, Bob cannot run into debt; not all have codes
        _do(deed, counter, model, rules)
    ledger.log.clear()
    for name in MEMBERS:
        if not (is_owing and name == DAN):
            counter.settle(name, OPENING)
    for commit in ledger.log:
        given = derived(commit.change)
        assert given is not None, "the outbox gives rewards"
        model.apply(given, rules, OPENING)
    ledger.log.clear()
    return Opening(editions, ledger, model)


def _do(deed: Deed, counter: Counter, model: Model, rules: Rules) -> None:
    done = counter.perform(deed, OPENING)
    model.seen = dict(model.counters)
    told = model.apply(deed, rules, OPENING)
    assert done == told, f"{deed}: {done}, the model says {told}"
