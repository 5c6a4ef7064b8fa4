"""What HTTP operators are asked and answer, format by format.

Facts of both (read 2026-11: smsc.ru/api/http and sms.ru/api/send for requests and answers;
codes and report signatures as public clients use them, not tried on an account):

    smsc   POST send.php, UTF-8 only if `charset` says so. A number with "+" is not corrected.
           `id` is ours, up to 40 characters, not unique; but the same request within a minute
           is refused with error 9 (as are more than 15 at once). Reports: one form each,
           `sha1` of id:phone:status:secret, `ts` in Unix seconds.
    smsru  POST sms/send. Numbers without "+". No id of ours; the same text to the same number
           is refused with 231 (a minute) or 232 (a day). Reports: up to 100 a form, `data[n]`
           of four lines, `hash` = sha256 of api_id and all `data` in order; wants "100" back.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalicelib.adapters.sms_route import REPORTS_MAX
from chalicelib.ports import DeliveryReport, DeliveryState, Sms, SmsRejected, SmsUnavailable

_OPERATOR_ID = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,12}", re.ASCII)
_SMSRU_DATA = re.compile(r"data\[([0-9]{1,4})\]", re.ASCII)
_NUMBER_REFUSED = "number_refused"
_BUSY = "busy"  # not a refusal: the outcome is unknown, or later it may be taken
_SMSC_REASONS = {
    1: "request_refused",
    2: "account_refused",
    3: "no_money",
    4: _BUSY,  # too many bad requests from this address of ours
    6: "text_refused",
    7: _NUMBER_REFUSED,
    8: "no_way",  # to that number; another operator may have one
    9: _BUSY,  # a repeat: perhaps the first one was taken
}
_SMSRU_TAKEN = 100
_SMSRU_REASONS = {
    **dict.fromkeys((200, 206, 230, 300, 301, 302), "account_refused"),  # also: its limits
    201: "no_money",
    **dict.fromkeys((202, 209, 215), _NUMBER_REFUSED),  # wrong; wants nothing from us
    **dict.fromkeys((203, 204, 205, 216), "text_refused"),  # or its sender's name
    **dict.fromkeys((207, 214), "no_way"),
    **dict.fromkeys((220, 231, 232, 233, 500), _BUSY),  # 231 and 232: a repeat
}
_GONE, _SHOWN, _LATE = DeliveryState.FAILED, DeliveryState.DELIVERED, DeliveryState.EXPIRED
_SMSC_STATES = {1: _SHOWN, 2: _SHOWN, 4: _SHOWN, 3: _LATE}
_SMSC_STATES |= dict.fromkeys((-3, -2, 20, 22, 23, 24, 25), _GONE)
_SMSRU_STATES = {103: _SHOWN, 110: _SHOWN, 104: _LATE}
_SMSRU_STATES |= dict.fromkeys((-1, 105, 106, 107, 108, 150), _GONE)


@dataclass(frozen=True, slots=True)
class OperatorFormat:
    """How a family of operators is asked and answers."""

    name: str
    url: str
    report_answer: str
    form: Callable[["Operator", Sms], dict[str, str]]
    operator_id: Callable[[Mapping[str, Any], Sms], str]
    is_signed: Callable[[Mapping[str, str], str], bool]
    reports: Callable[[Mapping[str, str], datetime], tuple[DeliveryReport, ...]]


@dataclass(frozen=True, slots=True)
class Operator:
    """An account with an operator."""

    route: str
    format: OperatorFormat
    url: str
    secret: str = field(repr=False)  # smsc: password; smsru: api_id
    login: str = ""  # smsc only
    sender: str = ""  # an approved sender name; none: the operator's own
    connect_ms: int = 3_000
    read_ms: int = 5_000
    answer_ms: int = 8_000  # from the first byte of the request to the last of the answer


def rejected(reason: str) -> SmsRejected:
    return SmsRejected(reason, is_number_at_fault=reason == _NUMBER_REFUSED)


def _refusal(form: str, reasons: Mapping[int, str], code: int) -> SmsRejected | SmsUnavailable:
    reason = reasons.get(code, f"refused_{code}")
    return SmsUnavailable(f"{form}: code {code}") if reason == _BUSY else rejected(reason)


def _whole(value: object) -> int:
    """Return a whole number an operator wrote as a number or as its digits."""
    text = str(value)
    if type(value) not in (int, str) or not _WHOLE.fullmatch(text):
        raise ValueError("not a whole number")
    return int(text)


def _id(value: object) -> str:
    text = str(value)
    if type(value) not in (int, str) or not _OPERATOR_ID.fullmatch(text):
        raise ValueError("not an id")
    return text


def _moment(seconds: str | None, received: datetime) -> datetime:
    return datetime.fromtimestamp(_whole(seconds), UTC) if seconds else received


def _smsc_form(operator: Operator, sms: Sms) -> dict[str, str]:
    own_id = sms.message_id
    if not _OPERATOR_ID.fullmatch(own_id):
        own_id = hashlib.sha256(own_id.encode()).hexdigest()[:40]
    form = {"login": operator.login, "psw": operator.secret, "phones": sms.to}
    form |= {"mes": sms.text, "id": own_id, "charset": "utf-8", "fmt": "3"}
    return form | ({"sender": operator.sender} if operator.sender else {})


def _smsc_operator_id(answer: Mapping[str, Any], _sms: Sms) -> str:
    if "error_code" in answer:
        raise _refusal("smsc", _SMSC_REASONS, _whole(answer["error_code"]))
    return _id(answer["id"])


def _smsc_is_signed(fields: Mapping[str, str], secret: str) -> bool:
    signed = ":".join([*(fields.get(name, "") for name in ("id", "phone", "status")), secret])
    expected = hashlib.sha1(signed.encode()).hexdigest()  # the strongest it offers
    return hmac.compare_digest(expected.encode(), fields.get("sha1", "").lower().encode())


def _smsc_reports(fields: Mapping[str, str], at: datetime) -> tuple[DeliveryReport, ...]:
    state = _SMSC_STATES.get(_whole(fields["status"]), DeliveryState.PENDING)
    moment = _moment(fields.get("ts") or fields.get("last_timestamp"), at)
    return (DeliveryReport(_id(fields["id"]), state, moment),)


def _smsru_form(operator: Operator, sms: Sms) -> dict[str, str]:
    form = {"api_id": operator.secret, "to": sms.to.lstrip("+"), "msg": sms.text, "json": "1"}
    return form | ({"from": operator.sender} if operator.sender else {})


def _smsru_operator_id(answer: Mapping[str, Any], sms: Sms) -> str:
    if (code := _whole(answer["status_code"])) != _SMSRU_TAKEN:
        raise _refusal("smsru", _SMSRU_REASONS, code)
    message = answer["sms"][sms.to.lstrip("+")]
    if (code := _whole(message["status_code"])) != _SMSRU_TAKEN:
        raise _refusal("smsru", _SMSRU_REASONS, code)
    return _id(message["sms_id"])


def _smsru_entries(fields: Mapping[str, str]) -> list[str]:
    places = {match[1]: name for name in fields if (match := _SMSRU_DATA.fullmatch(name))}
    return [fields[places[place]] for place in sorted(places, key=int)]


def _smsru_is_signed(fields: Mapping[str, str], secret: str) -> bool:
    expected = hashlib.sha256("".join([secret, *_smsru_entries(fields)]).encode()).hexdigest()
    return hmac.compare_digest(expected.encode(), fields.get("hash", "").lower().encode())


def _smsru_reports(fields: Mapping[str, str], at: datetime) -> tuple[DeliveryReport, ...]:
    entries = [entry.split("\n") for entry in _smsru_entries(fields)]
    if "sms_id" in fields:  # a polled status
        entries.append(["sms_status", fields["sms_id"], fields["status_code"], ""])
    if not 1 <= len(entries) <= REPORTS_MAX:
        raise ValueError("no reports or too many")
    rows = [row for row in entries if row[0] == "sms_status"]  # not calls, not its own tests
    states = [_SMSRU_STATES.get(_whole(row[2]), DeliveryState.PENDING) for row in rows]
    return tuple(
        DeliveryReport(_id(row[1]), state, _moment(row[3], at))
        for row, state in zip(rows, states, strict=True)
    )


SMSC = OperatorFormat(
    "smsc", "https://smsc.ru/sys/send.php", "OK",
    _smsc_form, _smsc_operator_id, _smsc_is_signed, _smsc_reports,
)  # fmt: skip
SMSRU = OperatorFormat(
    "smsru", "https://sms.ru/sms/send", "100",
    _smsru_form, _smsru_operator_id, _smsru_is_signed, _smsru_reports,
)  # fmt: skip
FORMATS = {form.name: form for form in (SMSC, SMSRU)}


def operators_of(routes: str, secrets: Mapping[str, Any]) -> tuple[Operator, ...]:
    """Return the operators a deployment names, first route first (docs/SMS.md).

    `routes` is a JSON list of {route, format, url?, login?, sender?}; the secret of each
    is in `secrets["sms_routes"]` under its route's name.

    Raises:
        KeyError, TypeError, ValueError: it cannot be read.
    """
    return tuple(
        Operator(
            route=route["route"],
            format=FORMATS[route["format"]],
            url=route.get("url") or FORMATS[route["format"]].url,
            secret=secrets["sms_routes"][route["route"]],
            login=route.get("login", ""),
            sender=route.get("sender", ""),
        )
        for route in json.loads(routes)
    )
