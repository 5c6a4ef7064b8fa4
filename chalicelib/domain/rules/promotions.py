"""Promotions for a time: more points or a discount, by goods, place, people and weekday.

They are for members, and nobody has to ask for them. What they share with coupons is in
`offers.py`.
"""

from dataclasses import dataclass

from chalicelib.domain.basket import Buyer, Pricing, Stage
from chalicelib.domain.document_reader import Reader
from chalicelib.domain.rules.frame import Frame
from chalicelib.domain.rules.offer_terms import read_fit, read_limits, read_reward
from chalicelib.domain.rules.offers import Offer

PROMOTIONS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion(Offer):
    """One promotion."""

    kind: str = "promotion"

    @property
    def stage(self) -> Stage:
        """Return when it acts."""
        return Stage.DISCOUNT if self.reward.is_discount else Stage.EARNING

    def is_for(self, buyer: Buyer) -> bool:
        """Return whether it is for that buyer: a member."""
        return buyer.is_member

    def apply(self, pricing: Pricing) -> None:
        """Reward the lines it fits."""
        self.give(pricing)


def read(reader: Reader, frame: Frame) -> list[Promotion]:
    """Read `promotions`."""
    found: list[Promotion] = []
    for inner in reader.each("promotions", maximum=PROMOTIONS_MAX):
        reward = read_reward(inner, frame, may_be_amount=False)
        promotion = Promotion(
            offer_id=inner.text("id"),
            fit=read_fit(inner, frame),
            reward=reward,
            limits=read_limits(inner, frame, reward),
        )
        if promotion.offer_id in {other.offer_id for other in found}:
            inner.fault("id", f"there are two promotions {promotion.offer_id}")
        inner.refuse_unread()
        found.append(promotion)
    return found
