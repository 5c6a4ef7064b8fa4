"""What the word of a till that it had no network is worth.

A sale some minutes old has settled as an offline one ever since (R50): the shopper was given
the points' worth and has gone. One of this very moment is believed too if the till says so,
but only up to the program's offline limit for one member and business day, at all tills
together; above that it is a sale like any other, with the confirmation it may need. Whatever
settles is counted, by member and by till, for whoever runs the shop.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.limits import Counter, Take
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.pricing import RedeemMode
from chalicelib.domain.sales import Sale, is_late


def member_counter(member_id: str, on: date) -> Counter:
    """Return what counts a member's points redeemed offline on a business day."""
    return Counter(f"offline:{on.isoformat()}", day=on, member_id=member_id)


def till_counter(till_id: str, on: date) -> Counter:
    """Return what counts a till's."""
    return Counter(f"offline:{till_id}", day=on)


def is_on_its_word(sale: Sale, at: datetime) -> bool:
    """Return whether nothing but the till's word makes a redemption an offline one."""
    redeems = sale.member_id is not None and sale.redeem.mode is not RedeemMode.NONE
    return redeems and sale.is_offline and not is_late(replace(sale, is_offline=False), at)


def believed(sale: Sale, occasion: Occasion, used: Mapping[Counter, int]) -> Sale:
    """Return the sale as it settles: the till's word is taken while the day has room."""
    limit = occasion.program.offline_redeem_limit
    asked = limit if sale.redeem.points is None else sale.redeem.points
    counter = _counter_of(sale, occasion)
    if limit and used.get(counter, 0) + asked <= limit:
        return sale
    return replace(sale, is_offline=False)


def counted_offline(change: LedgerChange, sale: Sale, occasion: Occasion) -> LedgerChange:
    """Return the change with its offline redemption counted; most redeem nothing."""
    receipt = change.new_receipt
    if receipt is None or not receipt.redeemed or not is_late(sale, occasion.at):
        return change
    if receipt.hold_id:  # set aside beforehand, and asked about then
        return change
    limit = occasion.program.offline_redeem_limit
    most = limit if is_on_its_word(sale, occasion.at) else None
    takes = (
        Take(_counter_of(sale, occasion), receipt.redeemed, most),
        Take(till_counter(sale.key.till_id, _sold_on(sale, occasion)), receipt.redeemed),
    )
    return replace(change, takes=(*change.takes, *takes))


def _counter_of(sale: Sale, occasion: Occasion) -> Counter:
    assert sale.member_id is not None, "only a member redeems"
    return member_counter(sale.member_id, _sold_on(sale, occasion))


def _sold_on(sale: Sale, occasion: Occasion) -> date:
    return occasion.program.local_date(sale.sold_at)
