"""List who owes points, and which changes of phones staff should know of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.attention import Debt, PhoneWait
from chalicelib.domain.phone_changes import ChangeState, PhoneChange
from chalicelib.ports import Attention
from chalicelib.usecases.day_book import DayDesk, bring_up
from chalicelib.usecases.phone_changes import open_change
from chalicelib.usecases.phone_codes import NumberDesk


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change of a phone as it stands; `change` is None where it is done."""

    wait: PhoneWait
    change: PhoneChange | None


def list_debts(
    merchant_id: str,
    *,
    desk: DayDesk,
    has_time: Callable[[], bool],
    after: str | None = None,
    limit: int,
) -> tuple[Debt, ...]:
    """Return who owes points, what the outbox has not come to included."""
    if after is None:
        bring_up(merchant_id, desk, has_time)
    return desk.attention.debts(merchant_id, after=after, limit=limit)


def list_waiting(
    merchant_id: str,
    *,
    at: datetime,
    attention: Attention,
    desk: NumberDesk,
    limit: int,
) -> tuple[Waiting, ...]:
    """Return changes of phones that a manager decides about, and pauses that run."""
    found = []
    for wait in attention.waits(merchant_id, at=at, limit=limit):
        change = None if wait.is_pause else open_change(wait.member, at=at, desk=desk)
        is_open = change is not None and change.state(at) is ChangeState.AWAITING_APPROVAL
        if wait.is_pause or is_open:
            found.append(Waiting(wait, change))
    return tuple(found)
