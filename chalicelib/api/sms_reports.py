"""POST /sms-reports/{route}/{secret}: an operator says what became of a message.

The address is given to the operator once: its secret is derived from the route's name.
The operator's own signature is checked as well. Unknown messages are answered like known
ones, so that an operator does not repeat itself for ever.
"""

from urllib.parse import parse_qsl

from chalice import Blueprint, Response

from chalicelib.domain.members import OutgoingSms
from chalicelib.ports import DeliveryReport, ReportForged, ReportUnreadable
from chalicelib.usecases.outbox import SMS_QUEUE, note_delivery
from chalicelib.wiring import services

FIELDS_MAX = 2_000  # of one form: SMS.ru posts up to 100 reports

sms_reports = Blueprint(__name__)


@sms_reports.route("/sms-reports/{route}/{secret}", methods=["POST"], content_types=["*/*"])
def post_sms_report(route: str, secret: str) -> Response:
    """Take note of each report; a message that failed in time goes by the next route."""
    ports = services()
    reports = ports.sms_reports.get(route)
    if reports is None or not ports.keyring.is_token("sms-report", route, secret):
        return _plain("not found", 404)
    at = ports.clock.now()
    raw = sms_reports.current_request.raw_body
    body = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    try:
        fields = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=FIELDS_MAX))
        found = reports.read(fields, at=at)
    except (ReportForged, ReportUnreadable, ValueError):
        return _plain("not a report of this operator", 400)
    for report in found:
        sms = ports.sms_outbox.find_taken(route, report.operator_id)
        if sms is not None:
            _note(sms, report)
    return _plain(reports.answer, 200)


def _note(sms: OutgoingSms, report: DeliveryReport) -> None:
    ports = services()
    is_again = note_delivery(sms, report, at=ports.clock.now(), outbox=ports.sms_outbox)
    if is_again:
        named = {"merchant_id": sms.merchant_id, "message_id": sms.message_id}
        ports.queue.enqueue(SMS_QUEUE, [named])


def _plain(text: str, status: int) -> Response:
    headers: dict[str, str | list[str]] = {
        "Content-Type": "text/plain; charset=utf-8",
        "Cache-Control": "no-store",
    }
    return Response(text.encode(), headers=headers, status_code=status)
