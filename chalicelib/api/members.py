"""Members as tills and the office see them: look-ups, profile, ledger, past balances."""

from typing import Any

from chalice import Blueprint

from chalicelib.api.book import directory
from chalicelib.api.confirmations import verification
from chalicelib.api.coupon_words import offers_json
from chalicelib.api.coupons import held_coupons
from chalicelib.api.endpoint import endpoint
from chalicelib.api.entries import entry_json, staff_entry_json
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.kept_gift_cards import held_of, offered_json
from chalicelib.api.models.members import (
    BalanceOnAnswer,
    BalanceQuery,
    LedgerAnswer,
    LedgerQuery,
    LookupAnswer,
    LookupBody,
    MemberAnswer,
    ProfileBody,
)
from chalicelib.api.models.new_members import MembersQuery
from chalicelib.api.notices import choices_of
from chalicelib.api.parsing import BadRequest
from chalicelib.api.people import lookup_json, member_json, tier_json
from chalicelib.api.phones import parse_phone
from chalicelib.api.receipts import balance_json
from chalicelib.api.speaking import language_of
from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.anniversaries import BIRTHDAY
from chalicelib.domain.ledger import MemberNotFound, present
from chalicelib.domain.members import Anniversary, Scope
from chalicelib.usecases.identifiers import find_by_old_code
from chalicelib.usecases.members import (
    ProfileEdit,
    edit_profile,
    find_by_card,
    find_by_code,
    find_by_phone,
    past_view,
    view_member,
)
from chalicelib.usecases.spoken import note_shown, note_spoken
from chalicelib.usecases.write_once import MerchantNotFound
from chalicelib.wiring import services
from passes.codes import parse_code
from passes.rotating import ShownCode, parse_shown

members = Blueprint(__name__)

RECENT_MAX = 5
_CURSOR_PREFIX = "v"
_TILL_OR_OFFICE = scoped(Scope.TILL, Scope.MEMBERS)


@endpoint(
    members,
    "POST",
    "/v1/lookups",
    summary="Find a member by pass code, phone or card number.",
    tag="Till",
    access=scoped(Scope.TILL),
    body=LookupBody,
    answers={200: LookupAnswer},
    problems=("member_not_found", "code_replaced", "phone_invalid"),
)
def post_lookup(call: Call[LookupBody]) -> Answer:
    """Show the till who stands before it."""
    shown = parse_shown(call.body.code) if call.body.code else None
    member = found_member(call.merchant_id, call.body, shown)
    view = view_member(member, at=call.at, directory=directory())
    note_how_found(call, view.account, call.body.phone)
    proof = verification(call, member, view.profile.code, shown)
    recent = services().ledger.entries(member, limit=RECENT_MAX)
    offers = offers_json(
        held_coupons(view, call.at),
        view.program,
        available=view.balance.available,
        on=view.on,
        language=language_of(call),
    )
    gift_cards = offered_json(held_of(view.profile))
    found = lookup_json(view, recent, offers, proof, gift_cards)
    return Answer(body=found, metric="MemberFound")


@endpoint(
    members,
    "GET",
    "/v1/members/{member_id}",
    summary="Show a member: balance, tier, lots; the profile with the scope `members`.",
    tag="Members",
    access=_TILL_OR_OFFICE,
    answers={200: MemberAnswer},
    problems=("member_not_found",),
)
def get_member(call: Call[None], member_id: str) -> Answer:
    """Return one member as of now."""
    return shown_member(call, MemberRef(call.merchant_id, member_id))


@endpoint(
    members,
    "PATCH",
    "/v1/members/{member_id}",
    summary="Correct a member's profile, as staff.",
    tag="Members",
    access=scoped(Scope.MEMBERS),
    body=ProfileBody,
    answers={200: MemberAnswer},
    problems=("member_not_found", "anniversary_refused", "date_refused"),
)
def patch_member(call: Call[ProfileBody], member_id: str) -> Answer:
    """Change what the body names."""
    member = MemberRef(call.merchant_id, member_id)
    edit = profile_edit(call, call.body, by_member=False)
    edit_profile(member, edit, at=call.at, directory=directory())
    return shown_member(call, member)


@endpoint(
    members,
    "GET",
    "/v1/members/{member_id}/ledger",
    summary="Page through a member's ledger, newest first.",
    tag="Members",
    access=_TILL_OR_OFFICE,
    query=LedgerQuery,
    answers={200: LedgerAnswer},
    problems=("member_not_found",),
)
def get_ledger(call: Call[None], member_id: str) -> Answer:
    """Return one page."""
    return ledger_page(MemberRef(call.merchant_id, member_id), call.query, is_own=False)


@endpoint(
    members,
    "GET",
    "/v1/members/{member_id}/balance",
    summary="The balance at the end of a day, folded from the ledger.",
    tag="Members",
    access=_TILL_OR_OFFICE,
    query=BalanceQuery,
    answers={200: BalanceOnAnswer},
    problems=("member_not_found",),
)
def get_balance(call: Call[None], member_id: str) -> Answer:
    """Return the points of a past day; without one, of today."""
    member = MemberRef(call.merchant_id, member_id)
    if call.query.on is None:
        view = view_member(member, at=call.at, directory=directory())
        on, balance, tier = view.on, view.balance, view.tier
    else:
        past = past_view(member, call.query.on, directory=directory())
        on, balance, tier = past.on, past.balance, past.tier
    body = {"on": on.isoformat(), **balance_json(balance), "tier": tier_json(tier)}
    return Answer(body=body)


def ledger_page(member: MemberRef, query: LedgerQuery, *, is_own: bool) -> Answer:
    """Return a page of entries; a member's own are without the shop's notes.

    Raises:
        MemberNotFound, BadRequest.
    """
    write = entry_json if is_own else staff_entry_json
    ledger = services().ledger
    present(ledger.account(member))
    before = version_of(query.cursor) if query.cursor else None
    entries = ledger.entries(member, before=before, limit=query.limit)
    is_last = len(entries) < query.limit or entries[-1].version <= 1
    body = {
        "items": [write(entry) for entry in entries],
        "next_cursor": None if is_last else f"{_CURSOR_PREFIX}{entries[-1].version}",
    }
    return Answer(body=body)


def profile_edit(call: Call[Any], body: ProfileBody, *, by_member: bool) -> ProfileEdit:
    """Return the edit a body asks for.

    Raises:
        BadRequest: a birth date in the future.
    """
    if body.birth_date and body.birth_date > call.at.date():
        raise BadRequest("date_refused", "the birth date is in the future")
    others = None
    if body.anniversaries is not None:
        if any(one.kind == BIRTHDAY for one in body.anniversaries):
            raise BadRequest("bad_input", "send the birthday as `birth_date`")
        others = tuple(Anniversary(one.kind, one.day) for one in body.anniversaries)
    return ProfileEdit(
        name=body.name,
        email=body.email,
        language=body.language,
        birth_date=body.birth_date,
        anniversaries=others,
        choices=choices_of(body.notices),
        by_member=by_member,
    )


def shown_member(call: Call[Any], member: MemberRef) -> Answer:
    """Return one member as of now, as much as the key may see. Raises MemberNotFound."""
    view = view_member(member, at=call.at, directory=directory())
    is_full = Scope.MEMBERS in call.api_key.scopes
    return Answer(body=member_json(view, is_full=is_full))


def note_how_found(call: Call[Any], account: Account, phone: str | None) -> None:
    """Note at a till whether its member is known by a phone number alone.

    Raises:
        Trouble: it is not sure that it is noted.
    """
    if not call.api_key.is_at_till:
        return
    ports = services()
    if phone is None:
        note_shown(account, ledger=ports.ledger)
    else:
        note_spoken(account, at=call.at, ledger=ports.ledger, pacer=ports.pacer)


def found_member(
    merchant_id: str, body: LookupBody | MembersQuery, shown: ShownCode | None = None
) -> MemberRef:
    """Return whom one of code, phone and card number finds. Raises MemberNotFound."""
    if shown is not None:
        return find_by_code(merchant_id, shown.code, directory=directory())
    if body.code is not None:
        return _found_by_code(merchant_id, body.code)
    if body.phone is not None:
        merchant = services().merchants.find(merchant_id)
        if merchant is None:
            raise MerchantNotFound("there is no such merchant")
        phone = parse_phone(body.phone, merchant.country)
        return find_by_phone(merchant_id, phone, directory=directory())
    assert body.card_number is not None, "the model asks for one of the three"
    return find_by_card(merchant_id, body.card_number, directory=directory())


def _found_by_code(merchant_id: str, text: str) -> MemberRef:
    """Return whose pass code it is, or whose code of a former program."""
    code = parse_code(text)
    if code is not None:
        try:
            return find_by_code(merchant_id, code, directory=directory())
        except MemberNotFound:  # a number of a former program may look like one
            pass
    return find_by_old_code(merchant_id, text, directory=directory())


def version_of(cursor: str) -> int:
    """Return the version a cursor of the ledger goes on before. Raises BadRequest."""
    digits = cursor.removeprefix(_CURSOR_PREFIX)
    if not cursor.startswith(_CURSOR_PREFIX) or not digits.isascii() or not digits.isdigit():
        errors = [{"pointer": "/cursor", "detail": "send back `next_cursor` as it was"}]
        raise BadRequest("bad_input", "the cursor is none of ours", errors)
    return int(digits)
