"""All stores of one world, fake or in the engine, and small literal values to put in."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from pynamodb.connection import Connection

from chalicelib.adapters.dynamo.api_keys import DynamoApiKeys
from chalicelib.adapters.dynamo.devices import DynamoPassDevices
from chalicelib.adapters.dynamo.due_work import DynamoDueWork
from chalicelib.adapters.dynamo.funnel import DynamoFunnel
from chalicelib.adapters.dynamo.google_objects import DynamoGoogleObjects
from chalicelib.adapters.dynamo.holders import DynamoPassHolders
from chalicelib.adapters.dynamo.ledger import DynamoLedger
from chalicelib.adapters.dynamo.members import DynamoMembers, profile_item
from chalicelib.adapters.dynamo.merchants import DynamoMerchants
from chalicelib.adapters.dynamo.pass_designs import DynamoPassDesigns
from chalicelib.adapters.dynamo.pass_states import DynamoPassStates
from chalicelib.adapters.dynamo.phone_links import DynamoPhoneLinks
from chalicelib.adapters.dynamo.sign_ups import DynamoSignUps
from chalicelib.adapters.dynamo.sms_outbox import DynamoSmsOutbox
from chalicelib.adapters.vault import LocalVault
from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.browsers import Browser
from chalicelib.domain.entries import EntryKind, LedgerChange, LedgerEntry, Operation
from chalicelib.domain.members import (
    Anniversary,
    AnniversaryKind,
    Consent,
    ConsentPurpose,
    LimitCharge,
    OutgoingSms,
    Profile,
    SignUp,
)
from chalicelib.ports import (
    ApiKeys,
    DueWork,
    Funnel,
    GoogleObjects,
    Ledger,
    Members,
    Merchants,
    PassDesigns,
    PassDevices,
    PassHolders,
    PassStates,
    PhoneLinks,
    SignUps,
    SmsOutbox,
)
from tests.fakes.api_keys import FakeApiKeys
from tests.fakes.clock import FakeClock
from tests.fakes.devices import FakePassDevices
from tests.fakes.due_work import FakeDueWork
from tests.fakes.funnel import FakeFunnel
from tests.fakes.google_wallet import FakeGoogleObjects
from tests.fakes.ledger import FakeLedger
from tests.fakes.members import FakeMembers
from tests.fakes.merchants import FakeMerchants
from tests.fakes.pass_designs import FakePassDesigns
from tests.fakes.pass_holders import FakePassHolders
from tests.fakes.pass_states import FakePassStates
from tests.fakes.phone_links import FakePhoneLinks
from tests.fakes.sign_ups import FakeSignUps
from tests.fakes.sms_outbox import FakeSmsOutbox

DUE_SHARDS = 4
SHOP = "roastery"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CONSENT = Consent(ConsentPurpose.PROGRAM, True, "2026-05", "ru", NOW, "sign_up:store-1")


class MasterKey:
    """Secrets with nothing but the key of the vault."""

    def read(self) -> dict[str, str]:
        return {"master_key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}


@dataclass(frozen=True, slots=True)
class Stores:
    """The ports of one world and its clock."""

    clock: FakeClock
    ledger: Ledger
    members: Members
    sign_ups: SignUps
    sms_outbox: SmsOutbox
    phone_links: PhoneLinks
    merchants: Merchants
    api_keys: ApiKeys
    due_work: DueWork
    devices: PassDevices
    holders: PassHolders
    designs: PassDesigns
    states: PassStates
    funnel: Funnel
    google: GoogleObjects


def stores_of(request: pytest.FixtureRequest) -> Stores:
    """Return the world a fixture's parameter names: "fake" or "dynamo"."""
    if request.param == "fake":
        return fake_stores()
    return dynamo_stores(request.getfixturevalue("connection"))


def fake_stores() -> Stores:
    clock = FakeClock(NOW)
    ledger = FakeLedger()
    outbox = FakeSmsOutbox(clock)
    sign_ups = FakeSignUps(clock, outbox)
    funnel = FakeFunnel()
    members = FakeMembers(ledger, sign_ups, funnel)
    devices, designs = FakePassDevices(ledger, funnel), FakePassDesigns()
    return Stores(
        clock=clock,
        ledger=ledger,
        members=members,
        sign_ups=sign_ups,
        sms_outbox=outbox,
        phone_links=FakePhoneLinks(sign_ups.limits, outbox, clock),
        merchants=FakeMerchants(),
        api_keys=FakeApiKeys(),
        due_work=FakeDueWork(ledger, members, DUE_SHARDS),
        devices=devices,
        holders=FakePassHolders(devices),
        designs=designs,
        states=FakePassStates(ledger, members, designs),
        funnel=funnel,
        google=FakeGoogleObjects(funnel),
    )


def dynamo_stores(connection: Connection) -> Stores:
    clock = FakeClock(NOW)
    vault = LocalVault(MasterKey())
    ledger = DynamoLedger(
        connection,
        due_shards=DUE_SHARDS,
        profile_seal=lambda one: profile_item(
            one, vault, due_shards=DUE_SHARDS, revision=one.revision + 1
        ),
    )
    return Stores(
        clock=clock,
        ledger=ledger,
        members=DynamoMembers(connection, vault, ledger, due_shards=DUE_SHARDS),
        sign_ups=DynamoSignUps(connection, vault, clock),
        sms_outbox=DynamoSmsOutbox(vault, clock),
        phone_links=DynamoPhoneLinks(connection, vault, clock),
        merchants=DynamoMerchants(connection, monotonic=clock.monotonic),
        api_keys=DynamoApiKeys(monotonic=clock.monotonic),
        due_work=DynamoDueWork(),
        devices=DynamoPassDevices(connection),
        holders=DynamoPassHolders(),
        designs=DynamoPassDesigns(connection, lambda _merchant_id, _version: None),
        states=DynamoPassStates(connection),
        funnel=DynamoFunnel(),
        google=DynamoGoogleObjects(connection),
    )


def profile(suffix: str = "one", /, **changes: object) -> Profile:
    """Return a member's profile with a code of its own."""
    member = MemberRef(SHOP, f"mem_{suffix}")
    base = Profile(
        member=member, phone="+79161234567", language="ru", joined_at=NOW, code=f"L1{suffix}"
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def join(
    member: MemberRef, *, key: str = "", due: date | None = None, is_dirty: bool = True
) -> LedgerChange:
    """Return the first entry of a member."""
    entry = LedgerEntry(member, 1, EntryKind.JOIN, NOW, NOW.date(), (), 0)
    account = Account(member, version=1, pass_version=1, due=due, is_dirty=is_dirty)
    operation = Operation(member.merchant_id, "till-1", key, "ab" * 32)
    return LedgerChange(operation, 0, account, entry)


def next_entry(account: Account, **changes: object) -> LedgerChange:
    """Return another entry of an account without points."""
    version = account.version + 1
    entry = LedgerEntry(account.member, version, EntryKind.REMIND, NOW, NOW.date(), (), 0)
    operation = Operation(account.member.merchant_id, "till-1", "", "ab" * 32)
    after = replace(account, version=version, is_dirty=True, **changes)  # type: ignore[arg-type]
    return LedgerChange(operation, account.version, after, entry)


def sign_up(name: str = "one", **changes: object) -> SignUp:
    """Return a sign-up that lasts five minutes."""
    base = SignUp(
        sign_up_id=f"sup_{name}",
        merchant_id=SHOP,
        phone="+79161234567",
        phone_hash="phone-hash",
        code_hash="code-hash",
        nonce_hash="nonce-hash",
        language="ru",
        store=None,
        consents=(CONSENT,),
        referral_code=None,
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=5),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def used(before: SignUp, member_id: str = "mem_one") -> SignUp:
    """Return the sign-up as used by a new member."""
    return replace(before, member_id=member_id, is_new_member=True, used_at=NOW)


def sms(name: str = "one", **changes: object) -> OutgoingSms:
    """Return a waiting message that lasts five minutes."""
    base = OutgoingSms(
        message_id=f"sms_{name}",
        merchant_id=SHOP,
        to="+79161234567",
        text="Код 123456",
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=5),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def charge(name: str = "ip_hour", maximum: int = 5, units: int = 1) -> LimitCharge:
    """Return a charge of a limit that ends in an hour."""
    return LimitCharge(
        name=name,
        subject="subject",
        window="2026-06-01T12",
        maximum=maximum,
        ends_at=NOW + timedelta(hours=1),
        units=units,
    )


def sliding(
    at: datetime = NOW, *, maximum: int = 3, period: timedelta = timedelta(minutes=1)
) -> LimitCharge:
    """Return a charge at a moment, of a limit that slides."""
    return LimitCharge("slides", "subject", "sliding", maximum, at + period, period=period)


def register(
    stores: Stores, name: str = "one", phone: str | None = "hash", **more: object
) -> None:
    """Register a member of the shop without a sign-up."""
    who = profile(name, **more)
    stores.members.register(who, join(who.member), phone_hash=phone, sign_up=None)


def open_sign_up(stores: Stores, name: str, *charges: LimitCharge) -> None:
    """Open a sign-up and its message."""
    stores.sign_ups.open(sign_up(name), sms(name), charges)


def take(stores: Stores, *charges: LimitCharge) -> None:
    """Take charges with a sign-up of their own."""
    open_sign_up(stores, uuid4().hex, *charges)


FULL_PROFILE = profile(
    name="Анна Петрова",
    email="anna@example.org",
    store="store-1",
    consents=(CONSENT, Consent(ConsentPurpose.ADVERTISING, False, "2026-05", "ru", NOW, "me")),
    anniversaries=(
        Anniversary("birthday", date(1990, 2, 28), granted_on=date(2026, 2, 28)),
        Anniversary("wedding", date(2000, 7, 1)),
    ),
    anniversary_kinds=(AnniversaryKind("wedding", 1, date(2026, 5, 1)),),
    birth_date_edits=1,
    referred_by="mem_other",
    card_numbers=("4600001", "4600002"),
    old_codes=("OLD-1",),
    merged_phones=("+79990000001",),
    merged_codes=("L1merged",),
    replaced_codes=("L1replaced",),
    browsers=(Browser("0123456789abcdef", "Chrome · Android", NOW, date(2026, 6, 1)),),
    muted=("offers.sms", "points.wallet"),
    removed_passes=("lost",),
    anniversary_due=date(2026, 7, 1),
    metadata=(("crm_id", "17"), ("note", "")),
)
