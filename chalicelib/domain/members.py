"""Who a member is beside the points: profile, consents, anniversaries; and who may call.

Personal values (phone, name, e-mail, birth date) live only in `Profile`, which adapters
store sealed. Phones are E.164 text.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.account import MemberRef
from chalicelib.domain.browsers import Browser
from chalicelib.domain.kept_gift_cards import KeptGiftCard

CONSENTS_MAX = 50  # kept of one member


class ConsentPurpose(StrEnum):
    """What a shopper agrees to; each is asked for on its own."""

    PROGRAM = "program"  # processing of the data the program needs
    ADVERTISING = "advertising"


@dataclass(frozen=True, slots=True)
class Consent:
    """One answer to one question, as it was given."""

    purpose: ConsentPurpose
    granted: bool
    text_version: str
    language: str
    at: datetime
    source: str  # e.g. "sign_up:store-12", "me", "staff"


def with_consents(kept: tuple[Consent, ...], given: tuple[Consent, ...]) -> tuple[Consent, ...]:
    """Return the consents in the order they were given, those of `given` added once.

    Of too many the oldest go, but never the latest answer to any question.
    """
    new = tuple(consent for consent in given if consent not in kept)
    ordered = sorted((*kept, *new), key=lambda consent: consent.at)
    latest = {consent.purpose: place for place, consent in enumerate(ordered)}
    must = set(latest.values())
    others = [place for place in range(len(ordered)) if place not in must]
    room = CONSENTS_MAX - len(must)  # there are fewer questions than that
    places = sorted(must | set(others[len(others) - min(room, len(others)) :]))
    return tuple(ordered[place] for place in places)


@dataclass(frozen=True, slots=True)
class Anniversary:
    """A yearly day of a member: birthday, wedding, a child's birthday."""

    kind: str  # "birthday" or a name the program gives
    day: date  # the year is the real one, or 2000 where unknown
    granted_on: date | None = None  # last business day a grant was made for it


@dataclass(frozen=True, slots=True)
class AnniversaryKind:
    """What is remembered of a kind of day (not the birthday), also when none is listed."""

    kind: str
    edits: int = 0  # one by the member is allowed (R35)
    granted_on: date | None = None  # the latest grant known when the list was last edited


@dataclass(frozen=True, slots=True)
class Profile:
    """A member's personal data and consents. `revision` guards concurrent edits."""

    member: MemberRef
    phone: str | None
    language: str
    joined_at: datetime
    name: str | None = None
    email: str | None = None
    proven_email: str | None = None  # by a code: leads to the member, as a phone does
    store: str | None = None
    consents: tuple[Consent, ...] = ()
    anniversaries: tuple[Anniversary, ...] = ()
    anniversary_kinds: tuple[AnniversaryKind, ...] = ()  # ever listed, beside the birthday
    birth_date_edits: int = 0  # by the member; one is allowed (R35)
    referred_by: str | None = None  # member id
    card_numbers: tuple[str, ...] = ()
    old_codes: tuple[str, ...] = ()  # of a former program
    code: str = ""  # of the pass: L1 + 12 base32 symbols
    merged_phones: tuple[str, ...] = ()  # and proven e-mails, of members merged into this one
    merged_codes: tuple[str, ...] = ()  # of their passes
    replaced_codes: tuple[str, ...] = ()  # that find nobody any more
    browsers: tuple[Browser, ...] = ()  # signed in by a code
    gift_cards: tuple[KeptGiftCard, ...] = ()
    muted: tuple[str, ...] = ()  # notices the member switched off: "points.sms"
    removed_passes: tuple[str, ...] = ()  # taken from phones: their tokens open nothing
    anniversary_due: date | None = None  # day on which the job must look
    revision: int = 1
    metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NewPassCode:
    """A member's pass code, replaced: the profile that has the new one, and the old."""

    profile: Profile  # at the revision that was read
    old: str


@dataclass(frozen=True, slots=True)
class NewPhone:
    """A member's phone, replaced: the profile that has the new one, and what finds it."""

    profile: Profile  # at the revision that was read
    phone_hash: str
    old_hash: str | None  # leads to nobody from now on
    change_id: str  # of the change that comes to its end with it


@dataclass(frozen=True, slots=True)
class Leaving:
    """A member who goes: what led to them leads to the heir from now on, or nowhere.

    Of the profile nothing personal is left. Both profiles are at the revision that was read.
    """

    profile: Profile
    phone_hashes: tuple[str, ...]
    codes: tuple[str, ...]  # of passes
    card_hashes: tuple[str, ...]  # of old codes too
    replaced_codes: tuple[str, ...] = ()
    heir: Profile | None = None  # with what it inherits; None: the member is erased


@dataclass(frozen=True, slots=True)
class Merchant:
    """A tenant."""

    merchant_id: str
    name: str
    country: str  # ISO 3166-1 alpha-2: the default region of phone numbers
    phone_countries: tuple[str, ...]  # where codes may be sent; default: `country` alone
    language: str
    accent: str = "#7a3b12"  # hex colour of card and pass
    next_run_at: datetime | None = None  # when the scheduled work next looks here
    is_self_opened: bool = False  # by its owner, whom no operator knows: it sends less
    tells_points: bool = False  # by SMS or letter, which it pays for


class Scope(StrEnum):
    """What a key may do."""

    TILL = "till"
    GRANTS = "grants"
    HISTORY = "history"
    PROGRAM = "program"
    MEMBERS = "members"
    MANAGER = "manager"
    STAFF = "staff"  # stores, tills and people


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A till's or an online shop's credential, without the secret."""

    key_id: str
    merchant_id: str
    till_id: str  # names the caller for ever, whichever key it holds
    store_id: str
    scopes: frozenset[Scope]
    is_revoked: bool = False
    is_test: bool = False
    name: str = ""  # what its owner calls it
    created_at: datetime | None = None
    last_used_on: date | None = None  # the UTC day, noted once a day

    @property
    def is_at_till(self) -> bool:
        """Return whether it stands at a counter; a key that edits members is a shop's own.

        An online shop has signed its member in before it redeems anything.
        """
        return Scope.MEMBERS not in self.scopes


@dataclass(frozen=True, slots=True)
class SignUp:
    """A phone being proven by a code."""

    sign_up_id: str
    merchant_id: str
    phone: str  # stored sealed
    phone_hash: str
    code_hash: str
    nonce_hash: str  # of the client that asked
    language: str
    store: str | None
    consents: tuple[Consent, ...]
    referral_code: str | None
    created_at: datetime
    expires_at: datetime
    guesses: int = 0
    member_id: str | None = None  # once the code was used
    is_new_member: bool = False
    used_at: datetime | None = None
    email: str | None = None  # instead of a phone; stored sealed


@dataclass(frozen=True, slots=True)
class PhoneLink:
    """An address that was sent to a phone; one tap confirms whose it is."""

    token_hash: str
    member: MemberRef
    phone_hash: str  # of the phone it was sent to: it confirms no other
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LimitCharge:
    """Units taken from one limit: of a fixed window, or of any stretch of time.

    A fixed window counts units from its beginning; `window` names it. A sliding limit has
    a `period` and ends it after this charge (`ends_at`): no stretch that long, wherever it
    begins, holds more than `maximum` charges of one unit.
    """

    name: str  # "phone_minute", "phone_day", "ip_hour", "prefix_hour", "merchant_day"
    subject: str  # already hashed where personal
    window: str  # beginning and length; "sliding" with a period
    maximum: int
    ends_at: datetime  # end of the window: Retry-After, and when the counter may go
    units: int = 1
    period: timedelta | None = None  # of a sliding limit
    is_shared: bool = False  # of all merchants together


@dataclass(frozen=True, slots=True)
class SentCode:
    """One code sent to a prefix."""

    sign_up_id: str
    at: datetime
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class PrefixRecord:
    """The latest codes sent to one prefix of phone numbers, oldest first."""

    merchant_id: str
    prefix: str
    codes: tuple[SentCode, ...] = ()
    revision: int = 0  # 0: not stored yet


@dataclass(frozen=True, slots=True)
class OutgoingSms:
    """An SMS that must leave; it stays in the table until an operator has taken it."""

    message_id: str
    merchant_id: str
    to: str  # stored sealed
    text: str  # stored sealed
    created_at: datetime
    expires_at: datetime  # not sent after this moment
    attempts: int = 0
    route: str | None = None  # the route that took it last
    operator_id: str | None = None
    member_id: str | None = None  # not sent once this member has gone
    state: str = "waiting"  # waiting · taken · delivered · failed


@dataclass(frozen=True, slots=True)
class PromisedSms:
    """An SMS and what it takes from the limits, written with what it tells of."""

    sms: OutgoingSms
    charges: tuple[LimitCharge, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceRegistration:
    """A phone that wants to be told when a pass changes."""

    device_id: str
    pass_type: str
    serial: str
    push_token: str
    registered_at: datetime
    quiet_until: datetime | None = None  # Apple wants no push to this token before
    told: str = ""  # the marker it was told of, while another phone of the pass was not
    pass_id: str = ""  # which pass it holds: whence it was downloaded
