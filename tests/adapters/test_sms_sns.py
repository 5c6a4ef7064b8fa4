"""The SNS adapter against moto, and against a server that fails as Amazon's does."""

import logging
import traceback

import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from chalicelib.adapters.sms_sns import SnsSms
from chalicelib.ports import Sms, SmsRejected, SmsUnavailable
from tests.adapters.sms_operator import SNS_PATH, Behaviour, OperatorServer

CODE = Sms(message_id="sms_01", to="+79001234567", text="Code 483920")


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "aws-secret-77")


def sns(server: OperatorServer, read_ms: int = 10_000) -> SnsSms:
    return SnsSms(
        region="eu-central-1",
        sender_id="Kopilka",
        max_price_usd="0.15",
        endpoint_url=server.url(SNS_PATH),
        read_ms=read_ms,
    )


def test_a_message_is_published_to_its_number() -> None:
    with mock_aws():
        receipt = SnsSms(region="eu-central-1").send(CODE)

        sent = sns_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sms_messages
        assert receipt.route == "sns"
        assert sent == {receipt.operator_id: ("+79001234567", "Code 483920")}


def test_a_number_that_is_none_is_refused_for_good() -> None:
    with mock_aws(), pytest.raises(SmsRejected, match="number_refused") as caught:
        SnsSms(region="eu-central-1").send(Sms("sms_02", "twelve", "hi"))

    assert caught.value.is_number_at_fault


def test_it_is_transactional_with_our_name_and_a_ceiling_for_its_price() -> None:
    with OperatorServer() as server:
        sns(server).send(CODE)

        form = server.taken[0]
        values = {
            form[f"MessageAttributes.entry.{place}.Name"]: form[
                f"MessageAttributes.entry.{place}.Value.StringValue"
            ]
            for place in (1, 2, 3)
        }
        assert values == {
            "AWS.SNS.SMS.SMSType": "Transactional",
            "AWS.SNS.SMS.SenderID": "Kopilka",
            "AWS.SNS.SMS.MaxPrice": "0.15",
        }


@pytest.mark.parametrize(
    ("behaviour", "code", "is_number_at_fault"),
    [
        (Behaviour.REJECT_NUMBER, "number_refused", True),
        (Behaviour.REJECT_ACCOUNT, "account_refused", False),
    ],
)
def test_a_refusal_says_whose_fault_it_is(
    behaviour: Behaviour, code: str, is_number_at_fault: bool
) -> None:
    with OperatorServer(behaviour) as server, pytest.raises(SmsRejected) as caught:
        sns(server).send(CODE)

    assert (caught.value.code, caught.value.is_number_at_fault) == (code, is_number_at_fault)


@pytest.mark.parametrize("behaviour", [Behaviour.FAIL, Behaviour.THROTTLE, Behaviour.LOSE])
def test_trouble_is_unavailable_and_the_client_does_not_try_again(behaviour: Behaviour) -> None:
    with OperatorServer(behaviour) as server:
        with pytest.raises(SmsUnavailable):
            sns(server).send(CODE)

        assert len(server.requests) == 1


def test_a_hanging_endpoint_is_left_after_the_read_time_out() -> None:
    with (
        OperatorServer(Behaviour.HANG) as server,
        pytest.raises(SmsUnavailable, match="ReadTimeoutError"),
    ):
        sns(server, read_ms=100).send(CODE)


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour.TAKE,
        Behaviour.HANG,
        Behaviour.LOSE,
        Behaviour.GARBAGE,
        Behaviour.FAIL,
        Behaviour.REJECT_NUMBER,
        Behaviour.REJECT_ACCOUNT,
    ],
)
def test_no_phone_text_or_secret_is_in_logs_or_exceptions(
    behaviour: Behaviour, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = []
    with OperatorServer(behaviour) as server:
        try:
            sns(server, read_ms=200).send(CODE)
        except (SmsRejected, SmsUnavailable) as error:
            said += [repr(error), *traceback.format_exception(error)]

    said += [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
    secrets = ("9001234567", "483920", "aws-secret-77")
    assert [secret for secret in secrets for line in said if secret in line] == []
