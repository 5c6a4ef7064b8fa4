"""Who is calling. The merchant comes from the credential, never from the request.

The endpoint wrapper asks here, not API Gateway's authorizer: the gateway's own 401 and
403 bodies are not problem documents, and its cache would let a revoked key in for
minutes more. Keys are looked up by hash in the adapter's cache (at most 60 s).

    Bearer lk_live_…                           a till's or an online shop's API key
    Bearer mt_<merchant>.<member>.<secret>     a member's own token
"""

from chalicelib.api.exchange import Access, Caller
from chalicelib.domain.account import MemberRef
from chalicelib.usecases.passes import is_member_token
from chalicelib.wiring import Services

MEMBER_PREFIX = "mt_"
CREDENTIAL_CHARS_MAX = 512


class Unauthenticated(Exception):
    """No credential, or one that opens nothing."""


class ScopeMissing(Exception):
    """A valid credential that may not do this."""


def authenticate(access: Access, authorization: str | None, services: Services) -> Caller:
    """Return who is calling.

    Raises:
        Unauthenticated: the credential is missing, unknown, revoked or of another kind.
        ScopeMissing: the key lacks every scope that would do.
    """
    if access.is_public:
        return Caller()
    secret = _bearer(authorization)
    if access.is_member:
        return Caller(member=_member(secret, services))
    key_hash = services.keyring.api_key_hash(secret)
    api_key = services.api_keys.find(key_hash) if key_hash else None
    if api_key is None or api_key.is_revoked:
        raise Unauthenticated
    if not access.scopes & api_key.scopes:
        raise ScopeMissing
    return Caller(api_key=api_key)


def _bearer(authorization: str | None) -> str:
    scheme, _, secret = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(secret) <= CREDENTIAL_CHARS_MAX:
        raise Unauthenticated
    if not secret.isascii():
        raise Unauthenticated
    return secret.strip()


def _member(secret: str, services: Services) -> MemberRef:
    merchant_id, _, rest = secret.removeprefix(MEMBER_PREFIX).partition(".")
    member_id, _, mac = rest.partition(".")
    if not (secret.startswith(MEMBER_PREFIX) and merchant_id and member_id and mac):
        raise Unauthenticated
    member = MemberRef(merchant_id, member_id)
    if not is_member_token(member, mac, keyring=services.keyring):
        raise Unauthenticated
    return member
