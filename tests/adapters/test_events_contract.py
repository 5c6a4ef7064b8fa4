"""Events to a bus, to the log and to the fake."""

import json
import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from moto import mock_aws

from chalicelib.adapters.events import EventBridgeEvents, LogEvents
from chalicelib.domain.account import MemberRef
from chalicelib.domain.events import Event
from chalicelib.ports import Events, StoreUnavailable
from tests.fakes.events import FakeEvents


def _client() -> Any:
    return boto3.client(
        "events",
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@pytest.fixture
def bus() -> Iterator[Any]:
    with mock_aws():
        client = _client()
        client.create_event_bus(Name="kopilka")
        yield client


@pytest.fixture(params=["fake", "log", "bus"])
def events(request: pytest.FixtureRequest) -> Events:
    if request.param == "fake":
        return FakeEvents()
    if request.param == "log":
        return LogEvents()
    return EventBridgeEvents(request.getfixturevalue("bus"), "kopilka")


def _event(number: int = 1, **facts: int | str | None) -> Event:
    return Event(
        event_id=f"evt_shop.mem_1.{number}.purchase.completed",
        name="purchase.completed",
        version=1,
        member=MemberRef("shop", "mem_1"),
        at=datetime(2026, 6, 1, 12, tzinfo=UTC),
        facts=facts or {"points": 10},
    )


@pytest.mark.parametrize("count", [0, 1, 10, 11, 25])
def test_any_number_of_events_is_taken(events: Events, count: int) -> None:
    events.publish([_event(number) for number in range(count)])


def test_a_bus_that_is_not_there_is_trouble() -> None:
    events = FakeEvents()
    events.is_down = True

    with pytest.raises(StoreUnavailable):
        events.publish([_event()])


def _stubbed(answers: Sequence[tuple[int, int]]) -> tuple[Any, Stubber]:
    """A client that expects calls of so many entries and lets so many of each fail."""
    client = _client()
    stub = Stubber(client)
    for entries, failed in answers:
        outcome = [{"ErrorCode": "ThrottlingException"}] * failed
        outcome += [{"EventId": "x"}] * (entries - failed)
        stub.add_response(
            "put_events",
            {"FailedEntryCount": failed, "Entries": outcome},
            {"Entries": [ANY] * entries},
        )
    return client, stub


def test_a_call_carries_ten_at_most() -> None:
    client, stub = _stubbed([(10, 0), (10, 0), (5, 0)])

    with stub:
        EventBridgeEvents(client, "kopilka").publish([_event(n) for n in range(25)])

    stub.assert_no_pending_responses()


def test_a_partial_failure_is_trouble() -> None:
    client, stub = _stubbed([(3, 1)])

    with stub, pytest.raises(StoreUnavailable):
        EventBridgeEvents(client, "kopilka").publish([_event(n) for n in range(3)])


def test_a_refusal_by_the_bus_is_trouble() -> None:
    client = _client()
    stub = Stubber(client)
    stub.add_client_error("put_events", "InternalException", http_status_code=500)

    with stub, pytest.raises(StoreUnavailable):
        EventBridgeEvents(client, "kopilka").publish([_event()])


def test_a_consumer_finds_name_id_version_member_and_facts() -> None:
    client = _client()
    stub = Stubber(client)
    expected = {
        "EventBusName": "kopilka",
        "Source": "kopilka",
        "DetailType": "purchase.completed",
        "Time": datetime(2026, 6, 1, 12, tzinfo=UTC),
        "Detail": json.dumps(
            {
                "id": "evt_shop.mem_1.1.purchase.completed",
                "version": 1,
                "merchant_id": "shop",
                "member_id": "mem_1",
                "at": "2026-06-01T12:00:00+00:00",
                "facts": {"points": 10},
            }
        ),
    }
    stub.add_response(
        "put_events", {"FailedEntryCount": 0, "Entries": [{}]}, {"Entries": [expected]}
    )

    with stub:
        EventBridgeEvents(client, "kopilka").publish([_event()])

    stub.assert_no_pending_responses()


def test_the_log_has_one_line_an_event_with_numbers_and_no_text_of_anybody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    event = _event(points=10, reason="for Anna, +79161234567", reference="R-17", tier=None)

    with caplog.at_level(logging.INFO):
        LogEvents().publish([event, event])

    assert len(caplog.records) == 2
    logged = caplog.records[0].event  # type: ignore[attr-defined]
    assert logged["name"] == "purchase.completed"
    assert logged["facts"] == {"points": 10}
    assert "Anna" not in str(vars(caplog.records[0]))
