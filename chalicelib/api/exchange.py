"""What a view is given and what it gives: the call, its caller, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from chalicelib.api.parsing import BadRequest, fingerprint
from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import Operation
from chalicelib.domain.members import ApiKey, Scope
from passes.wording import Language

KEY_CHARS_MAX = 255
ACCEPT_CHARS_MAX = 200

BodyT = TypeVar("BodyT")


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call: any of the scopes, a member, or (neither) everybody."""

    scopes: frozenset[Scope] = frozenset()
    is_member: bool = False

    @property
    def is_public(self) -> bool:
        """Return whether no credential is asked for."""
        return not self.scopes and not self.is_member


PUBLIC = Access()
MEMBER = Access(is_member=True)


def scoped(*scopes: Scope) -> Access:
    """Return access for API keys with any of the scopes."""
    return Access(frozenset(scopes))


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose credential it is: an API key's or a member's; neither for public calls."""

    api_key: ApiKey | None = None
    member: MemberRef | None = None

    @property
    def merchant_id(self) -> str | None:
        """Return the merchant the credential belongs to."""
        if self.api_key:
            return self.api_key.merchant_id
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
        return Operation(
            merchant_id=self.merchant_id,
            client=self.client,
            key=key,
            fingerprint=fingerprint(method, path, parsed),
        )

    @property
    def accepted_language(self) -> Language | None:
        """Return the first language of Accept-Language that we speak."""
        for part in self.headers.get("accept-language", "")[:ACCEPT_CHARS_MAX].split(","):
            wanted = part.split(";")[0].strip().lower()[:2]
            if wanted == "ru":
                return "ru"
            if wanted == "en":
                return "en"
        return None

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
