"""A member's own things, by the token that the verification answered."""

from chalice import Blueprint

from chalicelib.api.book import directory
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import MEMBER, Answer, Call
from chalicelib.api.members import ledger_page, profile_edit
from chalicelib.api.models.members import (
    ConsentsAnswer,
    ConsentsBody,
    LedgerAnswer,
    LedgerQuery,
    MemberAnswer,
    ProfileBody,
)
from chalicelib.api.people import consent_json, member_json
from chalicelib.domain.members import Consent, ConsentPurpose, Profile
from chalicelib.usecases.members import MemberView, ProfileEdit, edit_profile, view_member

me = Blueprint(__name__)


@endpoint(
    me,
    "GET",
    "/v1/me",
    summary="The member's own card, points and profile.",
    tag="Member",
    access=MEMBER,
    answers={200: MemberAnswer},
    problems=("member_not_found",),
)
def get_me(call: Call[None]) -> Answer:
    """Show the member to themselves."""
    view = _view(call, call.caller.profile)
    return Answer(body=member_json(view, is_full=True, is_own=True))


@endpoint(
    me,
    "PATCH",
    "/v1/me",
    summary="Change the member's own profile; a birth date can be corrected once.",
    tag="Member",
    access=MEMBER,
    body=ProfileBody,
    answers={200: MemberAnswer},
    problems=("member_not_found", "birth_date_fixed", "anniversary_refused", "date_refused"),
)
def patch_me(call: Call[ProfileBody]) -> Answer:
    """Change what the body names."""
    edit = profile_edit(call, call.body, by_member=True)
    edit_profile(call.member, edit, at=call.at, directory=directory())
    return Answer(body=member_json(_view(call), is_full=True, is_own=True))


@endpoint(
    me,
    "GET",
    "/v1/me/ledger",
    summary="Page through the member's own ledger, newest first.",
    tag="Member",
    access=MEMBER,
    query=LedgerQuery,
    answers={200: LedgerAnswer},
    problems=("member_not_found",),
)
def get_my_ledger(call: Call[None]) -> Answer:
    """Return one page."""
    return ledger_page(call.member, call.query, is_own=True)


@endpoint(
    me,
    "GET",
    "/v1/me/consents",
    summary="Every consent the member gave or took back, oldest first.",
    tag="Member",
    access=MEMBER,
    answers={200: ConsentsAnswer},
    problems=("member_not_found",),
)
def get_my_consents(call: Call[None]) -> Answer:
    """List the consents."""
    return _consents(_view(call, call.caller.profile).profile)


@endpoint(
    me,
    "POST",
    "/v1/me/consents",
    summary="Give or take back consents; the answers of before are kept.",
    tag="Member",
    access=MEMBER,
    body=ConsentsBody,
    answers={200: ConsentsAnswer},
    problems=("member_not_found",),
)
def post_my_consents(call: Call[ConsentsBody]) -> Answer:
    """Append the answers."""
    language = call.body.language or _view(call).profile.language
    given = tuple(
        Consent(
            purpose=ConsentPurpose(one.purpose),
            granted=one.granted,
            text_version=one.text_version,
            language=language,
            at=call.at,
            source="me",
        )
        for one in call.body.consents
    )
    profile = edit_profile(
        call.member, ProfileEdit(consents=given), at=call.at, directory=directory()
    )
    return _consents(profile)


def _view(
    call: Call[ProfileBody] | Call[ConsentsBody] | Call[None], profile: Profile | None = None
) -> MemberView:
    return view_member(call.member, at=call.at, directory=directory(), profile=profile)


def _consents(profile: Profile) -> Answer:
    items = [consent_json(consent) for consent in profile.consents]
    return Answer(body={"items": items, "next_cursor": None})
