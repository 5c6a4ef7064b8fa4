"""What a store of pass designs promises, of the fake and of the table alike."""

import pytest

from chalicelib.adapters.dynamo.pass_designs import DynamoPassDesigns
from chalicelib.domain.pass_designs import DEFAULT_DESIGN
from chalicelib.ports import PassDesigns
from tests.adapters.stores import SHOP
from tests.fakes.pass_designs import FakePassDesigns


@pytest.fixture(params=["fake", "engine"])
def designs(request: pytest.FixtureRequest) -> PassDesigns:
    if request.param == "fake":
        return FakePassDesigns()
    request.getfixturevalue("connection")
    return DynamoPassDesigns()


def test_a_merchant_without_a_design_has_the_default_one(designs: PassDesigns) -> None:
    look = designs.look(SHOP)

    assert (look.design, look.revision) == (DEFAULT_DESIGN, 0)


def test_each_change_of_what_all_passes_show_gives_the_next_revision(
    designs: PassDesigns,
) -> None:
    counted = [designs.renew(SHOP), designs.renew(SHOP)]

    assert counted == [1, 2]
    assert designs.look(SHOP).revision == 2
