"""Random members and baskets under random programs, for what must hold of all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from chalicelib.domain.account import Account
from chalicelib.domain.basket import BasketLine, Presented
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.gift_cards import GiftCard, GiftCardState, GiftCardWish
from chalicelib.domain.limits import Counter
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.pricing import NO_REDEMPTION, Redeem
from chalicelib.domain.program_document import read_program
from chalicelib.domain.promo_codes import PromoCode
from chalicelib.domain.receipts import Receipt
from chalicelib.domain.sales import Sale, sell
from tests.builders import (
    ANN,
    NOON,
    TODAY,
    account,
    lot,
    occasion,
    receipt,
    receipt_key,
    up_to,
)
from tests.domain.generated_programs import DOCUMENTS, FULL, SKUS, Fields, some

CARD = "ab" * 32
LINES = st.builds(
    BasketLine,
    quantity_milli=st.one_of(
        st.integers(1, 8).map(lambda units: units * 1000),
        st.sampled_from([350, 1500]),
        st.integers(1, 5_000),
    ),
    unit_price_minor=st.sampled_from([0, 1, 99, 100, 3_333, 15_000, 99_999]),
    sku=st.sampled_from([None, *SKUS]),
    category=st.sampled_from([None, "coffee", "tea", "gift_card"]),
    margin=st.sampled_from([None, "low", "medium", "high"]),
)
# Now and then a line has a twin of the same price that is something else: what is the
# cheapest must not hang on their order.
BASKETS = st.builds(
    lambda lines, twins: (*lines, *(replace(lines[0], **twin) for twin in twins)),
    st.lists(LINES, min_size=1, max_size=5).map(tuple),
    st.lists(
        some(
            sku=st.sampled_from([None, *SKUS]),
            margin=st.sampled_from([None, "low", "medium"]),
            category=st.sampled_from(["coffee", "tea"]),
        ),
        max_size=2,
    ),
)
ACCOUNTS = st.builds(
    lambda points, spent, stamps, segments: account(
        *(lot(f"lot{i}", one) for i, one in enumerate(points)),
        days={"2026-05-20": spent} if spent else {},
        stamps=stamps,
        segments=segments,
    ),
    st.lists(st.integers(1, 3_000), max_size=3),
    st.sampled_from([0, 10_000, 100_001, 400_000]),
    st.integers(0, 3),
    st.sampled_from([(), ("vip",), ("fans", "vip")]),
)
WISHES = st.one_of(st.just(NO_REDEMPTION), st.just(up_to()), st.integers(0, 900).map(up_to))
# Codes of the coupons c0 to c2, and how much was given before by what has limits.
CODES = st.lists(st.sampled_from(["C0", "C1", "C2", "C0B"]), max_size=3, unique=True)
SPENT = st.dictionaries(
    st.builds(
        Counter,
        st.builds(
            "{}:{}".format,
            st.sampled_from(["promotion:p0", "promotion:p1", "coupon:c0", "coupon:c1"]),
            st.sampled_from(["uses", "points", "money"]),
        ),
        st.sampled_from([None, TODAY]),
        st.sampled_from([None, ANN.member_id]),
    ),
    st.integers(1, 3_000),
    max_size=3,
)
CARDS = st.one_of(
    st.none(),
    st.sampled_from([1, 5_000, 10**7]).map(
        lambda balance: GiftCard(
            merchant_id=ANN.merchant_id,
            code_hash=CARD,
            card_id="gft_1",
            currency="RUB",
            amount_minor=balance,
            balance_minor=balance,
            issued_at=NOON,
            state=GiftCardState.ACTIVE,
        )
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A sale to be, and all it depends on."""

    document: Fields
    account: Account
    lines: tuple[BasketLine, ...]
    redeem: Redeem
    channel: str
    store: str | None
    card: GiftCard | None
    codes: list[str]
    spent: Mapping[Counter, int]

    @property
    def presented(self) -> Presented:
        """Return the codes of coupons the program has, each for three uses, and counters."""
        known = {one["id"] for one in self.document.get("coupons", ())}
        codes = (
            PromoCode(code=code, coupon_id=f"c{code[1]}", max_uses=3) for code in self.codes
        )
        return Presented(tuple(code for code in codes if code.coupon_id in known), self.used)

    @property
    def used(self) -> Mapping[Counter, int]:
        """Return what counters say; those of the rules that are off are full."""
        return {**self.spent, **FULL}

    @property
    def occasion(self) -> Occasion:
        """Return what the sale is decided under."""
        return occasion(read_program(self.document, 1))

    @property
    def sale(self) -> Sale:
        """Return the sale."""
        return Sale(
            key=receipt_key(),
            member_id=ANN.member_id,
            sold_at=NOON,
            channel=self.channel,
            lines=self.lines,
            redeem=self.redeem,
            store_id=self.store,
            gift_card=GiftCardWish(CARD) if self.card else None,
            promo_codes=tuple(code.code for code in self.presented.codes),
        )

    def sold(self) -> LedgerChange:
        """Return what the sale writes."""
        return sell(
            self.account,
            self.sale,
            self.occasion,
            gift_card=self.card,
            presented=self.presented,
        )

    def receipt(self) -> Receipt:
        """Return the receipt it makes."""
        return receipt(self.sold())


CASES = st.builds(
    Case,
    document=DOCUMENTS,
    account=ACCOUNTS,
    lines=BASKETS,
    redeem=WISHES,
    channel=st.sampled_from(["offline", "online"]),
    store=st.sampled_from([None, "north", "south"]),
    card=CARDS,
    codes=CODES,
    spent=SPENT,
)
