"""Add members at a till or from an online shop, find them, and confirm them by a link."""

from collections.abc import Sequence
from typing import Any

from chalice import Blueprint

from chalicelib.api.auth import ScopeMissing
from chalicelib.api.book import directory, link_desk
from chalicelib.api.cards import card_links
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.members import found_member, note_how_found, shown_member
from chalicelib.api.models.members import ConsentBody
from chalicelib.api.models.new_members import (
    MembersAnswer,
    MembersQuery,
    NewMemberAnswer,
    NewMemberBody,
    PhoneLinkBody,
)
from chalicelib.api.models.sign_ups import VerifyAnswer
from chalicelib.api.phones import parse_allowed_phone, parse_phone
from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.browsers import label_of
from chalicelib.domain.ledger import MemberNotFound, present
from chalicelib.domain.members import Consent, ConsentPurpose, Merchant, Scope
from chalicelib.usecases.members import CodeReplaced, view_member
from chalicelib.usecases.new_members import Added, NewMember, add_member
from chalicelib.usecases.phone_links import confirm_by_link, member_of_link
from chalicelib.usecases.write_once import merchant_of
from chalicelib.wiring import services

new_members = Blueprint(__name__)


@endpoint(
    new_members,
    "POST",
    "/v1/members",
    summary="Add a member by phone: 201 a new one, 200 the one the phone is.",
    tag="Members",
    access=scoped(Scope.TILL, Scope.MEMBERS),
    body=NewMemberBody,
    answers={201: NewMemberAnswer, 200: NewMemberAnswer},
    problems=("phone_invalid", "phone_not_allowed", "member_not_found"),
    is_keyed=True,
)
def post_member(call: Call[NewMemberBody]) -> Answer:
    """Let somebody at the till earn at once, or take over whom a shop knows."""
    body, operation = call.body, call.operation
    if body.is_verified and Scope.MEMBERS not in call.api_key.scopes:
        raise ScopeMissing
    merchant = merchant_of(call.merchant_id, services().merchants)
    wish = NewMember(
        merchant_id=call.merchant_id,
        phone=_phone(body, merchant),
        language=body.language,
        name=body.name,
        email=body.email,
        store=body.store or call.api_key.store_id,
        consents=_consents(body.consents, call, f"till:{call.client}", body.language),
        is_verified=body.is_verified,
    )
    added = add_member(wish, operation, at=call.at, desk=link_desk())
    if not added.is_new:
        note_how_found(call, _account(added.member), body.phone)
    shown = shown_member(call, added.member)
    answer = {**_mapping(shown), "link": _link_state(added, shown)}
    return Answer(
        body=answer,
        status=201 if added.is_new else 200,
        is_replay=added.is_replay,
        metric="MemberAdded" if added.is_new else "MemberFound",
    )


@endpoint(
    new_members,
    "GET",
    "/v1/members",
    summary="Find members by phone, card number or pass code: one, or none.",
    tag="Members",
    access=scoped(Scope.TILL, Scope.MEMBERS),
    query=MembersQuery,
    answers={200: MembersAnswer},
    problems=("phone_invalid",),
)
def get_members(call: Call[None]) -> Answer:
    """List whom the identifier finds; nobody is an empty list."""
    try:
        member = found_member(call.merchant_id, call.query)
        note_how_found(call, _account(member), call.query.phone)
        items = [_mapping(shown_member(call, member))]
    except (MemberNotFound, CodeReplaced):
        items = []
    return Answer(body={"items": items, "next_cursor": None})


@endpoint(
    new_members,
    "POST",
    "/v1/phone-links/{token}",
    summary="Confirm the phone a link was sent to, and keep what its owner agrees to.",
    tag="Sign-up",
    body=PhoneLinkBody,
    answers={200: VerifyAnswer},
    problems=("link_unknown",),
)
def post_phone_link(call: Call[PhoneLinkBody], token: str) -> Answer:
    """Confirm the member; the same again soon gets the same answer."""
    desk = link_desk()
    member = member_of_link(token, at=call.at, desk=desk)
    language = call.body.language
    if language is None:
        view = view_member(member, at=call.at, directory=directory())
        language = "ru" if view.profile.language == "ru" else "en"
    given = _consents(call.body.consents, call, "phone_link", language)
    label = label_of(call.headers.get("user-agent", ""))
    done = confirm_by_link(token, given, label, at=call.at, desk=desk)
    links = card_links(done.member, done.browser_id)
    body = {"member_id": member.member_id, "object": "membership", **links}
    return Answer(body=body, metric="MemberVerified")


def _account(member: MemberRef) -> Account:
    return present(services().ledger.account(member))


def _phone(body: NewMemberBody, merchant: Merchant) -> str | None:
    """Return the phone as E.164; a message must be able to reach one that is not proven."""
    if body.phone is None:
        return None
    if body.is_verified:
        return parse_phone(body.phone, merchant.country)
    return parse_allowed_phone(body.phone, merchant.country, merchant.phone_countries)


def _consents(
    given: Sequence[ConsentBody], call: Call[Any], source: str, language: str
) -> tuple[Consent, ...]:
    return tuple(
        Consent(
            purpose=ConsentPurpose(one.purpose),
            granted=one.granted,
            text_version=one.text_version,
            language=language,
            at=call.at,
            source=source,
        )
        for one in given
    )


def _link_state(added: Added, shown: Answer) -> str | None:
    if _mapping(shown)["member_verified"] or added.is_replay:
        return None
    return "sent" if added.is_link_sent else "not_sent"


def _mapping(shown: Answer) -> dict[str, Any]:
    assert not isinstance(shown.body, bytes), "a member is shown as JSON"
    return dict(shown.body)
