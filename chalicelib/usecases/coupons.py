"""Members' coupons: give one, turn points into one, list them.

The eight digits are derived from the operation, so that nothing unwritten is handed out; they
are drawn again where the member has a coupon of these digits. They stand in the ledger entry,
which answers a repeat.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain import coupons as decisions
from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.coupons import CODE_DIGITS, HeldCoupon, held, next_automatic, terms_of
from chalicelib.domain.entries import LedgerChange, LedgerEntry, Operation
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import MemberNotFound, present
from chalicelib.domain.members import OutgoingSms, Profile, PromisedSms
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.pricing import InsufficientPoints
from chalicelib.domain.promo_codes import MemberCoupon
from chalicelib.domain.rules.coupons import coupons_of
from chalicelib.domain.shared_limits import policy_of, shared_message_charges
from chalicelib.domain.sign_ups import SmsPolicy, message_charges
from chalicelib.domain.till_rule import NO_TILL, Presence
from chalicelib.ports import Keyring, LimitReached, Members, PromoCodes
from chalicelib.usecases.members import phone_hash_of, reached_by
from chalicelib.usecases.till_rule import guarded
from chalicelib.usecases.write_once import (
    Answered,
    Book,
    entry_of,
    merchant_of,
    program_of,
    write_once,
)

AUTOMATIC_MAX = 10  # exchanges in one go; the account stays marked, and the next goes on
AUTOMATIC_CLIENT = "coupons"  # the caller of every exchange that nobody asked for
MESSAGE_HOURS = 24  # a coupon's message is not sent later

Text = Callable[[Profile, MemberCoupon], str]  # what a message says of a coupon


class TooManyMessages(DomainError):
    """The phone, or the merchant, has had as many messages as allowed."""

    code = "too_many_messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponWish:
    """A coupon to be given, or got for points."""

    coupon_id: str
    is_for_points: bool
    valid_days: int | None = None  # of a given one; None: the program's
    text: Text | None = None  # None: the member is sent nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponDesk:
    """The ports a coupon goes through."""

    book: Book
    members: Members
    keyring: Keyring
    policy: SmsPolicy


def bring_coupon(
    member: MemberRef,
    wish: CouponWish,
    operation: Operation,
    *,
    at: datetime,
    desk: CouponDesk,
    presence: Presence = NO_TILL,
) -> Answered[LedgerEntry]:
    """Give a member a coupon, or exchange points for it; the entry tells its code.

    Raises:
        DomainError: `MemberNotFound`, `CouponUnknown`, `CouponNotOffered`,
            `InsufficientPoints`, `ConfirmationRequired`, `NoConsent`, `NoPhone`,
            `TooManyMessages`, `KeyReused`.
    """
    program = program_of(member.merchant_id, desk.book.merchants)
    occasion = Occasion(program, at, operation)
    parts = (member.merchant_id, member.member_id, operation.client, operation.key)
    codes = _codes(int(desk.keyring.fingerprint("coupon", *parts), 16))

    def decide() -> LedgerChange:
        account = present(desk.book.ledger.account(member))
        change = _decided(account, wish, next(codes), occasion)
        change = guarded(change, presence, occasion, desk.book)
        return change if wish.text is None else _told(change, wish.text, at, desk)

    try:
        return entry_of(write_once(operation, decide, desk.book))
    except LimitReached as error:
        raise TooManyMessages("no more messages may be sent for now") from error


def exchange_what_comes_by_itself(account: Account, *, at: datetime, book: Book) -> int:
    """Turn points into the coupons the program exchanges by itself: how many.

    Each is decided on the account as it then is, so that workers side by side, or one that
    is run again, make as many as the points are for. Their digits come from the account's
    chain of hashes: the outbox holds no secret.
    """
    if not account.lots:
        return 0
    program = program_of(account.member.merchant_id, book.merchants)
    for done in range(AUTOMATIC_MAX):
        coupon = next_automatic(program, account, at)
        if coupon is None:
            return done
        member = account.member
        key = f"coupon~{member.member_id}~{coupon.offer_id}~{account.version}"
        operation = Operation(member.merchant_id, AUTOMATIC_CLIENT, key, "")
        occasion = Occasion(program, at, operation)
        try:
            _exchange(account, coupon.offer_id, occasion, book)
            account = present(book.ledger.account(member))
        except (InsufficientPoints, MemberNotFound):  # somebody was faster
            return done
    return AUTOMATIC_MAX


def list_coupons(
    member: MemberRef, *, at: datetime, book: Book, codes: PromoCodes
) -> tuple[HeldCoupon, ...]:
    """Return a member's coupons, the latest first. Raises MemberNotFound."""
    program = program_of(member.merchant_id, book.merchants)
    present(book.ledger.account(member))
    found = sorted(
        codes.coupons(member), key=lambda one: (one.given_at, one.code), reverse=True
    )
    counters = {one.code: one.promo_code.counter for one in found}
    used = codes.used(member.merchant_id, tuple(counters.values()))
    terms, on = coupons_of(program), program.local_date(at)
    return tuple(
        held(one, terms.get(one.coupon_id), used.get(counters[one.code], 0), on)
        for one in found
    )


def _exchange(seen: Account, coupon_id: str, occasion: Occasion, book: Book) -> None:
    wish = CouponWish(coupon_id=coupon_id, is_for_points=True)
    codes = _codes(int(seen.entry_hash or "0", 16))

    def decide() -> LedgerChange:
        account = present(book.ledger.account(seen.member))
        return _decided(account, wish, next(codes), occasion)

    write_once(occasion.operation, decide, book)


def _decided(account: Account, wish: CouponWish, code: str, occasion: Occasion) -> LedgerChange:
    coupon = terms_of(occasion.program, wish.coupon_id)
    if wish.is_for_points:
        return decisions.exchange(account, coupon, code, occasion)
    return decisions.give(account, coupon, code, occasion, valid_days=wish.valid_days)


def _told(change: LedgerChange, text: Text, at: datetime, desk: CouponDesk) -> LedgerChange:
    """Return the change with a message that tells the member of the coupon."""
    assert change.coupon is not None, "the change brings a coupon"
    merchant_id = change.operation.merchant_id
    profile = desk.members.profile(MemberRef(merchant_id, change.coupon.member_id))
    if profile is None:
        raise MemberNotFound("there is no such member")
    phone = decisions.phone_to_tell(profile)
    sms = OutgoingSms(
        message_id=desk.keyring.new_id("sms"),
        merchant_id=merchant_id,
        to=phone,
        text=text(profile, change.coupon),
        created_at=at,
        expires_at=at + timedelta(hours=MESSAGE_HOURS),
        member_id=profile.member.member_id,
    )
    phone_hash = phone_hash_of(merchant_id, phone, desk.keyring)
    merchant = merchant_of(merchant_id, desk.book.merchants)
    policy = policy_of(merchant, desk.policy)
    charges = (
        *message_charges(phone_hash, at, policy),
        *shared_message_charges(reached_by(merchant, phone, at, desk.keyring), policy),
    )
    return replace(change, message=PromisedSms(sms, charges))


def _codes(number: int) -> Iterator[str]:
    """Yield codes for a new coupon; another one each time, as one may be taken."""
    while True:
        yield f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
        number = number * 31 + 1  # far from the last: neighbours could be guessed
