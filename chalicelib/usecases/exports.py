"""Everything the service knows of a member, for the member to take away.

By pages of the ledger, newest first; what is no history is on the first. Named are those
things too that the shop keeps to itself, such as segments: they are about this member.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.coupons import HeldCoupon
from chalicelib.domain.entries import LedgerEntry
from chalicelib.domain.journal import row_of
from chalicelib.domain.ledger import present
from chalicelib.domain.receipts import Receipt
from chalicelib.ports import Draws, PromoCodes
from chalicelib.usecases.coupons import list_coupons
from chalicelib.usecases.draws import MemberDraw, draws_of_member
from chalicelib.usecases.members import MemberView, view_member
from chalicelib.usecases.own_devices import DeviceDesk, OwnDevice, own_devices

ENTRIES_MAX = 100  # of one page; each gives at most one receipt
DRAWS_MAX = 100  # the latest


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportDesk:
    """The ports that know members."""

    devices: DeviceDesk
    codes: PromoCodes
    draws: Draws


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known of a member beside the history."""

    view: MemberView
    devices: tuple[OwnDevice, ...]
    coupons: tuple[HeldCoupon, ...]
    draws: tuple[MemberDraw, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A page of an export; `next_before` is the version to go on before, None at the end."""

    person: Person | None  # on the first page
    entries: tuple[LedgerEntry, ...]
    receipts: tuple[Receipt, ...]  # of those entries, in their order
    next_before: int | None


def export_of(
    member: MemberRef,
    this_browser: str,
    *,
    before: int | None,
    at: datetime,
    desk: ExportDesk,
) -> Export:
    """Return the first page, or the one that follows a version.

    Raises:
        MemberNotFound.
    """
    ledger = desk.devices.book.ledger
    if before is None:
        person = _person(member, this_browser, at, desk)
    else:
        present(ledger.account(member))
        person = None
    entries = ledger.entries(member, before=before, limit=ENTRIES_MAX)
    rows = [row for row in map(row_of, entries) if row]
    found = ledger.find_receipts([row.key for row in rows])
    is_last = len(entries) < ENTRIES_MAX or entries[-1].version <= 1
    return Export(
        person=person,
        entries=entries,
        receipts=tuple(found[row.key] for row in rows if row.key in found),
        next_before=None if is_last else entries[-1].version,
    )


def _person(member: MemberRef, this_browser: str, at: datetime, desk: ExportDesk) -> Person:
    book, directory = desk.devices.book, desk.devices.directory
    return Person(
        view=view_member(member, at=at, directory=directory),
        devices=own_devices(member, this_browser, desk.devices),
        coupons=tuple(list_coupons(member, at=at, book=book, codes=desk.codes)),
        draws=tuple(
            draws_of_member(
                member, limit=DRAWS_MAX, draws=desk.draws, keyring=directory.keyring
            )
        ),
    )
