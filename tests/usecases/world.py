"""A whole shop in memory: every port a fake, every use case's bundle of ports."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.entries import LedgerChange, Operation
from chalicelib.domain.jobs import JobKind
from chalicelib.domain.ledger import Grant
from chalicelib.domain.members import Consent, ConsentPurpose, Merchant
from chalicelib.domain.sign_ups import SmsPolicy
from chalicelib.ports import CommitConflict, StoreUnavailable
from chalicelib.usecases.confirmations import ConfirmationDesk
from chalicelib.usecases.coupons import CouponDesk
from chalicelib.usecases.dry_runs import DryRunDesk, dry_run_slice
from chalicelib.usecases.jobs import JobDesk
from chalicelib.usecases.leaving import ExitDesk
from chalicelib.usecases.members import Directory, ProfileEdit
from chalicelib.usecases.merchants import Office
from chalicelib.usecases.notices import NoticeDesk
from chalicelib.usecases.outbox import PassDesk
from chalicelib.usecases.phone_links import LinkDesk
from chalicelib.usecases.points import grant_points
from chalicelib.usecases.promo_codes import CodeDesk
from chalicelib.usecases.repush import RepushDesk
from chalicelib.usecases.schedule import Desk
from chalicelib.usecases.sign_ups import Doors, SignUpRequest, request_code, verify_code
from chalicelib.usecases.write_once import Book
from tests.builders import NOON, SHOP, document, operation
from tests.fakes.api_keys import FakeApiKeys
from tests.fakes.attention import FakeAttention
from tests.fakes.catalogue import FakeCatalogue
from tests.fakes.clock import FakeClock
from tests.fakes.confirmations import FakeConfirmations
from tests.fakes.day_book import FakeDayBook
from tests.fakes.devices import FakePassDevices
from tests.fakes.due_work import FakeDueWork
from tests.fakes.events import FakeEvents
from tests.fakes.gift_cards import FakeGiftCards
from tests.fakes.jobs import FakeJobs
from tests.fakes.journal import FakeJournal
from tests.fakes.keyring import FakeKeyring
from tests.fakes.ledger import FakeLedger
from tests.fakes.members import FakeMembers
from tests.fakes.merchants import FakeMerchants
from tests.fakes.notices import FakeNoticeBook
from tests.fakes.offers import FakeOffers
from tests.fakes.pacer import FakePacer
from tests.fakes.pass_designs import FakePassDesigns, FakeRepush
from tests.fakes.pass_holders import FakePassHolders
from tests.fakes.pass_states import FakePassStates
from tests.fakes.phone_links import FakePhoneLinks
from tests.fakes.prefixes import FakePrefixes
from tests.fakes.promo_codes import FakePromoCodes
from tests.fakes.pusher import FakePusher
from tests.fakes.queue import FakeQueue
from tests.fakes.sign_ups import FakeSignUps
from tests.fakes.sms import FakeSmsSender
from tests.fakes.sms_outbox import FakeSmsOutbox

SHARDS = 1
PHONE = "+79990000001"
CODE = "246810"
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
POLICY = SmsPolicy(
    code_minutes=5,
    guesses_max=5,
    resend_seconds=60,
    repeat_answer_minutes=10,
    per_phone_minute=1,
    per_phone_day=5,
    per_ip_hour=20,
    per_till_hour=3,
    per_prefix_hour=100,
    per_merchant_day_minor=100_000,
    per_new_merchant_day_minor=100_000,
    per_day_of_new_merchants_minor=100_000,
    lifted_merchants=frozenset(),
    per_phone_day_in_all=20,
    per_ip_hour_in_all=100,
    per_prefix_hour_in_all=200,
    per_day_in_all_minor=1_000_000,
    price_minor=500,
    failures_per_phone_day=10,
    conversion_window=4,
    conversion_percent=50,
)


class World:
    """One shop; time stands still at noon of 1 June 2026 until `wait` moves it."""

    def __init__(self, policy: SmsPolicy = POLICY, **program: Any) -> None:
        self.clock = FakeClock(NOON)
        self.ledger = UnsteadyLedger()
        self.outbox = FakeSmsOutbox(self.clock)
        self.sign_ups = FakeSignUps(self.clock, self.outbox)
        self.members = FakeMembers(self.ledger, self.sign_ups)
        self.merchants, self.api_keys = FakeMerchants(), FakeApiKeys()
        self.keyring, self.pacer, self.queue = FakeKeyring(CODE), FakePacer(), FakeQueue()
        self.devices, self.pusher = FakePassDevices(self.ledger), FakePusher()
        self.events, self.sender = FakeEvents(), FakeSmsSender(("first", "second"))
        self.prefixes = FakePrefixes()
        self.merchants.open(
            Merchant(SHOP, "Roastery", "RU", ("RU",), "ru", next_run_at=OPENED),
            document(**program),
        )
        self.gift_cards, self.offers = FakeGiftCards(self.ledger), FakeOffers(self.ledger)
        self.catalogue = FakeCatalogue()
        self.confirmations = FakeConfirmations(self.ledger, self.sign_ups.limits, self.outbox)
        self.book = Book(
            merchants=self.merchants, ledger=self.ledger, gift_cards=self.gift_cards,
            offers=self.offers, confirmations=self.confirmations,
            catalogue=self.catalogue, pacer=self.pacer,
        )  # fmt: skip
        self.doors = Doors(
            merchants=self.merchants, members=self.members, sign_ups=self.sign_ups,
            prefixes=self.prefixes, book=self.book, keyring=self.keyring, pacer=self.pacer,
            policy=policy,
        )  # fmt: skip
        self.links = FakePhoneLinks(self.sign_ups.limits, self.outbox, self.clock)
        self.link_desk = LinkDesk(
            book=self.book, members=self.members, links=self.links, watch=self.doors.watch,
            keyring=self.keyring, policy=policy, public_url="https://k.example",
        )  # fmt: skip
        self.confirmation_desk = ConfirmationDesk(
            confirmations=self.confirmations, merchants=self.merchants, members=self.members,
            ledger=self.ledger, prefixes=self.prefixes, keyring=self.keyring,
            pacer=self.pacer, policy=policy,
        )  # fmt: skip
        self.directory = Directory(
            merchants=self.merchants, members=self.members, ledger=self.ledger,
            keyring=self.keyring, pacer=self.pacer,
        )  # fmt: skip
        self.journal, self.day_book = FakeJournal(SHARDS), FakeDayBook(self.ledger)
        self.attention = FakeAttention()
        self.designs, self.holders = (
            FakePassDesigns(self.merchants),
            FakePassHolders(self.devices),
        )
        self.states = FakePassStates(self.ledger, self.members, self.designs)
        self.pass_desk = PassDesk(
            book=self.book, devices=self.devices, pushers=self.pusher, journal=self.journal,
            day_book=self.day_book, attention=self.attention, states=self.states,
            notices=NoticeDesk(
                merchants=self.merchants, members=self.members, ledger=self.ledger,
                notices=FakeNoticeBook(self.sign_ups.limits, self.outbox),
                keyring=self.keyring, pacer=self.pacer, policy=policy,
            ),
        )  # fmt: skip
        self.repush_desk = RepushDesk(
            devices=self.devices, pushers=self.pusher, holders=self.holders, states=self.states
        )
        self.promo_codes = FakePromoCodes(self.ledger)
        self.exit_desk = ExitDesk(
            book=self.book, members=self.members, codes=self.promo_codes, keyring=self.keyring
        )
        self.desk = Desk(
            book=self.book,
            members=self.members,
            due_work=FakeDueWork(self.ledger, self.members, SHARDS),
            exits=self.exit_desk,
        )
        self.code_desk = CodeDesk(book=self.book, codes=self.promo_codes, keyring=self.keyring)
        self.coupon_desk = CouponDesk(
            book=self.book, members=self.members, keyring=self.keyring, policy=policy
        )
        self.jobs = FakeJobs()
        dry_runs = DryRunDesk(
            merchants=self.merchants, ledger=self.ledger, journal=self.journal, shards=SHARDS
        )
        self.job_desk = JobDesk(
            jobs=self.jobs, queue=self.queue,
            slices={JobKind.DRY_RUN: partial(dry_run_slice, desk=dry_runs)},
        )  # fmt: skip
        self.repush = FakeRepush()
        self.office = Office(
            merchants=self.merchants, api_keys=self.api_keys, catalogue=self.catalogue,
            keyring=self.keyring, tell_phones=self.repush,
        )  # fmt: skip

    @property
    def at(self) -> datetime:
        """Return the moment."""
        return self.clock.now()

    @property
    def merchant(self) -> Merchant:
        """Return the shop."""
        found = self.merchants.find(SHOP)
        assert found
        return found

    def wait(self, **duration: float) -> None:
        """Let time pass."""
        self.clock.at += timedelta(**duration)

    def ask_for_code(self, phone: str = PHONE, nonce: str = "n", **more: Any) -> str:
        """Ask for a code; the sign-up's id."""
        request = SignUpRequest(
            merchant_id=SHOP, phone=phone, language="ru", consents=(consent(self.at),),
            client_nonce=nonce, ip=more.pop("ip", "10.0.0.1"), **more,
        )  # fmt: skip
        return request_code(request, at=self.at, doors=self.doors).sign_up_id

    def join(self, phone: str = PHONE, **edit: Any) -> MemberRef:
        """Make a member of a phone."""
        sign_up_id = self.ask_for_code(phone)
        verified = verify_code(
            sign_up_id, CODE, "n", ProfileEdit(**edit), at=self.at, doors=self.doors
        )
        return verified.member

    def give(self, member: MemberRef, points: int, days: int | None = None) -> None:
        """Grant points that last so many days."""
        given = Grant(points=points, reason="thanks", expires_in_days=days)
        key = operation(f"give-{len(self.ledger.records)}")
        grant_points(member, given, key, at=self.at, book=self.book)

    def account(self, member: MemberRef) -> Account:
        """Return the account as it is stored."""
        return self.ledger.accounts[member]

    def available(self, member: MemberRef) -> int:
        """Return what the member can spend now."""
        return self.account(member).available(self.at.date())


class UnsteadyLedger(FakeLedger):
    """A ledger that fails as the next of `troubles` says: before or after it has written."""

    def __init__(self) -> None:
        super().__init__()
        self.troubles: list[str] = []  # "overtaken", "lost before", "lost after"

    def commit(self, change: LedgerChange) -> None:
        trouble = self.troubles.pop(0) if self.troubles else ""
        if trouble == "overtaken":
            raise CommitConflict("moved")
        if trouble == "lost before":
            raise StoreUnavailable("no answer")
        super().commit(change)
        if trouble == "lost after":
            raise StoreUnavailable("no answer")


def consent(at: datetime) -> Consent:
    """Return the consent a sign-up needs."""
    return Consent(ConsentPurpose.PROGRAM, True, "2026-05", "ru", at, "sign_up")


def keys(prefix: str = "k") -> Iterator[Operation]:
    """Yield operations, each under a key of its own."""
    number = 0
    while True:
        number += 1
        yield operation(f"{prefix}{number}")
