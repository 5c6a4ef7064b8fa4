"""Promo codes: texts that name a coupon of the program, and how often each may be used.

A coupon is terms, written in the program: what it gives, on which lines. A code is what a
shopper says or shows. There are three kinds, told apart by where they are found:

- a named code, `SPRING10`, made by itself, used by many;
- a code of a batch: twelve symbols, each single-use or so, derived and never stored until
  it is used;
- a member's coupon: eight digits, of one member, single-use (R41), sent by SMS or got for
  points.

A code counts as used when it gave something. One that is good but fits nothing in the
basket is no error: the sale goes on, and the code stays as it was.

Case, spaces and hyphens do not matter (R40).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.code_batches import read_body
from chalicelib.domain.errors import DomainError
from chalicelib.domain.limits import Counter

CODES_MAX = 5  # on one receipt
CODE_LENGTH_MAX = 40


class PromoCodeRefused(DomainError):
    """A code that cannot be used now.

    `reason`: unknown, not_yet, expired, stopped, used_up, member_limit, member_required.
    """

    code = "promo_code_refused"

    def __init__(self, promo_code: str, reason: str, place: int = 0) -> None:
        words = _WORDS[reason]
        super().__init__(f"{promo_code}: {words}", promo_code=promo_code, reason=reason)
        self.reason = reason
        self.place = place  # among the codes of the sale


_WORDS = {
    "unknown": "there is no such code, or it belongs to another member",
    "not_yet": "the code is not valid yet",
    "expired": "the code is not valid any more",
    "stopped": "the code was stopped",
    "used_up": "the code has been used as often as it may be",
    "member_limit": "the member has used the code as often as one may",
    "member_required": "the code is for members: name the member",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PromoCode:
    """A code as it stands; how often it was used is a counter's."""

    code: str  # folded
    coupon_id: str
    max_uses: int | None = 1
    max_uses_per_member: int | None = None
    first: date | None = None  # business days, inclusive
    last: date | None = None
    is_stopped: bool = False
    member_id: str | None = None  # whose it is; None: anybody's

    @property
    def counter(self) -> Counter:
        """Return what counts its uses; a member's own digits may be another's too."""
        if self.member_id is not None:
            return own_counter(self.code, self.member_id)
        return Counter(f"code:{self.code}")

    def counter_of(self, member_id: str) -> Counter:
        """Return what counts a member's uses of it."""
        return Counter(f"code:{self.code}", member_id=member_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBatch:
    """Codes made at once. They differ in their number and its proof only."""

    batch_id: str  # three symbols, the first of each code's last twelve
    coupon_id: str
    count: int
    created_at: datetime
    prefix: str = ""  # folded; before the twelve
    max_uses: int | None = 1  # of each code
    first: date | None = None
    last: date | None = None
    is_stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCoupon:
    """A coupon of one member: bound to them, used once (R41)."""

    code: str  # eight digits
    member_id: str
    coupon_id: str
    given_at: datetime
    last: date | None = None  # business day, inclusive
    points: int = 0  # paid for it

    @property
    def promo_code(self) -> PromoCode:
        """Return it as a code that its member may use once."""
        return PromoCode(
            code=self.code, coupon_id=self.coupon_id, last=self.last, member_id=self.member_id
        )


@dataclass(frozen=True, slots=True)
class CodeUse:
    """What a code that was presented at a sale did there."""

    code: str
    coupon_id: str
    is_applied: bool = False  # else it gave nothing, and is as good as before
    discount_minor: int = 0
    points: int = 0


def own_counter(code: str, member_id: str) -> Counter:
    """Return what counts the one use of a member's coupon."""
    return Counter(f"own:{code}", member_id=member_id)


def counters_of(code: str, member_id: str | None) -> tuple[Counter, ...]:
    """Return what may count the uses of a code, before it is known what the code is.

    As a code of a batch it is counted as the batch spells it, whatever was typed.
    """
    body = read_body(code)
    found = [Counter(f"code:{code}")]
    if body is not None and body.code != code:
        found.append(Counter(f"code:{body.code}"))
    if member_id is not None:
        found += [Counter(f"code:{code}", member_id=member_id), own_counter(code, member_id)]
    return tuple(found)


def refusal_of(
    code: PromoCode, used: Mapping[Counter, int], *, on: date, member_id: str | None
) -> str | None:
    """Return why a code cannot be used on a business day, by a member or by nobody known."""
    of_member = code.max_uses_per_member
    uses = used.get(code.counter, 0)
    own_uses = used.get(code.counter_of(member_id), 0) if member_id else 0
    reasons = {
        "unknown": code.member_id not in (None, member_id),
        "stopped": code.is_stopped,
        "not_yet": code.first is not None and on < code.first,
        "expired": code.last is not None and on > code.last,
        "used_up": code.max_uses is not None and uses >= code.max_uses,
        "member_required": of_member is not None and member_id is None,
        "member_limit": of_member is not None and own_uses >= of_member,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def fold(text: str) -> str:
    """Return a code as it is stored, whatever was typed (R40).

    >>> fold(" spring-10 ")
    'SPRING10'
    """
    return "".join(ch for ch in text.upper() if not ch.isspace() and ch not in "-–—")
