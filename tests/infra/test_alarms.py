"""Alarms on what our own logs say: the words of code and template are the same."""

import ast
import re
from fnmatch import fnmatchcase

from infra.alarms import SAID
from infra.package import ROOT

_PATTERN = re.compile(r'\{ \$\.message = "([^"]+)" \}')
_LEVELS = {"warning", "error", "exception"}


def _logged() -> set[str]:
    """Return the words of every warning and error of the code that ships."""
    return {
        node.args[0].value
        for path in (ROOT / "chalicelib").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _LEVELS
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


def test_everything_that_is_watched_is_counted_where_it_is_said(packaged) -> None:
    counted = {
        (transformation["MetricName"], properties["LogGroupName"]["Ref"])
        for properties in packaged.of_type("AWS::Logs::MetricFilter").values()
        for transformation in properties["MetricTransformations"]
    }

    assert counted == {(said.name, f"{function}Log") for said in SAID for function in said.by}
    assert {name for name, _ in counted} == {
        "PushRefused",
        "GoogleRefused",
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
