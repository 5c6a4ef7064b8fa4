"""The rules of proving a phone by SMS (R44, NIST SP 800-63B-4): limits, guesses, repeats."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import LimitCharge, PrefixRecord, SentCode, SignUp

PREFIX_DIGITS = 7
SLIDING_MAX = 20  # charges kept one by one; a limit above it counts in fixed windows
BUDGET = "budget"  # the subject of a limit of money
CLAIMS_PER_DAY = 5  # receipts a member may ask for in vain, and may be given
CONVERSION_DAYS = 7  # codes older than this say nothing of a prefix any more


class SignUpNotFound(DomainError):
    """There is no such sign-up."""

    code = "sign_up_not_found"


class CodeWrong(DomainError):
    """Not the code that was sent."""

    code = "code_wrong"

    def __init__(self, attempts_left: int) -> None:
        super().__init__(
            f"not the code that was sent; {attempts_left} attempts left",
            attempts_left=attempts_left,
        )


class CodeExpired(DomainError):
    """The code's time is over."""

    code = "code_expired"


class CodeUsed(DomainError):
    """The code was used, by somebody else or too long ago."""

    code = "code_used"


class CodeLocked(DomainError):
    """Too many guesses; a new code is needed, or a day's wait."""

    code = "code_locked"


class PrefixBlocked(DomainError):
    """Too few of the codes sent to this range of numbers are ever used."""

    code = "too_many_codes"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsPolicy:
    """The limits; defaults are in `settings.py` alone."""

    code_minutes: int
    guesses_max: int
    resend_seconds: int
    repeat_answer_minutes: int
    per_phone_minute: int
    per_phone_day: int
    per_ip_hour: int
    per_till_hour: int
    per_prefix_hour: int
    per_merchant_day_minor: int
    per_new_merchant_day_minor: int  # of a shop that opened itself
    per_day_of_new_merchants_minor: int  # of all those together
    lifted_merchants: frozenset[str]  # that opened themselves, and are trusted since
    per_phone_day_in_all: int  # "in all": over all merchants together
    per_ip_hour_in_all: int
    per_prefix_hour_in_all: int
    per_day_in_all_minor: int
    price_minor: int
    failures_per_phone_day: int
    conversion_window: int
    conversion_percent: int


def charges_for(
    *, phone_hash: str, prefix: str, ip: str, at: datetime, policy: SmsPolicy
) -> tuple[LimitCharge, ...]:
    """Return what sending one code takes from each limit, in the order they are told.

    A phone's own limits slide and are exact. The others count in fixed windows: their
    maxima are too large to keep each moment, and twice as many where two windows meet
    harms nobody.
    """
    minute = timedelta(seconds=policy.resend_seconds)
    hour, day = timedelta(hours=1), timedelta(days=1)
    return (
        sliding_charge("phone_minute", phone_hash, at, minute, policy.per_phone_minute),
        sliding_charge("phone_day", phone_hash, at, day, policy.per_phone_day),
        address_charge(ip, at, policy),
        window_charge("prefix_hour", prefix, at, hour, policy.per_prefix_hour),
        _budget(at, policy),
    )


def address_charge(ip: str, at: datetime, policy: SmsPolicy) -> LimitCharge:
    """Return what a sign-up takes from the limit of its address."""
    return window_charge("ip_hour", ip, at, timedelta(hours=1), policy.per_ip_hour)


def letter_charges(
    email_hash: str, ip: str, at: datetime, policy: SmsPolicy
) -> tuple[LimitCharge, ...]:
    """Return what a code by e-mail takes: as by SMS, but for what guards the money."""
    codes = charges_for(phone_hash=email_hash, prefix="", ip=ip, at=at, policy=policy)
    return tuple(one for one in codes if one.name not in {"prefix_hour", "merchant_day"})


def letter_confirmation_charges(
    email_hash: str, at: datetime, policy: SmsPolicy
) -> tuple[LimitCharge, ...]:
    """Return what a code takes that a member is sent by e-mail instead of to a phone."""
    letters = letter_charges(email_hash, "", at, policy)
    return tuple(charge for charge in letters if charge.name != "ip_hour")


def message_charges(
    phone_hash: str, at: datetime, policy: SmsPolicy
) -> tuple[LimitCharge, ...]:
    """Return what a message that is no code takes from each limit.

    It is paid from the merchant's budget, as codes are. A phone's own limit is another than
    that of codes: advertising must not keep anybody from signing in. Addresses and prefixes
    are not counted: the merchant sends it, to a phone that has been proven.
    """
    day = timedelta(days=1)
    return (
        sliding_charge("phone_messages_day", phone_hash, at, day, policy.per_phone_day),
        _budget(at, policy),
    )


def confirmation_charges(
    phone_hash: str, prefix: str, at: datetime, policy: SmsPolicy
) -> tuple[LimitCharge, ...]:
    """Return what a code that confirms a redemption takes from each limit.

    The limits of codes, as one phone is sent both. Addresses are not counted: the till asks,
    one address for all its members.
    """
    codes = charges_for(phone_hash=phone_hash, prefix=prefix, ip="", at=at, policy=policy)
    return tuple(charge for charge in codes if charge.name != "ip_hour")


def link_charges(
    phone_hash: str, prefix: str, till: str, at: datetime, policy: SmsPolicy
) -> tuple[LimitCharge, ...]:
    """Return what a link for a member typed in at a till takes from each limit.

    The limits of codes, as one phone is sent both; instead of an address the till is counted.
    """
    codes = charges_for(phone_hash=phone_hash, prefix=prefix, ip="", at=at, policy=policy)
    hour = timedelta(hours=1)
    of_till = window_charge("till_hour", till, at, hour, policy.per_till_hour)
    return tuple(of_till if charge.name == "ip_hour" else charge for charge in codes)


def together(*charges: LimitCharge) -> tuple[LimitCharge, ...]:
    """Return the charges of several messages of one write, each limit once.

    Both take from the same limit what one takes; of a limit that slides that cannot be
    said, and nobody sends one phone two messages at once.
    """
    found: dict[tuple[str, str, str], LimitCharge] = {}
    for charge in charges:
        place = charge.name, charge.subject, charge.window
        known = found.get(place)
        assert known is None or charge.period is None, "one message to a phone at once"
        units = charge.units + (known.units if known else 0)
        found[place] = replace(charge, units=units)
    return tuple(found.values())


def claim_failure(member_id: str, at: datetime) -> LimitCharge:
    """Return what asking for a receipt in vain takes from its member's tries."""
    return sliding_charge("receipt_claims", member_id, at, timedelta(days=1), CLAIMS_PER_DAY)


def claim_made(member_id: str, at: datetime) -> LimitCharge:
    """Return what a receipt that is claimed takes from its member's day."""
    return sliding_charge("receipts_claimed", member_id, at, timedelta(days=1), CLAIMS_PER_DAY)


def gift_card_failure(member_id: str, at: datetime) -> LimitCharge:
    """Return what a code that is no gift card's takes from its member's tries."""
    return sliding_charge("gift_card_codes", member_id, at, timedelta(days=1), CLAIMS_PER_DAY)


def confirmation_failure(member_id: str, at: datetime, policy: SmsPolicy) -> LimitCharge:
    """Return what a wrong code of a card takes from its member's failures."""
    day = timedelta(days=1)
    most = policy.failures_per_phone_day
    return sliding_charge("confirmation_failures", member_id, at, day, most)


def failure_charge(phone_hash: str, at: datetime, policy: SmsPolicy) -> LimitCharge:
    """Return what one guess takes from the phone's failures, counted across codes."""
    day = timedelta(days=1)
    return sliding_charge("phone_failures", phone_hash, at, day, policy.failures_per_phone_day)


def prefix_of(phone: str) -> str:
    """Return the first seven digits of an E.164 number.

    >>> prefix_of("+79990000001")
    '7999000'
    """
    return phone.removeprefix("+")[:PREFIX_DIGITS]


def refuse_pumping(record: PrefixRecord, at: datetime, policy: SmsPolicy) -> None:
    """Refuse a prefix whose codes are hardly ever used: somebody earns on sending them.

    Only codes that have had their time are judged, and none older than `CONVERSION_DAYS`:
    a prefix that is blocked gets no new ones, and must not stay so for ever.

    Raises:
        PrefixBlocked: fewer than `conversion_percent` of the last ones were verified.
    """
    settled = at - timedelta(minutes=policy.code_minutes)
    since = at - timedelta(days=CONVERSION_DAYS)
    recent = [code for code in record.codes if code.at > since]
    judged = [code for code in recent if code.is_verified or code.at <= settled]
    judged = judged[-policy.conversion_window :]
    verified = sum(code.is_verified for code in judged)
    is_enough = len(judged) >= policy.conversion_window
    if is_enough and verified * 100 < policy.conversion_percent * len(judged):
        raise PrefixBlocked("codes to numbers of this range are stopped for now")


def with_code(record: PrefixRecord, code: SentCode, policy: SmsPolicy) -> PrefixRecord:
    """Return the record with one more code sent."""
    kept = (*record.codes, code)[-2 * policy.conversion_window :]
    return replace(record, codes=kept)


def with_verified(record: PrefixRecord, sign_up_id: str) -> PrefixRecord:
    """Return the record with that code marked as verified."""
    codes = tuple(
        replace(code, is_verified=True) if code.sign_up_id == sign_up_id else code
        for code in record.codes
    )
    return replace(record, codes=codes)


def refuse_used(sign_up: SignUp, nonce_hash: str, at: datetime, policy: SmsPolicy) -> None:
    """Refuse a code that was used, unless the same client asks again in time (R44).

    Raises:
        CodeUsed: it is somebody else, or too late.
    """
    if sign_up.used_at is None:
        return
    until = sign_up.used_at + timedelta(minutes=policy.repeat_answer_minutes)
    if sign_up.nonce_hash != nonce_hash or at > until:
        raise CodeUsed("this code was used")


def _budget(at: datetime, policy: SmsPolicy) -> LimitCharge:
    """Return what one message costs the merchant."""
    day, most = timedelta(days=1), policy.per_merchant_day_minor
    charge = window_charge("merchant_day", BUDGET, at, day, most)
    return replace(charge, units=policy.price_minor)


def sliding_charge(
    name: str, subject: str, at: datetime, period: timedelta, maximum: int
) -> LimitCharge:
    """Return a charge of a limit that holds for every stretch of that length."""
    if not 1 <= maximum <= SLIDING_MAX:
        return window_charge(name, subject, at, period, maximum)
    return LimitCharge(name, subject, "sliding", maximum, at + period, period=period)


def window_charge(
    name: str, subject: str, at: datetime, window: timedelta, maximum: int
) -> LimitCharge:
    """Return a charge on the window of that length that `at` falls into."""
    seconds = max(1, int(window.total_seconds()))
    begins = int(at.timestamp()) // seconds * seconds
    ends_at = datetime.fromtimestamp(begins + seconds, UTC)
    return LimitCharge(name, subject, f"{begins}+{seconds}", maximum, ends_at)
