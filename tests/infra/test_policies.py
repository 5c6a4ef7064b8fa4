"""Who may do what: a role for each function, and nothing in it that it does not do."""

import json
from typing import Any

from infra.functions import FUNCTIONS
from infra.package import ROOT

# SNS has no resource for a phone number; a second statement denies every topic.
EVERYWHERE_ALLOWED = {("Send", "sns:Publish")}
# Secrets that come with merchants have no other name in common than its beginning.
OF_MERCHANTS = (
    "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}"
    ":secret:kopilka/${Stage}/pass-of/*"
)
NEVER = {"dynamodb:Scan", "dynamodb:DeleteTable", "dynamodb:PartiQLSelect", "kms:Encrypt"}


def statements_of(packaged, function: str) -> list[dict[str, Any]]:
    role = packaged.properties(function)["Role"]["Fn::GetAtt"][0]
    (policy,) = packaged.properties(role)["Policies"]
    return policy["PolicyDocument"]["Statement"]


def allowed(packaged) -> set[tuple[str, str, str]]:
    """Return (function, action, resource) of everything that is allowed."""
    return {
        (function, action, json.dumps(resource))
        for function in FUNCTIONS
        for statement in statements_of(packaged, function)
        if statement["Effect"] == "Allow"
        for action in statement["Action"]
        for resource in _listed(statement["Resource"])
    }


def _listed(resource: Any) -> list[Any]:
    return resource if isinstance(resource, list) else [resource]


def who_may(packaged, service: str) -> set[str]:
    return {function for function, action, _ in allowed(packaged) if action.startswith(service)}


def test_every_function_has_a_role_of_its_own_and_no_managed_policy(packaged) -> None:
    roles = packaged.of_type("AWS::IAM::Role")

    used = [packaged.properties(function)["Role"]["Fn::GetAtt"][0] for function in FUNCTIONS]

    assert sorted(used) == sorted(roles)
    assert all("ManagedPolicyArns" not in role for role in roles.values())


def test_every_function_of_the_template_is_known(packaged) -> None:
    functions = packaged.of_type("AWS::Serverless::Function")

    assert functions.keys() == FUNCTIONS.keys()


def test_nobody_may_do_everything_or_act_everywhere(packaged) -> None:
    granted = allowed(packaged)

    assert [action for _, action, _ in granted if "*" in action] == []
    everywhere = {(function, action) for function, action, on in granted if '"*"' in on}
    assert everywhere == EVERYWHERE_ALLOWED
    wild = {on for _, _, on in granted if "*" in on} - {'"*"'}
    assert wild == {json.dumps({"Fn::Sub": OF_MERCHANTS})}


def test_sms_go_to_phones_and_to_no_topic(packaged) -> None:
    denied = [each for each in statements_of(packaged, "Send") if each["Effect"] == "Deny"]

    assert [(each["Action"], each["Resource"]) for each in denied] == [
        (["sns:Publish"], {"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"})
    ]


def test_nobody_may_scan_or_drop_the_table(packaged) -> None:
    assert NEVER & {action for _, action, _ in allowed(packaged)} == set()


def test_a_function_writes_no_log_but_its_own(packaged) -> None:
    written = {
        (function, on) for function, action, on in allowed(packaged) if "logs:" in action
    }

    assert written == {
        (function, json.dumps({"Fn::GetAtt": [f"{function}Log", "Arn"]}))
        for function in FUNCTIONS
    }


def test_only_those_who_need_them_reach_keys_secrets_and_the_outside(packaged) -> None:
    assert who_may(packaged, "kms:") == {"APIHandler", "Relay", "Send", "Sweep", "Work"}
    assert who_may(packaged, "kms:GenerateDataKey") == {"APIHandler", "Relay", "Sweep", "Work"}
    by_hand = {"OpenMerchant", "AddTill"}
    of_phones = {"APIHandler", "Relay", "Sweep", "Send", "Work"}
    assert who_may(packaged, "secretsmanager:") == of_phones | by_hand | {"Tick"}
    assert who_may(packaged, "sns:") == {"Send"}
    assert who_may(packaged, "events:") == {"Relay", "Tick"}


def test_merchants_certificates_are_kept_by_the_api_and_read_by_what_pushes(packaged) -> None:
    where = json.dumps({"Fn::Sub": OF_MERCHANTS})

    granted = {(function, action) for function, action, on in allowed(packaged) if on == where}

    calls = ("CreateSecret", "DeleteSecret", "GetSecretValue", "PutSecretValue")
    by_api = {("APIHandler", f"secretsmanager:{call}") for call in calls}
    read = "secretsmanager:GetSecretValue"
    assert granted == by_api | {(name, read) for name in ("Relay", "Sweep", "Work")}


def test_every_policy_file_is_used() -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())

    named = {each["iam_policy_file"] for each in config["lambda_functions"].values()}

    assert named == {path.name for path in (ROOT / ".chalice").glob("policy-*.json")}
    assert len(named) == len(FUNCTIONS)
    assert config["autogen_policy"] is False
