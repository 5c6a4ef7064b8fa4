"""What is published and who published it are written together, or neither is."""

import pytest

from chalicelib.adapters.dynamo.staff import DynamoStaffRoom
from chalicelib.domain.audit import AuditRecord, Deed
from chalicelib.ports import CommitConflict
from chalicelib.usecases.deeds import version_record
from tests.adapters.stores import NOW, SHOP
from tests.adapters.test_merchants_contract import DOCUMENT, MERCHANT
from tests.adapters.test_pass_designs_contract import Store, engine_store


def record(deed: Deed, version: int) -> AuditRecord:
    found = version_record(deed, SHOP, version, by="stf_olga", at=NOW)
    assert found is not None
    return found


@pytest.fixture
def engine(connection) -> Store:
    store = engine_store(connection)
    store.merchants.open(MERCHANT, DOCUMENT)
    return store


def test_a_version_is_published_with_its_record(engine: Store, connection) -> None:
    rules, card = record(Deed.PROGRAM_PUBLISHED, 2), record(Deed.DESIGN_PUBLISHED, 1)

    engine.merchants.publish(SHOP, DOCUMENT, 2, at=NOW, record=rules)
    engine.designs.publish(SHOP, {"near_m": 1}, 1, at=NOW, record=card)

    noted = DynamoStaffRoom(connection).audit(SHOP, limit=9)
    assert sorted(noted, key=lambda one: one.deed) == [card, rules]


def test_what_is_refused_leaves_no_record(engine: Store, connection) -> None:
    with pytest.raises(CommitConflict):
        engine.merchants.publish(
            SHOP, DOCUMENT, 3, at=NOW, record=record(Deed.PROGRAM_PUBLISHED, 3)
        )
    with pytest.raises(CommitConflict):
        engine.designs.publish(
            SHOP, {"near_m": 1}, 2, at=NOW, record=record(Deed.DESIGN_PUBLISHED, 2)
        )

    assert DynamoStaffRoom(connection).audit(SHOP, limit=9) == ()


def test_what_nobody_chose_has_no_record() -> None:
    assert version_record(Deed.DESIGN_PUBLISHED, SHOP, 1, by="", at=NOW) is None
