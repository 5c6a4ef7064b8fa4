"""What virtual tills do, as values: one deed is one call with one idempotency key.

Two deeds with the same key and the same body are the same request asked twice; `body`
leaves the key out, as the fingerprint of a request does.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

SHOP = "roastery"
TILL = "till-1"
MEMBERS = ("mem_ann", "mem_bob")
OPENING = datetime(2026, 6, 1, 20, 30, tzinfo=UTC)  # half an hour before midnight in Moscow

PURCHASE = "purchase"
REDEEMING = "redeeming purchase"
ANONYMOUS = "anonymous purchase"
ATTACH = "attach"
REDEEM = "redeem"
GRANT = "grant"
HOLD = "hold"
CAPTURE = "capture"
RELEASE = "release"
RETURN = "return"
VOID = "void"
OVERRIDE = "tier override"
JOB = "expiry job"
KINDS = (
    PURCHASE, REDEEMING, ANONYMOUS, ATTACH, REDEEM, GRANT, HOLD,
    CAPTURE, RELEASE, RETURN, VOID, OVERRIDE, JOB,
)  # fmt: skip

Line = tuple[int, int]  # unit price in minor units, quantity in thousandths


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One call, with all it says."""

    kind: str
    key: str
    member: str = MEMBERS[0]
    lines: tuple[Line, ...] = ()
    redeem: int | None = None  # points asked for
    is_exact: bool = False
    receipt: str = ""
    hold: str = ""
    return_id: str = ""
    returned: tuple[tuple[int, int], ...] | None = None  # (line, thousandths); None: all
    points: int = 0
    days: int | None = None
    total_minor: int = 0
    tier: str = ""

    @property
    def body(self) -> str:
        """Return what the fingerprint is made of."""
        return repr(replace(self, key=""))

    @property
    def client(self) -> str:
        """Return who asks: the same key of another client is another operation."""
        return TILL
