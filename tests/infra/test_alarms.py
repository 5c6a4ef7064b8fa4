"""Alarms on what our own logs say: the words of code and template are the same."""

import ast
import re
from fnmatch import fnmatchcase

from infra.log_lines import SAID
from infra.package import ROOT

_PATTERN = re.compile(r'\{ \$\.message = "([^"]+)" \}')
_ERRORS = frozenset({"error", "exception"})
_LEVELS = _ERRORS | {"warning"}
_SEEN_OTHERWISE = {  # by which alarm somebody learns of an error whose line is not counted
    "relay failed": "RelayIsLate",
    "sms failed": "SmsDeadLettersAlarm",
    "unexpected exception": "ApiServerErrors",
}


def _logged(levels: frozenset[str] = _LEVELS) -> set[str]:
    """Return the words of every warning and error of the code that ships."""
    return {
        node.args[0].value
        for path in (ROOT / "chalicelib").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in levels
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_filter_looks_for_words_that_the_code_writes(packaged) -> None:
    logged = _logged()

    looked_for = [
        _PATTERN.fullmatch(properties["FilterPattern"])[1]
        for properties in packaged.of_type("AWS::Logs::MetricFilter").values()
    ]

    assert looked_for
    assert [p for p in looked_for if not any(fnmatchcase(w, p) for w in logged)] == []


def test_no_error_is_written_that_nobody_is_told_of(packaged) -> None:
    alarms = packaged.of_type("AWS::CloudWatch::Alarm")

    untold = {
        words
        for words in _logged(_ERRORS) - _SEEN_OTHERWISE.keys()
        if not any(fnmatchcase(words, said.message) for said in SAID)
    }

    assert untold == set()
    assert _SEEN_OTHERWISE.keys() <= _logged(_ERRORS)
    assert set(_SEEN_OTHERWISE.values()) <= alarms.keys()


def test_everything_that_is_watched_is_counted_where_it_is_said(packaged) -> None:
    counted = {
        (transformation["MetricName"], properties["LogGroupName"]["Ref"])
        for properties in packaged.of_type("AWS::Logs::MetricFilter").values()
        for transformation in properties["MetricTransformations"]
    }

    assert counted == {(said.name, f"{function}Log") for said in SAID for function in said.by}
    assert {name for name, _ in counted} == {
        "PushRefused",
        "PushesStuck",
        "GoogleRefused",
        "ObjectStuck",
        "LinkUnsent",
        "OutboxStuck",
        "CertificatesUnseen",
        "PrefixBlocked",
        "PassTrouble",
        "CertificateExpiring",
        "CertificateUnusable",
        "JobFailed",
        "ProgramUnreadable",
    }


def test_every_count_has_its_alarm_in_the_same_stage(packaged) -> None:
    alarms = packaged.of_type("AWS::CloudWatch::Alarm").values()
    watched = {(repr(alarm["Namespace"]), alarm["MetricName"]) for alarm in alarms}

    counted = {
        (repr(transformation["MetricNamespace"]), transformation["MetricName"])
        for properties in packaged.of_type("AWS::Logs::MetricFilter").values()
        for transformation in properties["MetricTransformations"]
    }

    assert counted
    assert counted <= watched
    assert all("${Stage}" in namespace for namespace, _ in counted)
