"""What calls the functions, and what happens when they fail."""

import json
from dataclasses import replace

import pytest
from moto.events.models import EventPattern

from chalicelib.adapters.dynamo.ledger_items import account_item, entry_item, operation_item
from chalicelib.adapters.dynamo.sms_outbox import sms_item
from chalicelib.adapters.vault import LocalVault
from chalicelib.domain.account import MemberRef
from chalicelib.jobs.schedule import RESERVE_MS
from infra.functions import FUNCTIONS
from tests.adapters.stores import DUE_SHARDS, NOW, SHOP, MasterKey, join, sms

JOINED = join(MemberRef(SHOP, "mem_one"), key="k1")
ACCOUNT = account_item(JOINED.account, at=NOW, due_shards=DUE_SHARDS)
WAITING = sms_item(sms(), LocalVault(MasterKey()))
SENT = sms_item(replace(sms(), state="taken"), LocalVault(MasterKey()))


@pytest.mark.parametrize(
    ("item", "happened", "comes_through"),
    [
        (entry_item(JOINED.entry), "INSERT", True),
        (WAITING, "INSERT", True),
        (WAITING, "MODIFY", False),
        (SENT, "INSERT", False),
        (ACCOUNT, "INSERT", False),
        (ACCOUNT, "MODIFY", False),
        (operation_item(JOINED), "INSERT", False),
    ],
    ids=["entry", "waiting-sms", "tried-sms", "sent-sms", "account", "moved", "operation"],
)
def test_only_entries_and_promised_messages_call_relay(
    packaged, item, happened, comes_through
) -> None:
    filters = packaged.properties("RelayMapping")["FilterCriteria"]["Filters"]
    image = {
        name: value for name, value in item.serialize().items() if "B" not in value
    }  # bytes are not JSON here, and no filter asks for them
    record = {"eventName": happened, "dynamodb": {"NewImage": image}}

    is_matched = any(
        EventPattern.load(each["Pattern"]).matches_event(record) for each in filters
    )

    assert is_matched is comes_through


def test_a_poisoned_batch_of_the_stream_is_cut_down_and_given_up(packaged) -> None:
    mapping = packaged.properties("RelayMapping")

    assert mapping["FunctionName"] == {"Ref": "Relay"}
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": ["Table", "StreamArn"]}
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"]
    assert 0 < mapping["MaximumRetryAttempts"] <= 10
    assert mapping["MaximumRecordAgeInSeconds"] < 24 * 3600
    given_up = mapping["DestinationConfig"]["OnFailure"]["Destination"]
    assert given_up == {"Fn::GetAtt": ["RelayDeadLetters", "Arn"]}


@pytest.mark.parametrize(
    ("mapping", "function", "queue"),
    [("SendMapping", "Send", "SmsQueue"), ("WorkMapping", "Work", "ScheduleQueue")],
)
def test_a_queue_reports_failures_one_by_one_and_leaves_room_for_tills(
    packaged, mapping, function, queue
) -> None:
    properties = packaged.properties(mapping)

    assert properties["FunctionName"] == {"Ref": function}
    assert properties["EventSourceArn"] == {"Fn::GetAtt": [queue, "Arn"]}
    assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert properties["ScalingConfig"]["MaximumConcurrency"] <= 10


@pytest.mark.parametrize(
    ("queue", "function"), [("SmsQueue", "Send"), ("ScheduleQueue", "Work")]
)
def test_a_message_is_tried_five_times_and_kept_for_two_weeks(
    packaged, queue, function
) -> None:
    properties = packaged.properties(queue)
    dead_letters = queue.replace("Queue", "DeadLetters")

    timeout = packaged.properties(function)["Timeout"]

    assert properties["VisibilityTimeout"] == 6 * timeout
    assert properties["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": [dead_letters, "Arn"]},
        "maxReceiveCount": 5,
    }
    assert packaged.properties(dead_letters)["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_scheduled_work_has_time_beyond_what_it_keeps_in_reserve(packaged) -> None:
    assert packaged.properties("Work")["Timeout"] * 1000 >= 3 * RESERVE_MS


@pytest.mark.parametrize(
    ("rule", "function", "expression"),
    [
        ("TickEveryHour", "Tick", "cron(0 * * * ? *)"),
        ("SweepEveryMinute", "Sweep", "rate(1 minute)"),
    ],
)
def test_a_schedule_may_call_its_function(packaged, rule, function, expression) -> None:
    permissions = packaged.of_type("AWS::Lambda::Permission").values()

    properties = packaged.properties(rule)

    assert properties["ScheduleExpression"] == expression
    assert [target["Arn"] for target in properties["Targets"]] == [
        {"Fn::GetAtt": [function, "Arn"]}
    ]
    assert {
        "FunctionName": {"Ref": function},
        "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com",
        "SourceArn": {"Fn::GetAtt": [rule, "Arn"]},
    } in permissions


def test_one_sweep_ends_before_the_next_begins(packaged) -> None:
    assert packaged.properties("Sweep")["Timeout"] < 60


def test_every_function_and_every_place_of_given_up_things_has_an_alarm(packaged) -> None:
    alarms = packaged.of_type("AWS::CloudWatch::Alarm").values()
    queues = packaged.of_type("AWS::SQS::Queue")

    watched = {(alarm["MetricName"], json.dumps(alarm["Dimensions"])) for alarm in alarms}

    def is_watched(metric, dimension, value):
        return (metric, json.dumps([{"Name": dimension, "Value": value}])) in watched

    for function in FUNCTIONS:
        for metric in ("Errors", "Throttles"):
            assert is_watched(metric, "FunctionName", {"Ref": function})
    for queue in queues:
        metric = "ApproximateNumberOfMessagesVisible"
        if queue.endswith("DeadLetters"):
            name = {"Fn::GetAtt": [queue, "QueueName"]}
            assert is_watched(metric, "QueueName", name)
    assert is_watched("IteratorAge", "FunctionName", {"Ref": "Relay"})
    assert {"5XXError", "Latency"} <= {metric for metric, _ in watched}
    assert {"ReadThrottleEvents", "WriteThrottleEvents"} <= {metric for metric, _ in watched}
