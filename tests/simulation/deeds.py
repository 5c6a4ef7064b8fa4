"""What virtual tills do, as values: one deed is one call with one idempotency key.

Two deeds with the same key and the same body are the same request asked twice; `body`
leaves the key out, as the fingerprint of a request does. A gift card is called by the key
of the deed that issued it.
"""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cached_property

SHOP = "roastery"
TILL = "till-1"
ANN, BOB, EVE, DAN = MEMBERS = ("mem_ann", "mem_bob", "mem_eve", "mem_dan")
FRIENDS = {EVE: ANN, DAN: ANN}  # friend → who brought them in
OPENING = datetime(2026, 6, 1, 20, 30, tzinfo=UTC)  # half an hour before midnight in Moscow
MOVED = "~moved"  # what the number of a moved receipt ends in

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
CARD_ISSUE = "gift card issue"
CARD_ACTIVATE = "gift card activation"
CARD_PAY = "gift card payment"
CARD_PURCHASE = "purchase by gift card"
CARD_RETURN = "return to gift card"
CARD_VOID = "gift card void"
ACTION = "action"
BOUGHT = "bought tier"
FRIEND_PURCHASE = "friend's purchase"
FRIEND_RETURN = "friend's return"
MOVE = "move"
CODE_PURCHASE = "purchase by code"
CODE_RETURN = "return of a code's sale"
EXCHANGE = "coupon for points"
GIVE = "coupon given"
CODE_CREATE = "promo code creation"
CONFIRMED = "confirmed redemption"
ERASE = "erasure"
MERGE = "merge"  # of `other` into `member`
SETTLE = "referral settling"
FINISH = "move finishing"
KINDS = (
    PURCHASE, REDEEMING, ANONYMOUS, ATTACH, REDEEM, GRANT, HOLD,
    CAPTURE, RELEASE, RETURN, VOID, OVERRIDE, JOB,
    CARD_ISSUE, CARD_ACTIVATE, CARD_PAY, CARD_PURCHASE, CARD_RETURN, CARD_VOID,
    ACTION, BOUGHT, FRIEND_PURCHASE, FRIEND_RETURN, MOVE, SETTLE, FINISH,
    CODE_PURCHASE, CODE_RETURN, EXCHANGE, GIVE, CODE_CREATE,
    CONFIRMED,
)  # fmt: skip
JOBS = frozenset({JOB, SETTLE, FINISH})  # no person asks, and there is no key
SALES = frozenset(
    {PURCHASE, REDEEMING, ANONYMOUS, CAPTURE, CARD_PURCHASE, FRIEND_PURCHASE, CODE_PURCHASE}
)
RETURNS = frozenset({RETURN, VOID, CARD_RETURN, FRIEND_RETURN, CODE_RETURN})
CARD_DEEDS = frozenset({CARD_ISSUE, CARD_ACTIVATE, CARD_PAY, CARD_VOID})
# What no till asks for, but follows from what it did: operations of their own.
POSTING = "posting of a moved receipt"
REWARD = "reward of a referral"
FORGONE = "reward never given"
REWARD_BACK = "reward taken back"
AUTOMATIC = "coupon that came by itself"
HALF_MOVE = "half a move"  # of the opening: its process died before the posting
MOVES = frozenset({MOVE, HALF_MOVE})  # `member` is who gets the receipt

Line = tuple[int, int, str]  # unit price in minor units, thousandths, category


@dataclass(frozen=True, kw_only=True)  # no slots: `body` is asked for again and again
class Deed:
    """One call, with all it says."""

    kind: str
    key: str
    member: str = ANN  # "": nobody
    lines: tuple[Line, ...] = ()
    redeem: int | None = None  # points asked for
    is_exact: bool = False
    receipt: str = ""
    hold: str = ""
    return_id: str = ""
    returned: tuple[tuple[int, int], ...] | None = None  # (line, thousandths); None: all
    is_void: bool = False
    points: int = 0
    days: int | None = None
    total_minor: int = 0  # of the receipt to attach, or what a gift card is to pay alone
    tier: str = ""
    card: str = ""
    amount_minor: int | None = None  # of a new card; asked of one, exactly; None: all it has
    is_active: bool = False
    action: str = ""
    codes: tuple[str, ...] = ()  # presented or made; "@k1": the coupon that deed k1 brought
    coupon: str = ""  # of the program
    is_at_till: bool = False  # so that the program may ask for a confirmation
    confirmation: str = ""  # that is named
    other: str = ""  # who becomes one with the member

    def __str__(self) -> str:
        """Return what is not as it is by default, short enough for a message."""
        named = ((one.name, one.default) for one in fields(self))
        said = {
            name: getattr(self, name) for name, usual in named if getattr(self, name) != usual
        }
        return " ".join(f"{name}={value}" for name, value in said.items())

    @cached_property
    def body(self) -> str:
        """Return what the fingerprint is made of."""
        return repr([value for name, value in vars(self).items() if name != "key"])

    @property
    def client(self) -> str:
        """Return who asks: the same key of another client is another operation."""
        return TILL
