"""Open a card without a phone: for a number no message reaches, or while none gets through.

It earns and redeems nothing until a phone is added, whose codes then confirm the member. An
address opens only so many: nothing else stands between a stranger and many empty cards.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.account import MemberRef
from chalicelib.domain.browsers import Browser
from chalicelib.domain.entries import LedgerEntry, Operation
from chalicelib.domain.members import Consent, Profile
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.sign_ups import CodeUsed, address_charge
from chalicelib.domain.unverified import CARD_ONLY_DAYS, join_unverified
from chalicelib.ports import AlreadyRecorded, CommitConflict, StoreUnavailable, Trouble
from chalicelib.usecases.card_tokens import browser_id_of
from chalicelib.usecases.enrolment import Doors, Verified
from chalicelib.usecases.write_once import program_of

CLIENT = "card_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRequest:
    """A shopper's wish for a card without a phone."""

    merchant_id: str
    language: str
    consents: tuple[Consent, ...]
    client_nonce: str
    ip: str  # of the client; /64 for IPv6
    label: str  # of the browser
    store: str | None = None


def open_card(request: CardRequest, *, at: datetime, doors: Doors) -> Verified:
    """Open a card; the same client asking again soon gets the same one.

    Raises:
        LimitReached: the address has opened as many as it may.
        CodeUsed: the client did so long ago; it is to ask anew.
        MerchantNotFound.
    """
    nonce = doors.keyring.fingerprint("nonce", request.merchant_id, request.client_nonce)
    operation = Operation(request.merchant_id, CLIENT, nonce, nonce)
    browser_id = browser_id_of(request.merchant_id, f"card~{nonce}", doors.keyring)
    recorded = doors.book.ledger.recorded(operation)
    if recorded is not None:
        return _same(recorded.entry, browser_id, at, doors)
    program = program_of(request.merchant_id, doors.merchants)
    address = doors.keyring.fingerprint("ip", request.ip)
    doors.sign_ups.take(request.merchant_id, address_charge(address, at, doors.policy))
    profile = _profile(request, Browser(browser_id, request.label, at, at.date()), at, doors)
    trouble: Trouble = StoreUnavailable("no attempt was made")
    for _ in doors.pacer.attempts():
        change = join_unverified(
            profile.member, Occasion(program, at, operation), CARD_ONLY_DAYS
        )
        try:
            doors.members.register(profile, change, phone_hash=None, sign_up=None)
        except AlreadyRecorded as error:
            return _same(error.recorded.entry, browser_id, at, doors)
        except (CommitConflict, StoreUnavailable) as error:
            trouble = error
            profile = replace(profile, code=doors.keyring.new_pass_code())
            continue
        return Verified(profile.member, is_new=True, browser_id=browser_id)
    raise trouble


def _same(entry: LedgerEntry | None, browser_id: str, at: datetime, doors: Doors) -> Verified:
    assert entry is not None, "a card was opened with an entry"
    if at > entry.at + timedelta(minutes=doors.policy.repeat_answer_minutes):
        raise CodeUsed("this client has opened a card; begin anew")
    return Verified(entry.member, is_new=True, browser_id=browser_id)


def _profile(request: CardRequest, browser: Browser, at: datetime, doors: Doors) -> Profile:
    return Profile(
        member=MemberRef(request.merchant_id, doors.keyring.new_id("mem")),
        phone=None,
        language=request.language,
        joined_at=at,
        store=request.store,
        consents=request.consents,
        browsers=(browser,),
        code=doors.keyring.new_pass_code(),
    )
