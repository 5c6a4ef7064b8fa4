"""A visit: one request to the office, whose it is, and what its form says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from chalicelib.api.exchange import Call
from chalicelib.api.parsing import BadRequest, fingerprint
from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import Operation
from chalicelib.domain.members import Merchant
from chalicelib.domain.sessions import Session
from chalicelib.domain.staff import OFFICE, StaffRef
from chalicelib.web.admin.forms import Form
from passes.wording import Language

_KEY: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_OURS: Final = frozenset({"csrf_token", "key"})


class Missing(Exception):
    """There is no such thing, or it is another merchant's: nobody is told which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a page of the office is given."""

    call: Call[Any]
    language: Language
    form: Form = field(default_factory=Form)
    query: Mapping[str, str] = field(default_factory=dict)
    session: Session | None = None
    merchant: Merchant | None = None
    owner_name: str = ""
    csrf_token: str = ""
    is_local: bool = False

    @property
    def at(self) -> datetime:
        """Return the moment of the request."""
        return self.call.at

    @property
    def is_signed_in(self) -> bool:
        """Return whether an owner is."""
        return self.merchant is not None

    @property
    def shop(self) -> Merchant:
        """Return the owner's merchant; only on pages that need a session."""
        assert self.merchant is not None, "the page is open to everybody"
        return self.merchant

    @property
    def merchant_id(self) -> str:
        """Return the merchant of the session: never of the request."""
        return self.shop.merchant_id

    @property
    def own_session(self) -> Session:
        """Return the owner's session; only on pages that need one."""
        assert self.session is not None, "the page is open to everybody"
        return self.session

    @property
    def who(self) -> StaffRef:
        """Return the owner."""
        staff = self.own_session.staff
        assert staff is not None, "an office session is its owner's"
        return staff

    @property
    def is_fresh(self) -> bool:
        """Return whether the owner has just proven who they are."""
        return self.own_session.is_fresh(self.at)

    @property
    def is_from_htmx(self) -> bool:
        """Return whether only a part of the page is asked for."""
        return self.call.headers.get("hx-request") == "true"

    def asked(self, name: str) -> str:
        """Return a parameter of the address; empty if there is none."""
        return self.query.get(name, "")

    def member(self, member_id: str) -> MemberRef:
        """Return a member of the owner's merchant."""
        return MemberRef(self.merchant_id, member_id)

    def operation(self) -> Operation:
        """Return what the form does, named by the form's own key: once, however often sent.

        Raises:
            BadRequest: the form has no key of ours.
        """
        key = self.form["key"]
        if not _KEY.fullmatch(key):
            raise BadRequest("idempotency_key_missing", "the form has no key")
        said = {name: found for name, found in self.form.lists.items() if name not in _OURS}
        return Operation(
            merchant_id=self.merchant_id,
            client=OFFICE,
            key=key,
            fingerprint=fingerprint("POST", self.call.path, said),
            staff_id=self.who.staff_id,
        )
