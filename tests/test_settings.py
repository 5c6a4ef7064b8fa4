"""A deployment with wrong variables does not start, and says all that is wrong with them."""

from dataclasses import fields

import pytest

from chalicelib.settings import BadSettings, Settings

LEAST = {
    "TABLE_NAME": "kopilka",
    "AWS_REGION": "eu-central-1",
    "PUBLIC_URL": "https://cards.example",
    "TASK_QUEUE": "memory",
    "SECRETS_FILE": "secrets.json",
}
QUEUES = {
    "TASK_QUEUE": "sqs",
    "SMS_QUEUE_URL": "https://sqs.example/sms",
    "SCHEDULE_QUEUE_URL": "https://sqs.example/schedule",
}
NUMBERS = [field.name.upper() for field in fields(Settings) if isinstance(field.default, int)]
FROM_NOUGHT = {"SMS_PRICE_MINOR", "SMS_CONVERSION_PERCENT"}


def complaint(**changes: str) -> str:
    """Return what is said of the least settings with changes; an empty one is not set."""
    with pytest.raises(BadSettings) as refused:
        Settings.from_environ(LEAST | changes)
    return str(refused.value)


def test_the_least_that_starts() -> None:
    settings = Settings.from_environ(LEAST)

    assert (settings.table_name, settings.task_queue) == ("kopilka", "memory")


@pytest.mark.parametrize("name", ["TABLE_NAME", "AWS_REGION", "PUBLIC_URL"])
def test_what_has_no_default_must_be_set(name: str) -> None:
    assert complaint(**{name: ""}) == f"{name} is missing"


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("TASK_QUEUE", "SQS", "sqs, memory"),
        ("CLOCK", "sundial", "system, movable"),
        ("SMS_SENDER", "pigeon", "console, sns, http"),
    ],
)
def test_a_choice_is_one_of_those_there_are(name: str, value: str, allowed: str) -> None:
    assert complaint(**{name: value}) == f"{name} is none of {allowed}"


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_whole(name: str) -> None:
    assert complaint(**{name: "1.5"}) == f"{name} is not a whole number"


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_neither_too_small_nor_too_large(name: str) -> None:
    too_small = "-1" if name in FROM_NOUGHT else "0"

    assert complaint(**{name: too_small}).startswith(f"{name} is not from ")
    assert complaint(**{name: "1000000001"}).startswith(f"{name} is not from ")


@pytest.mark.parametrize("name", sorted(FROM_NOUGHT))
def test_a_free_message_and_a_switched_off_monitor_are_allowed(name: str) -> None:
    settings = Settings.from_environ(LEAST | {name: "0"})

    assert getattr(settings, name.lower()) == 0


@pytest.mark.parametrize("name", ["SMS_QUEUE_URL", "SCHEDULE_QUEUE_URL"])
def test_sqs_needs_both_of_its_queues(name: str) -> None:
    assert Settings.from_environ(LEAST | QUEUES).task_queue == "sqs"

    said = complaint(**(QUEUES | {name: ""}))

    assert said == f"{name} is missing: TASK_QUEUE is sqs"


def test_http_operators_need_their_routes() -> None:
    assert complaint(SMS_SENDER="http") == "SMS_ROUTES is missing: SMS_SENDER is http"


def test_secrets_must_come_from_somewhere() -> None:
    assert complaint(SECRETS_FILE="") == "SECRET_NAME or SECRETS_FILE is missing"
    assert Settings.from_environ(LEAST | {"SECRETS_FILE": "", "SECRET_NAME": "keyring"})


@pytest.mark.parametrize("url", ["cards.example", "https://cards.example/"])
def test_a_public_url_can_be_put_before_a_path(url: str) -> None:
    said = complaint(PUBLIC_URL=url)

    assert said == "PUBLIC_URL is not https://… without a slash at the end"


def test_all_faults_are_reported_together() -> None:
    said = complaint(TABLE_NAME="", DUE_SHARDS="0", APNS_PORT="x", TASK_QUEUE="", CLOCK="sun")

    assert said.split("; ") == [
        "TABLE_NAME is missing",
        "APNS_PORT is not a whole number",
        "CLOCK is none of system, movable",
        "DUE_SHARDS is not from 1 to 1000000000",
        "SMS_QUEUE_URL is missing: TASK_QUEUE is sqs",
        "SCHEDULE_QUEUE_URL is missing: TASK_QUEUE is sqs",
    ]
