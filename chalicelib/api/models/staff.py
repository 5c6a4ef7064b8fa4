"""Stores, tills and people, as the office keeps them; and the audit log."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.models.till_sessions import PinText
from chalicelib.api.shapes import Body, Id, Line, Name, Query, Request

SomeRole = Literal["manager", "cashier"]


class StoreBody(Request):
    """A store, as it is to be."""

    name: Name
    address: Line = ""


class TillBody(Request):
    """A new till."""

    store_id: Id
    name: Name


class TillChange(Request):
    """What is to change; what is left out stays."""

    name: Name | None = None
    is_active: bool | None = None


class PersonBody(Request):
    """Somebody new; without a PIN they cannot sign in at a till yet."""

    name: Name
    role: SomeRole
    pin: PinText | None = None
    member_id: Id | None = None


class PersonChange(Request):
    """What is to change; what is left out stays."""

    name: Name | None = None
    role: SomeRole | None = None
    is_active: bool | None = None
    pin: PinText | None = None
    member_id: Annotated[str, Field(max_length=128)] | None = None  # empty: no own card


class AuditQuery(Query):
    """A page of the audit log."""

    cursor: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class StoreAnswer(Body):
    """A store."""

    store_id: str
    object: Literal["store"]
    name: str
    address: str


class StoresAnswer(Body):
    """The merchant's stores."""

    items: list[StoreAnswer]
    next_cursor: None


class TillAnswer(Body):
    """A till."""

    till_id: str
    object: Literal["till"]
    store_id: str
    name: str
    is_active: bool


class TillsAnswer(Body):
    """The merchant's tills."""

    items: list[TillAnswer]
    next_cursor: None


class DeviceCodeAnswer(Body):
    """A code that binds one device to a till; shown once."""

    code: str
    object: Literal["till_activation"]
    till_id: str
    url: str = Field(description="Opened on the device, it does the same.")
    expires_at: str


class PersonAnswer(Body):
    """Somebody who works for the merchant."""

    staff_id: str
    object: Literal["staff_member"]
    name: str
    role: Literal["owner", "manager", "cashier"]
    is_active: bool
    has_pin: bool
    member_id: str | None


class PeopleAnswer(Body):
    """Everybody who works or worked there."""

    items: list[PersonAnswer]
    next_cursor: None


class AuditRecordAnswer(Body):
    """One thing somebody did."""

    id: str
    object: Literal["audit_record"]
    at: str
    actor: str
    deed: str
    subject: str
    facts: dict[str, str]


class AuditAnswer(Body):
    """What staff did, newest first."""

    items: list[AuditRecordAnswer]
    next_cursor: str | None
