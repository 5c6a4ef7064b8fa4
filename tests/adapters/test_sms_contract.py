"""The `SmsSender` port: one contract for the fake and for routes of console adapters."""

from collections.abc import Callable

import pytest

from chalicelib.adapters.sms_console import ConsoleSms, LocalOutbox
from chalicelib.adapters.sms_route import RoutedSms
from chalicelib.ports import Sms, SmsRejected, SmsSender
from tests.fakes.clock import FakeClock
from tests.fakes.sms import FakeSmsSender

CODE = Sms("sms_1", "+79161234567", "Code 246810")


def _routed() -> RoutedSms:
    console = ConsoleSms(
        LocalOutbox(), now=FakeClock().now, is_local=True, write=lambda line: None
    )
    return RoutedSms((console,))


@pytest.fixture(params=["fake", "console"])
def sender(request) -> SmsSender:
    made: dict[str, Callable[[], SmsSender]] = {
        "fake": lambda: FakeSmsSender(("console",)),
        "console": _routed,
    }
    return made[request.param]()


def test_a_message_taken_has_its_route_and_an_id_of_the_operator(sender: SmsSender) -> None:
    receipt = sender.send(CODE)

    assert receipt.route == "console"
    assert receipt.operator_id


def test_after_the_last_route_there_is_none(sender: SmsSender) -> None:
    with pytest.raises(SmsRejected, match="routes_exhausted"):
        sender.send(CODE, after="console")


def test_after_a_route_that_was_never_there_is_none(sender: SmsSender) -> None:
    with pytest.raises(SmsRejected, match="routes_exhausted"):
        sender.send(CODE, after="unknown")
