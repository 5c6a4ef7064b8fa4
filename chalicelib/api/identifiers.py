"""Identifiers of a member: bind and forget cards and old codes, replace the pass code."""

from chalice import Blueprint

from chalicelib.api.book import book, directory
from chalicelib.api.confirmations import presence_of
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.members import shown_member
from chalicelib.api.models.identifiers import IdentifierBody, PassCodeAnswer
from chalicelib.api.models.members import MemberAnswer
from chalicelib.domain.account import MemberRef
from chalicelib.domain.ledger import present
from chalicelib.domain.members import Scope
from chalicelib.usecases.identifiers import (
    IdentifierKind,
    bind_identifier,
    replace_pass_code,
    unbind_identifier,
)
from chalicelib.usecases.till_rule import admit
from chalicelib.wiring import services
from passes.codes import grouped

identifiers = Blueprint(__name__)


@endpoint(
    identifiers,
    "POST",
    "/v1/members/{member_id}/identifiers",
    summary="Bind a plastic card or an old code; the same again changes nothing.",
    tag="Members",
    access=scoped(Scope.TILL, Scope.MEMBERS),
    body=IdentifierBody,
    answers={200: MemberAnswer},
    problems=(
        "member_not_found", "card_number_taken", "too_many_card_numbers",
        "confirmation_required",
    ),
)  # fmt: skip
def post_identifier(call: Call[IdentifierBody], member_id: str) -> Answer:
    """Let a card or an old code find the member."""
    member = MemberRef(call.merchant_id, member_id)
    kind = IdentifierKind(call.body.type)
    presence = presence_of(call, call.body.confirmation_id)

    def permit() -> None:
        account = present(services().ledger.account(member))
        admit(account, presence, call.at, book())

    bind_identifier(member, kind, call.body.value, directory=directory(), permit=permit)
    return shown_member(call, member)


@endpoint(
    identifiers,
    "DELETE",
    "/v1/members/{member_id}/identifiers/{value}",
    summary="Forget a plastic card or an old code: it finds the member no more.",
    tag="Members",
    access=scoped(Scope.MEMBERS),
    answers={200: MemberAnswer},
    problems=("member_not_found", "identifier_not_found"),
)
def delete_identifier(call: Call[None], member_id: str, value: str) -> Answer:
    """Free a card or an old code."""
    member = MemberRef(call.merchant_id, member_id)
    unbind_identifier(member, value, directory=directory())
    return shown_member(call, member)


@endpoint(
    identifiers,
    "POST",
    "/v1/members/{member_id}/code",
    summary="Give a member another pass code: the old one finds nobody from now on.",
    tag="Members",
    access=scoped(Scope.MEMBERS),
    answers={201: PassCodeAnswer, 200: PassCodeAnswer},
    problems=("member_not_found",),
    is_keyed=True,
)
def post_code(call: Call[None], member_id: str) -> Answer:
    """Replace the pass code; every pass and the card show the new one by themselves."""
    member = MemberRef(call.merchant_id, member_id)
    done = replace_pass_code(
        member, call.operation, at=call.at, book=book(), directory=directory()
    )
    body = {
        "member_id": member_id,
        "object": "pass_code",
        "code": done.value,
        "code_text": grouped(done.value),
    }
    return Answer(
        body=body,
        status=200 if done.is_replay else 201,
        is_replay=done.is_replay,
        metric="PassCodeReplaced",
    )
