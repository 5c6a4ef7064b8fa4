"""The shop's own switch of messages about points, with its record."""

from chalicelib.domain.audit import Deed
from chalicelib.ports import Merchants
from chalicelib.usecases.pins import TillDesk
from chalicelib.usecases.staff import Doer, record_of


def switch_notices(*, is_on: bool, doer: Doer, merchants: Merchants, desk: TillDesk) -> None:
    """Let members be told of their points by SMS and letter, or no longer."""
    deed = Deed.NOTICES_ON if is_on else Deed.NOTICES_OFF
    # The record first: messages that nobody is known to have switched on would be worse.
    desk.room.note(record_of(deed, "", doer, desk))
    merchants.tell_points(doer.merchant_id, is_on=is_on)
