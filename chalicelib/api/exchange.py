"""What a view is given and what it gives: the call, its caller, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from chalicelib.api.parsing import BadRequest, fingerprint
from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import Operation
from chalicelib.domain.members import ApiKey, Profile, Scope
from chalicelib.domain.sessions import Face, Session
from chalicelib.domain.staff import StaffRef, refuse_own_card
from passes.wording import Language

KEY_CHARS_MAX = 255
ACCEPT_CHARS_MAX = 200

BodyT = TypeVar("BodyT")


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call: any of the scopes, a member, a session, or (none of it) everybody."""

    scopes: frozenset[Scope] = frozenset()
    is_member: bool = False
    face: Face | None = None

    @property
    def is_public(self) -> bool:
        """Return whether no credential is asked for."""
        return not self.scopes and not self.is_member and self.face is None


PUBLIC = Access()
MEMBER = Access(is_member=True)
TILL_DEVICE = Access(face=Face.TILL)  # bound to a till, whether or not somebody is signed in


def scoped(*scopes: Scope) -> Access:
    """Return access for API keys with any of the scopes."""
    return Access(frozenset(scopes))


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose credential it is: an API key's, a session's or a member's; none if public.

    A session with somebody signed in also has the API key it acts like.
    """

    api_key: ApiKey | None = None
    member: MemberRef | None = None
    session: Session | None = None
    staff: StaffRef | None = None  # who is signed in
    approver: StaffRef | None = None  # the manager who allowed this operation
    approved_target: str = ""  # whom they allowed it for, where the path does not say
    csrf_token: str = ""  # of the session
    browser_id: str = ""  # of the member's
    profile: Profile | None = None  # of the member, as it was read to let the browser in

    @property
    def merchant_id(self) -> str | None:
        """Return the merchant the credential belongs to."""
        if self.api_key:
            return self.api_key.merchant_id
        if self.session:
            return self.session.merchant_id
        return self.member.merchant_id if self.member else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[BodyT]):
    """A request that is authenticated, parsed and timed."""

    at: datetime
    body: BodyT
    parsed: Any = None  # the body's JSON as it came
    query: Any = None
    caller: Caller = Caller()
    method: str = "GET"
    path: str = ""  # with its parameters filled in
    headers: Mapping[str, str]
    source_ip: str = ""
    idempotency_key: str | None = None

    @property
    def api_key(self) -> ApiKey:
        """Return the caller's key; only where the route asks for a scope."""
        assert self.caller.api_key is not None, "the route asks for no scope"
        return self.caller.api_key

    @property
    def member(self) -> MemberRef:
        """Return the calling member; only where the route asks for one."""
        assert self.caller.member is not None, "the route asks for no member"
        return self.caller.member

    @property
    def session(self) -> Session:
        """Return the caller's session; only where the route asks for one."""
        assert self.caller.session is not None, "the route asks for no session"
        return self.caller.session

    @property
    def merchant_id(self) -> str:
        """Return the merchant of the credential; only where the route asks for one."""
        assert self.caller.merchant_id is not None, "the route asks for no credential"
        return self.caller.merchant_id

    @property
    def client(self) -> str:
        """Return who names the call's writes: a till or integration, or a member."""
        if self.caller.member is not None:
            return f"member:{self.caller.member.member_id}"
        return self.api_key.till_id

    def refuse_own_card(self, member_id: str | None) -> None:
        """Refuse what is for the card of whoever is signed in. Raises OwnCard."""
        session = self.caller.session
        refuse_own_card(member_id, session.own_member_id if session else None)

    def served(self, member_id: str) -> MemberRef:
        """Return the member a till gives or takes points of, nobody's own card.

        Raises:
            OwnCard.
        """
        self.refuse_own_card(member_id)
        return MemberRef(self.merchant_id, member_id)

    @property
    def staff_id(self) -> str:
        """Return who is signed in; empty: nobody, it is an API key's call."""
        return _staff_id(self.caller.staff)

    @property
    def is_cashiers(self) -> bool:
        """Return whether somebody calls who may not do alone what a manager may."""
        return self.caller.staff is not None and Scope.MANAGER not in self.api_key.scopes

    @property
    def operation(self) -> Operation:
        """Return the write as its caller names it. Raises BadRequest."""
        return self.operation_of(self.idempotency_key, self.method, self.path, self.parsed)

    def operation_of(self, key: str | None, method: str, path: str, parsed: Any) -> Operation:
        """Return a write that the request carries, such as one of a batch.

        Raises:
            BadRequest: its key is missing or unusable.
        """
        if not key:
            raise BadRequest("idempotency_key_missing", "send an Idempotency-Key")
        if len(key) > KEY_CHARS_MAX or not (key.isascii() and key.isprintable()):
            raise BadRequest(
                "idempotency_key_missing", f"1 to {KEY_CHARS_MAX} printable ASCII characters"
            )
        session = self.caller.session
        return Operation(
            merchant_id=self.merchant_id,
            client=self.client,
            key=key,
            fingerprint=fingerprint(method, path, parsed),
            staff_id=_staff_id(self.caller.staff),
            approved_by=_staff_id(self.caller.approver),
            own_member_id=(session.own_member_id if session else None) or "",
        )

    @property
    def accepted_language(self) -> Language | None:
        """Return the first language of Accept-Language that we speak."""
        return first_language(self.headers.get("accept-language", ""))

    @property
    def network(self) -> str:
        """Return what limits count as one client: an IPv4 address, or a /64 of IPv6."""
        import ipaddress  # lazy: only sign-ups count addresses

        try:
            address = ipaddress.ip_address(self.source_ip)
        except ValueError:
            return "unknown"
        if isinstance(address, ipaddress.IPv4Address):
            return str(address)
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back. A dict becomes JSON; bytes go as they are."""

    body: Mapping[str, Any] | bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    is_replay: bool = False
    metric: str | None = None  # what this answer counts as
    code: str | None = None  # of a problem, for the log
    cookies: tuple[str, ...] = ()  # values of Set-Cookie


def _staff_id(staff: StaffRef | None) -> str:
    return staff.staff_id if staff else ""


def first_language(accepted: str) -> Language | None:
    """Return the first language of an Accept-Language that we speak.

    >>> first_language("de-CH, en;q=0.8, ru;q=0.6")
    'en'
    """
    for part in accepted[:ACCEPT_CHARS_MAX].split(","):
        wanted = part.split(";")[0].strip().lower()[:2]
        if wanted == "ru":
            return "ru"
        if wanted == "en":
            return "en"
    return None
