"""Activation codes for tests and benchmarks: nobody has to sign up an office first."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.audit import AuditRecord, Deed
from chalicelib.domain.staff import FIRST_STORE, Store, Till
from chalicelib.ports import Taken
from chalicelib.usecases.pins import TillDesk
from chalicelib.usecases.staff import Doer, invite_device
from chalicelib.usecases.write_once import merchant_of

TILL = "till-2"  # the first one's id belongs to the merchant's API key


def invite_till(ports: Any, wish: Mapping[str, Any]) -> dict[str, Any]:
    """Make a code for `{"merchant": …, "store"?: …, "till"?: …}`; both are made if missing."""
    desk: TillDesk = ports.till_desk
    merchant_id = str(wish.get("merchant", ""))
    merchant_of(merchant_id, ports.merchants)
    doer = Doer(merchant_id, "local", ports.clock.now())
    store_id, till_id = str(wish.get("store", FIRST_STORE)), str(wish.get("till", TILL))
    _ensure(Store(store_id=store_id, name=store_id), doer, Deed.STORE_ADDED, desk)
    till = Till(till_id=till_id, store_id=store_id, name=till_id)
    _ensure(till, doer, Deed.TILL_ADDED, desk)
    made = invite_device(till_id, doer=doer, desk=desk)
    return {"code": made.code, "store": made.till.store_id, "till": till_id}


def _ensure(thing: Store | Till, doer: Doer, deed: Deed, desk: TillDesk) -> None:
    record = AuditRecord(
        audit_id=desk.keyring.new_id("aud"),
        merchant_id=doer.merchant_id,
        at=doer.at,
        actor=doer.by,
        deed=deed,
    )
    try:
        desk.room.add(doer.merchant_id, thing, record)
    except Taken:
        return
