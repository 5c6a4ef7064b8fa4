"""The second route: who is asked next, and who is never asked twice."""

import logging

import pytest

from chalicelib.adapters.sms_formats import SMSC, SMSRU, Operator
from chalicelib.adapters.sms_http import HttpSms
from chalicelib.adapters.sms_route import RoutedSms
from chalicelib.ports import Sms, SmsRejected, SmsUnavailable
from tests.adapters.sms_operator import SMSC_PATH, SMSRU_PATH, Behaviour, OperatorServer

CODE = Sms(message_id="sms_01", to="+79001234567", text="Код 483920")


def routed(
    first: OperatorServer, second: OperatorServer, *, read_ms: int = 10_000
) -> RoutedSms:
    slow = {"connect_ms": 10_000, "answer_ms": 20_000}
    return RoutedSms(
        (
            HttpSms(
                Operator("first", SMSC, first.url(SMSC_PATH), "psw", read_ms=read_ms, **slow)
            ),
            HttpSms(
                Operator("second", SMSRU, second.url(SMSRU_PATH), "id", read_ms=10_000, **slow)
            ),
        )
    )


class TestRoutes:
    def test_the_first_route_takes_it_and_the_second_is_not_asked(self) -> None:
        with OperatorServer() as first, OperatorServer() as second:
            receipt = routed(first, second).send(CODE)

            assert receipt.route == "first"
            assert second.requests == []

    def test_a_code_arrives_by_the_second_route_when_the_first_hangs(self) -> None:
        with OperatorServer(Behaviour.HANG) as first, OperatorServer() as second:
            receipt = routed(first, second, read_ms=100).send(CODE)

            assert receipt.route == "second"
            assert [message["msg"] for message in second.taken] == ["Код 483920"]

    def test_a_lost_answer_leads_to_one_message_per_route_at_most(self) -> None:
        with OperatorServer(Behaviour.LOSE) as first, OperatorServer() as second:
            receipt = routed(first, second).send(CODE)

            assert receipt.route == "second"
            assert (len(first.taken), len(second.taken)) == (1, 1)

    def test_two_lost_answers_are_unavailable_after_one_message_per_route(self) -> None:
        with OperatorServer(Behaviour.LOSE) as first, OperatorServer(Behaviour.LOSE) as second:
            with pytest.raises(SmsUnavailable):
                routed(first, second).send(CODE)

            assert (len(first.requests), len(second.requests)) == (1, 1)

    @pytest.mark.parametrize(
        "behaviour",
        [
            Behaviour.REJECT_ACCOUNT,
            Behaviour.THROTTLE,
            Behaviour.FAIL,
            Behaviour.GARBAGE,
            Behaviour.REDIRECT,
        ],
    )
    def test_the_operators_own_trouble_is_passed_on(self, behaviour: Behaviour) -> None:
        with OperatorServer(behaviour) as first, OperatorServer() as second:
            receipt = routed(first, second).send(CODE)

            assert receipt.route == "second"
            assert first.taken == []

    def test_a_number_nobody_can_reach_is_final(self) -> None:
        with OperatorServer(Behaviour.REJECT_NUMBER) as first, OperatorServer() as second:
            with pytest.raises(SmsRejected, match="number_refused"):
                routed(first, second).send(CODE)

            assert second.requests == []

    def test_when_all_refuse_the_first_reason_is_told(self) -> None:
        refuse = Behaviour.REJECT_ACCOUNT
        with (
            OperatorServer(refuse) as first,
            OperatorServer(refuse) as second,
            pytest.raises(SmsRejected, match="no_money"),
        ):
            routed(first, second).send(CODE)

    def test_a_refusal_after_silence_is_still_an_unknown_outcome(self) -> None:
        with (
            OperatorServer(Behaviour.LOSE) as first,
            OperatorServer(Behaviour.REJECT_ACCOUNT) as second,
            pytest.raises(SmsUnavailable),
        ):
            routed(first, second).send(CODE)

    def test_after_a_failed_report_only_later_routes_are_asked(self) -> None:
        with OperatorServer() as first, OperatorServer() as second:
            receipt = routed(first, second).send(CODE, after="first")

            assert receipt.route == "second"
            assert first.requests == []

    @pytest.mark.parametrize("after", ["second", "a route taken out of the configuration"])
    def test_after_the_last_route_nothing_is_sent_again(self, after: str) -> None:
        with OperatorServer() as first, OperatorServer() as second:
            with pytest.raises(SmsRejected, match="routes_exhausted"):
                routed(first, second).send(CODE, after=after)

            assert first.requests == second.requests == []

    def test_routes_need_names_of_their_own(self) -> None:
        with OperatorServer() as server:
            route = HttpSms(Operator("main", SMSC, server.url(SMSC_PATH), "psw"))

            with pytest.raises(ValueError, match="names of their own"):
                RoutedSms((route, route))

    def test_no_phone_text_or_secret_is_in_the_logs(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        refuse = Behaviour.REJECT_ACCOUNT
        with OperatorServer(Behaviour.LOSE) as first, OperatorServer(refuse) as second:
            with pytest.raises(SmsUnavailable) as caught:
                routed(first, second).send(CODE)

            said = f"{caught.value!r} {[record.__dict__ for record in caplog.records]}"
            assert "first" in said
            assert "no_money" in said
            assert not [word for word in ("9001234567", "483920", "Код", "psw") if word in said]
