"""Delivery reports: read, refused, repeated, overtaken; a failed one sends again, once."""

import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest

from chalicelib.adapters.sms_formats import SMSC, SMSRU
from chalicelib.adapters.sms_route import RouteReports, parse_reports
from chalicelib.ports import DeliveryReport, DeliveryState, ReportForged, ReportUnreadable
from tests.adapters.sms_operator import OperatorServer, smsc_report, smsru_report
from tests.adapters.test_sms_route import CODE, routed

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NOON = int(NOW.timestamp())
PHONE = "79001234567"


class TestReports:
    def test_smsc_reports_one_message_per_form(self) -> None:
        form = smsc_report("sms_01", PHONE, 1, secret="s", ts=NOON)

        reports = RouteReports("first", SMSC, "s").read(dict(parse_qsl(form)), at=NOW)

        assert reports == (DeliveryReport("sms_01", DeliveryState.DELIVERED, NOW),)

    def test_smsru_reports_several_and_its_own_tests_between_them(self) -> None:
        form = smsru_report([("0-1", 103, NOON), ("0-2", 104, NOON)], secret="id")

        reports = RouteReports("second", SMSRU, "id").read(dict(parse_qsl(form)), at=NOW)

        assert reports == (
            DeliveryReport("0-1", DeliveryState.DELIVERED, NOW),
            DeliveryReport("0-2", DeliveryState.EXPIRED, NOW),
        )

    @pytest.mark.parametrize(
        ("code", "state"),
        [
            (-3, "failed"),
            (-1, "pending"),
            (0, "pending"),
            (1, "delivered"),
            (2, "delivered"),
            (3, "expired"),
            (20, "failed"),
            (22, "failed"),
            (25, "failed"),
            (99, "pending"),
        ],
    )
    def test_a_polled_smsc_status_reads_alike(self, code: int, state: str) -> None:
        fields = {"id": "sms_01", "status": str(code), "last_timestamp": str(NOON), "err": "0"}

        reports = parse_reports(SMSC, fields, at=NOW)

        assert reports == (DeliveryReport("sms_01", DeliveryState(state), NOW),)

    @pytest.mark.parametrize(
        ("code", "state"),
        [
            (100, "pending"),
            (102, "pending"),
            (103, "delivered"),
            (105, "failed"),
            (150, "failed"),
        ],
    )
    def test_a_polled_smsru_status_reads_alike(self, code: int, state: str) -> None:
        fields = {"sms_id": "0-1", "status_code": str(code)}

        reports = parse_reports(SMSRU, fields, at=NOW)

        assert reports == (DeliveryReport("0-1", DeliveryState(state), NOW),)

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"id": "1"},
            {"id": "1", "status": "one"},
            {"id": "", "status": "1"},
            {"id": "1", "status": "1", "ts": "999999999999"},
            {"id": "1", "status": "1", "ts": "noon"},
        ],
    )
    def test_a_form_that_is_no_smsc_report_is_unreadable(self, fields: dict[str, str]) -> None:
        with pytest.raises(ReportUnreadable):
            parse_reports(SMSC, fields, at=NOW)

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"data[0]": "sms_status"},
            {"data[0]": "sms_status\n0-1\n103"},
            {"data[0]": "sms_status\n0-1\nfine\n1"},
            {f"data[{place}]": "test\n1" for place in range(101)},
        ],
    )
    def test_a_form_that_is_no_smsru_report_is_unreadable(self, fields: dict[str, str]) -> None:
        with pytest.raises(ReportUnreadable):
            parse_reports(SMSRU, fields, at=NOW)

    @pytest.mark.parametrize(("theirs", "ours"), [("s", "another"), ("", "")])
    def test_a_report_signed_by_nobody_we_know_is_refused(self, theirs: str, ours: str) -> None:
        form = dict(parse_qsl(smsc_report("sms_01", PHONE, 20, secret=theirs, ts=NOON)))

        with pytest.raises(ReportForged):
            RouteReports("first", SMSC, ours).read(form, at=NOW)

    def test_a_report_changed_on_its_way_is_refused(self) -> None:
        smsc = dict(parse_qsl(smsc_report("sms_01", PHONE, 1, secret="s", ts=NOON)))
        smsru = dict(parse_qsl(smsru_report([("0-1", 103, NOON)], secret="id")))
        smsru_failed = smsru | {"data[1]": f"sms_status\n0-1\n105\n{NOON}"}

        with pytest.raises(ReportForged):
            RouteReports("first", SMSC, "s").read(smsc | {"status": "20"}, at=NOW)
        with pytest.raises(ReportForged):
            RouteReports("second", SMSRU, "id").read(smsru_failed, at=NOW)

    def test_a_report_without_a_signature_is_refused(self) -> None:
        with pytest.raises(ReportForged):
            RouteReports("second", SMSRU, "id").read({"data[0]": "sms_status"}, at=NOW)

    def test_repeated_and_overtaken_reports_send_again_once_and_never_undo_a_delivery(
        self,
    ) -> None:
        with OperatorServer() as first, OperatorServer() as second, _Receiver() as receiver:
            sender = routed(first, second)
            receipt = sender.send(CODE)
            sent, failed, shown = (
                smsc_report(receipt.operator_id, PHONE, code, secret="s", ts=NOON)
                for code in (0, 20, 1)
            )

            first.report(receiver.url, [failed, sent, failed, shown, sent, failed, shown])

            known, resent = DeliveryState.PENDING, []
            for fields in receiver.forms:
                for report in RouteReports("first", SMSC, "s").read(fields, at=NOW):
                    if report.is_news(known):
                        known = report.state
                        if known is DeliveryState.FAILED:
                            resent.append(sender.send(CODE, after=receipt.route).route)
            assert known is DeliveryState.DELIVERED
            assert resent == ["second"]
            assert (len(first.taken), len(second.taken)) == (1, 1)


class _Receiver:
    """Our end of the reports, over a real socket: keeps each form."""

    def __init__(self) -> None:
        forms: list[dict[str, str]] = []
        self.forms = forms

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                forms.append(dict(parse_qsl(self.rfile.read(length).decode())))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __enter__(self) -> "_Receiver":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
