"""Members whom nobody is, for cashiers who learn: one with points, one who is new.

They are made anew each time and written nowhere, so that everybody begins with the same.
"""

from datetime import date, timedelta
from typing import Final

from chalicelib.domain.account import Account, Lot, LotSource, MemberRef

SAMPLE_POINTS: Final = 500
_SINCE: Final = timedelta(days=30)
_UNTIL: Final = timedelta(days=60)
SAMPLES: Final[tuple[tuple[str, int], ...]] = (("sample_1", SAMPLE_POINTS), ("sample_2", 0))


def sample_account(merchant_id: str, member_id: str, on: date) -> Account | None:
    """Return the account of a sample member; None: it is none."""
    points = dict(SAMPLES).get(member_id)
    if points is None:
        return None
    lot = Lot(
        lot_id=1,
        source=LotSource.GRANT,
        granted_on=on - _SINCE,
        active_from=on - _SINCE,
        expires_on=on + _UNTIL,
        points=points,
    )
    return Account(MemberRef(merchant_id, member_id), version=1, lots=(lot,) if points else ())
