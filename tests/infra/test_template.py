"""The merged template as CloudFormation would read it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.merge import DefinedTwice, read, template
from infra.package import ROOT
from local.table import TTL_ATTRIBUTE, table_schema

REGION = "eu-central-1"
_CFN_LINT = "import sys; from cfnlint.runner import main; sys.exit(main())"
# Chalice writes them; what they become is written out by CloudFormation's SAM transform.
_SAM_ONLY = {"CodeUri", "Tags", "Tracing"}


def expanded(merged: dict[str, Any]) -> dict[str, Any]:
    """Return the template with plain Lambda functions: cfn-lint looks into no others."""
    for resource in merged["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Type"] = "AWS::Lambda::Function"
            properties = resource["Properties"]
            kept = {name: properties[name] for name in properties.keys() - _SAM_ONLY}
            resource["Properties"] = kept | {"Code": {"S3Bucket": "bucket", "S3Key": "key"}}
    return merged


def complaints_of_cfn_lint(merged: dict[str, Any], folder: Path) -> str:
    path = folder / "template.json"
    path.write_text(json.dumps(merged, indent=1))
    done = subprocess.run(
        [sys.executable, "-c", _CFN_LINT, "--regions", REGION, "--template", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_cfn_lint_is_content_with_the_template(packaged, tmp_path) -> None:
    assert complaints_of_cfn_lint(packaged.template, tmp_path) == ""


def test_cfn_lint_is_content_with_the_functions(packaged, tmp_path) -> None:
    assert complaints_of_cfn_lint(expanded(packaged.template), tmp_path) == ""


def test_cfn_lint_sees_a_variable_that_refers_to_nothing(packaged, tmp_path) -> None:
    merged = expanded(packaged.template)
    relay = merged["Resources"]["Relay"]["Properties"]
    relay["Environment"]["Variables"]["TABLE_NAME"] = {"Ref": "Tabel"}

    complaints = complaints_of_cfn_lint(merged, tmp_path)

    assert "'Tabel' is not one of" in complaints


def test_the_table_is_the_one_of_a_single_machine(packaged) -> None:
    schema = table_schema("any")

    table = packaged.properties("Table")

    for name in ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes"):
        assert table[name] == schema[name]
    stream = schema["StreamSpecification"]["StreamViewType"]
    assert table["StreamSpecification"] == {"StreamViewType": stream}
    assert table["TimeToLiveSpecification"] == {
        "AttributeName": TTL_ATTRIBUTE,
        "Enabled": True,
    }


def test_the_table_survives_its_stack_and_a_slip_of_the_hand(packaged) -> None:
    table = packaged.resources["Table"]

    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
    assert table["Properties"]["DeletionProtectionEnabled"]
    assert table["Properties"]["SSESpecification"] == {"SSEEnabled": True}
    recovery = table["Properties"]["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": True}


def test_the_key_of_the_profiles_survives_its_stack(packaged) -> None:
    key = packaged.resources["ProfileKey"]

    assert key["DeletionPolicy"] == key["UpdateReplacePolicy"] == "Retain"
    assert key["Properties"]["EnableKeyRotation"]


def test_bytes_leave_api_gateway_as_bytes(packaged) -> None:
    api = packaged.properties("RestAPI")

    assert api["DefinitionBody"]["x-amazon-apigateway-binary-media-types"] == ["*/*"]
    assert api["MinimumCompressionSize"] == 1024


def test_what_is_not_there_is_answered_as_on_one_machine(packaged) -> None:
    body = packaged.properties("RestAPI")["DefinitionBody"]

    integration = body["paths"]["/{proxy+}"]["get"]["x-amazon-apigateway-integration"]
    assert integration["type"] == "aws_proxy"
    assert "parameters" not in body["paths"]["/{proxy+}"]["get"]
    answers = body["x-amazon-apigateway-gateway-responses"]
    refusal = answers["MISSING_AUTHENTICATION_TOKEN"]
    said = json.loads(refusal["responseTemplates"]["application/json"])
    assert (refusal["statusCode"], said["status"], said["code"]) == (404, 404, "not_found")


def test_every_log_ends_after_thirty_days(packaged) -> None:
    logs = packaged.of_type("AWS::Logs::LogGroup")
    functions = packaged.of_type("AWS::Serverless::Function")

    used = {function["LoggingConfig"]["LogGroup"]["Ref"] for function in functions.values()}

    assert used == logs.keys()
    assert {log["RetentionInDays"] for log in logs.values()} == {30}


def test_every_function_runs_on_the_python_it_was_packaged_with(packaged) -> None:
    functions = packaged.of_type("AWS::Serverless::Function").values()

    version = f"python3.{sys.version_info.minor}"

    assert {function["Runtime"] for function in functions} == {version}
    assert {tuple(function["Architectures"]) for function in functions} == {("x86_64",)}


def test_a_template_is_of_one_stage() -> None:
    stage = template("prod")["Parameters"]["Stage"]

    assert stage == {"Type": "String", "Default": "prod", "AllowedValues": ["prod"]}


def test_no_secret_has_a_value_in_the_template(packaged) -> None:
    kinds = {resource["Type"] for resource in packaged.resources.values()}

    assert "AWS::SecretsManager::Secret" not in kinds
    secrets = {
        json.dumps(value)
        for name, value in packaged.properties("APIHandler")["Environment"]["Variables"].items()
        if "SECRET" in name
    }
    assert secrets == {
        json.dumps({"Fn::Sub": f"kopilka/${{Stage}}/{name}"})
        for name in ("keyring", "pass", "google")
    }


def test_short_tags_are_written_out(tmp_path) -> None:
    path = tmp_path / "part.yaml"
    path.write_text("a: !Ref Table\nb: !GetAtt Table.Arn\nc: !Select [1, !Split ['/', x]]\n")

    assert read(path) == {
        "a": {"Ref": "Table"},
        "b": {"Fn::GetAtt": ["Table", "Arn"]},
        "c": {"Fn::Select": [1, {"Fn::Split": ["/", "x"]}]},
    }


def test_two_files_cannot_define_the_same_name(tmp_path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("Resources: {Table: {}}\n")

    with pytest.raises(DefinedTwice, match=r"b\.yaml: Table"):
        template("dev", tmp_path)


def test_every_alarm_is_in_the_deployment_guide(packaged) -> None:
    guide = (ROOT / "docs" / "DEPLOY.md").read_text()

    alarms = packaged.of_type("AWS::CloudWatch::Alarm")

    assert [name for name in alarms if f"`{name}`" not in guide] == []
    assert all(alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}] for alarm in alarms.values())
