"""The HTTP operator: both formats, every way an operator can fail, and what leaks (nothing)."""

import datetime as dt
import ipaddress
import logging
import ssl
import traceback

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalicelib.adapters.sms_formats import FORMATS, SMSC, SMSRU, Operator, OperatorFormat
from chalicelib.adapters.sms_http import HttpSms
from chalicelib.ports import Sms, SmsReceipt, SmsRejected, SmsUnavailable
from tests.adapters.sms_operator import SMSC_PATH, SMSRU_PATH, Behaviour, OperatorServer

CODE = Sms(message_id="sms_01", to="+79001234567", text="Код 483920")
SECRETS = ("9001234567", "483920", "Код", "pässword-77", "kopilka-login")
PATHS = {"smsc": SMSC_PATH, "smsru": SMSRU_PATH}

both_formats = pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS.keys())


def operator(
    server: OperatorServer, form: OperatorFormat = SMSC, **changes: object
) -> Operator:
    return Operator(
        route="main",
        format=form,
        url=server.url(PATHS[form.name]),
        secret="pässword-77",
        login="kopilka-login",
        **{"connect_ms": 10_000, "read_ms": 10_000, "answer_ms": 20_000} | changes,
    )


class TestSending:
    def test_smsc_gets_our_id_the_whole_number_and_utf8(self) -> None:
        with OperatorServer() as server:
            receipt = HttpSms(operator(server, sender="Kopilka")).send(CODE)

            assert receipt == SmsReceipt(route="main", operator_id="sms_01")
            assert server.taken == [
                {
                    "login": "kopilka-login",
                    "psw": "pässword-77",
                    "phones": "+79001234567",
                    "mes": "Код 483920",
                    "id": "sms_01",
                    "charset": "utf-8",
                    "fmt": "3",
                    "sender": "Kopilka",
                }
            ]

    def test_smsru_gets_digits_and_answers_with_its_own_id(self) -> None:
        with OperatorServer() as server:
            receipt = HttpSms(operator(server, SMSRU)).send(CODE)

            assert receipt == SmsReceipt(route="main", operator_id="000000-1")
            assert server.taken == [
                {"api_id": "pässword-77", "to": "79001234567", "msg": "Код 483920", "json": "1"}
            ]

    def test_an_id_the_operator_cannot_hold_is_replaced_by_its_digest(self) -> None:
        with OperatorServer() as server:
            receipt = HttpSms(operator(server)).send(Sms("#" * 50, "+79001234567", "hi"))

            assert receipt.operator_id == server.taken[0]["id"]
            assert len(receipt.operator_id) == 40

    def test_nothing_secret_is_in_the_address(self) -> None:
        with OperatorServer() as server:
            HttpSms(operator(server)).send(CODE)

            assert server.requests[0][0] == SMSC_PATH

    @both_formats
    def test_a_message_sent_twice_reaches_the_phone_once(self, form: OperatorFormat) -> None:
        with OperatorServer() as server:
            sender = HttpSms(operator(server, form))
            sender.send(CODE)

            with pytest.raises(SmsUnavailable):
                sender.send(CODE)

            assert len(server.taken) == 1


@both_formats
class TestTrouble:
    @pytest.mark.parametrize(
        ("behaviour", "code", "is_number_at_fault"),
        [
            (Behaviour.REJECT_NUMBER, "number_refused", True),
            (Behaviour.REJECT_ACCOUNT, "no_money", False),
        ],
    )
    def test_a_refusal_says_whose_fault_it_is(
        self, form: OperatorFormat, behaviour: Behaviour, code: str, is_number_at_fault: bool
    ) -> None:
        with OperatorServer(behaviour) as server:
            with pytest.raises(SmsRejected) as caught:
                HttpSms(operator(server, form)).send(CODE)

            assert caught.value.code == code
            assert caught.value.is_number_at_fault is is_number_at_fault
            assert server.taken == []

    @pytest.mark.parametrize(
        "behaviour",
        [
            Behaviour.LOSE,
            Behaviour.GARBAGE,
            Behaviour.NESTED,
            Behaviour.HUGE,
            Behaviour.FAIL,
            Behaviour.THROTTLE,
            Behaviour.REDIRECT,
        ],
    )
    def test_anything_but_a_clear_answer_is_unavailable_and_asked_once(
        self, form: OperatorFormat, behaviour: Behaviour
    ) -> None:
        with OperatorServer(behaviour) as server:
            with pytest.raises(SmsUnavailable):
                HttpSms(operator(server, form)).send(CODE)

            assert len(server.requests) == 1

    def test_an_operator_that_hangs_is_left_after_the_read_time_out(
        self, form: OperatorFormat
    ) -> None:
        with (
            OperatorServer(Behaviour.HANG) as server,
            pytest.raises(SmsUnavailable, match="TimeoutError"),
        ):
            HttpSms(operator(server, form, read_ms=100)).send(CODE)

    def test_an_answer_that_drips_in_is_cut(self, form: OperatorFormat) -> None:
        with OperatorServer(Behaviour.DRIP) as server:
            with pytest.raises(SmsUnavailable):
                HttpSms(operator(server, form, answer_ms=200)).send(CODE)

            assert server.answered == 0

    def test_nobody_listening_is_unavailable(self, form: OperatorFormat) -> None:
        with OperatorServer() as server:
            gone = operator(server, form)

        with pytest.raises(SmsUnavailable, match="NewConnectionError"):
            HttpSms(gone).send(CODE)

    @pytest.mark.parametrize("behaviour", Behaviour)
    def test_no_phone_text_or_secret_is_in_logs_or_exceptions(
        self, form: OperatorFormat, behaviour: Behaviour, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        with OperatorServer(behaviour) as server:
            config = operator(server, form, read_ms=200, answer_ms=400)
            said = [repr(config)]
            try:
                HttpSms(config).send(CODE)
            except (SmsRejected, SmsUnavailable) as error:
                said += [repr(error), *traceback.format_exception(error)]

            said += [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
            said = [line.replace("login='kopilka-login'", "") for line in said]
            assert [secret for secret in SECRETS for line in said if secret in line] == []


class TestAnswers:
    @pytest.mark.parametrize(
        "answer",
        [
            [],
            None,
            7,
            "id",
            {},
            {"id": True},
            {"id": 1.5},
            {"id": ""},
            {"id": "a b"},
            {"id": {}},
            {"error_code": "seven"},
            {"error_code": None, "id": 1},
        ],
    )
    def test_an_smsc_answer_is_read_strictly(self, answer: object) -> None:
        with pytest.raises((ValueError, KeyError, TypeError)):
            SMSC.operator_id(answer, CODE)

    @pytest.mark.parametrize(
        "answer",
        [
            {"status_code": 100},
            {"status_code": 100, "sms": []},
            {"status_code": 100, "sms": {"79000000000": {"status_code": 100, "sms_id": "1"}}},
            {"status_code": 100, "sms": {"79001234567": {"status_code": 100}}},
            {"status_code": True, "sms": {}},
            {"status": "OK"},
        ],
    )
    def test_an_smsru_answer_is_read_strictly(self, answer: object) -> None:
        with pytest.raises((ValueError, KeyError, TypeError)):
            SMSRU.operator_id(answer, CODE)

    def test_an_error_beside_an_id_is_an_error(self) -> None:
        with pytest.raises(SmsRejected, match="no_way"):
            SMSC.operator_id({"id": 5, "error_code": 8}, CODE)

    def test_a_code_nobody_has_listed_is_a_refusal_of_this_route_only(self) -> None:
        with pytest.raises(SmsRejected, match="refused_77") as caught:
            SMSC.operator_id({"error_code": 77}, CODE)

        assert not caught.value.is_number_at_fault


class TestAddress:
    @pytest.mark.parametrize(
        "url",
        [
            "http://operator.example/send",
            "http://10.0.0.1/send",
            "ftp://operator.example/",
            "https://user:psw@operator.example/",
            "https://operator.example/send?psw=1",
            "/send",
        ],
    )
    def test_an_address_that_would_show_secrets_is_refused(self, url: str) -> None:
        with pytest.raises(ValueError, match="address"):
            HttpSms(Operator(route="main", format=SMSC, url=url, secret="s"))

    @pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS.keys())
    def test_the_published_addresses_are_https(self, form: OperatorFormat) -> None:
        sender = HttpSms(Operator(route="main", format=form, url=form.url, secret="s"))

        assert sender.route == "main"

    def test_a_trusted_certificate_is_accepted_and_an_unknown_one_is_told_nothing(
        self, tmp_path
    ) -> None:
        certificate = _certificate(tmp_path)
        server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server_tls.load_cert_chain(certificate)
        trusting = ssl.create_default_context(cafile=certificate)
        with OperatorServer(tls=server_tls) as server:
            receipt = HttpSms(operator(server), trusting).send(CODE)

            with pytest.raises(SmsUnavailable, match="SSL"):
                HttpSms(operator(server)).send(CODE)

            assert receipt.operator_id == "sms_01"
            assert len(server.requests) == 1

    def test_a_dripping_answer_is_cut_over_tls_too(self, tmp_path) -> None:
        certificate = _certificate(tmp_path)
        server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server_tls.load_cert_chain(certificate)
        trusting = ssl.create_default_context(cafile=certificate)
        with OperatorServer(Behaviour.DRIP, tls=server_tls) as server:
            with pytest.raises(SmsUnavailable):
                HttpSms(operator(server, answer_ms=200), trusting).send(CODE)

            assert server.answered == 0


def _certificate(folder) -> str:
    """Return a PEM file with a key and a certificate for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "operator")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "operator.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return str(file)
