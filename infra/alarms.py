"""What is watched, and who is told. docs/DEPLOY.md says what to do about each.

| alarm                      | when                                                        |
|----------------------------|-------------------------------------------------------------|
| `…Errors`, `…Throttles`    | a function failed, or was refused for want of concurrency   |
| `RelayIsLate`              | the stream's oldest unread change is over a minute old      |
| `…DeadLetters`             | something was given up                                      |
| `SmsQueueIsLate`, `ScheduleQueueIsLate` | messages wait too long                         |
| `SweepHasStopped`, `TickHasStopped` | a schedule no longer runs                          |
| `ApiServerErrors`, `ApiIsSlow` | 5xx answers; one answer in a hundred takes 3 s          |
| `TableReadThrottles`, `TableWriteThrottles` | the table refuses                          |
| those of log_lines.py      | a line of our own log says so                               |

CloudWatch metric names, dimensions and filter patterns: AWS documentation, read 2026-11.
Periods are seconds.
"""

from dataclasses import dataclass
from typing import Any

from infra.functions import FUNCTIONS
from infra.log_lines import SAID

DEAD_LETTERS = ("SmsDeadLetters", "ScheduleDeadLetters", "RelayDeadLetters")
_MINUTE, _FIVE_MINUTES, _HOUR = 60, 300, 3600
_OUR_METRICS = "Kopilka/${Stage}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One metric and the value from which it is an alarm."""

    name: str
    metric: str  # namespace/name; `${Stage}` in it is the stage's
    of: tuple[tuple[str, Any], ...]  # dimensions
    says: str
    statistic: str = "Sum"
    at_least: float = 1
    period: int = _FIVE_MINUTES
    periods: int = 1
    is_less: bool = False  # alarm below `at_least`, silence included


def alarms() -> dict[str, Any]:
    """Return the alarms, what they read of the logs, and their topic, as resources."""
    watches = (
        *_of_functions(),
        *_of_queues(),
        *_of_schedules(),
        *_of_api(),
        *_of_table(),
        *_of_logs(),
    )
    topic = {"Type": "AWS::SNS::Topic", "Properties": {}}
    email = {
        "Type": "AWS::SNS::Subscription",
        "Condition": "HasAlarmEmail",
        "Properties": {
            "TopicArn": {"Ref": "AlarmTopic"},
            "Protocol": "email",
            "Endpoint": {"Ref": "AlarmEmail"},
        },
    }
    made = {watch.name: _alarm(watch) for watch in watches}
    return {"AlarmTopic": topic, "AlarmSubscription": email, **_filters(), **made}


def _alarm(watch: Watch) -> dict[str, Any]:
    namespace, metric = watch.metric.rsplit("/", 1)
    is_percentile = watch.statistic.startswith("p")
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": watch.says,
            "Namespace": _staged(namespace),
            "MetricName": metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in watch.of],
            "ExtendedStatistic" if is_percentile else "Statistic": watch.statistic,
            "Period": watch.period,
            "EvaluationPeriods": watch.periods,
            "Threshold": watch.at_least,
            "ComparisonOperator": "LessThanThreshold"
            if watch.is_less
            else "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "breaching" if watch.is_less else "notBreaching",
            "AlarmActions": [{"Ref": "AlarmTopic"}],
            "OKActions": [{"Ref": "AlarmTopic"}],
        },
    }


def _staged(namespace: str) -> Any:
    return {"Fn::Sub": namespace} if "${" in namespace else namespace


def _filters() -> dict[str, Any]:
    """Return what counts the lines, one for each log that may have them."""
    return {
        f"{said.name}In{function}": {
            "Type": "AWS::Logs::MetricFilter",
            "Properties": {
                "LogGroupName": {"Ref": f"{function}Log"},
                "FilterPattern": f'{{ $.message = "{said.message}" }}',
                "MetricTransformations": [
                    {
                        "MetricNamespace": _staged(_OUR_METRICS),
                        "MetricName": said.name,
                        "MetricValue": "1",
                    }
                ],
            },
        }
        for said in SAID
        for function in said.by
    }


def _of_functions() -> list[Watch]:
    watches = []
    for function in FUNCTIONS:
        of = (("FunctionName", {"Ref": function}),)
        says = f"{function} ended with an error"
        watches += [
            Watch(name=f"{function}Errors", metric="AWS/Lambda/Errors", of=of, says=says),
            Watch(
                name=f"{function}Throttles",
                metric="AWS/Lambda/Throttles",
                of=of,
                says=f"{function} was refused for want of concurrency",
            ),
        ]
    late = Watch(
        name="RelayIsLate",
        metric="AWS/Lambda/IteratorAge",
        of=(("FunctionName", {"Ref": "Relay"}),),
        says="Phones and listeners learn of purchases over a minute late",
        statistic="Maximum",
        at_least=60_000,  # milliseconds
        period=_MINUTE,
        periods=3,
    )
    return [*watches, late]


def _of_queues() -> list[Watch]:
    dead = [
        Watch(
            name=f"{queue}Alarm",
            metric="AWS/SQS/ApproximateNumberOfMessagesVisible",
            of=(("QueueName", {"Fn::GetAtt": [queue, "QueueName"]}),),
            says=f"Something was given up and lies in {queue}",
            statistic="Maximum",
        )
        for queue in DEAD_LETTERS
    ]
    late = [
        Watch(
            name=f"{queue}IsLate",
            metric="AWS/SQS/ApproximateAgeOfOldestMessage",
            of=(("QueueName", {"Fn::GetAtt": [queue, "QueueName"]}),),
            says=f"{queue} is not worked in time",
            statistic="Maximum",
            at_least=seconds,
            period=_MINUTE,
            periods=3,
        )
        for queue, seconds in (("SmsQueue", 120), ("ScheduleQueue", 2 * _HOUR))
    ]
    return dead + late


def _of_schedules() -> list[Watch]:
    return [
        Watch(
            name=f"{function}HasStopped",
            metric="AWS/Lambda/Invocations",
            of=(("FunctionName", {"Ref": function}),),
            says=f"{function} is no longer called by its schedule",
            period=period,
            periods=periods,
            is_less=True,
        )
        for function, period, periods in (("Sweep", _FIVE_MINUTES, 3), ("Tick", _HOUR, 3))
    ]


def _of_api() -> list[Watch]:
    of = (("ApiName", {"Fn::Sub": "kopilka-${Stage}"}), ("Stage", "api"))
    return [
        Watch(
            name="ApiServerErrors",
            metric="AWS/ApiGateway/5XXError",
            of=of,
            says="Five or more answers in five minutes were 5xx",
            at_least=5,
        ),
        Watch(
            name="ApiIsSlow",
            metric="AWS/ApiGateway/Latency",
            of=of,
            says="One answer in a hundred took three seconds or more",
            statistic="p99",
            at_least=3_000,  # milliseconds
            periods=3,
        ),
    ]


def _of_table() -> list[Watch]:
    return [
        Watch(
            name=f"Table{way}Throttles",
            metric=f"AWS/DynamoDB/{way}ThrottleEvents",
            of=(("TableName", {"Ref": "Table"}),),
            says=f"The table refused a {way.lower()}",
            periods=2,
        )
        for way in ("Read", "Write")
    ]


def _of_logs() -> list[Watch]:
    return [
        Watch(name=said.name, metric=f"{_OUR_METRICS}/{said.name}", of=(), says=said.says)
        for said in SAID
    ]
