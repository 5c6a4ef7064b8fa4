"""What the runner's tests talk to: a script, or the service itself."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from scenarios.calls import Caller
from scenarios.local_service import calling, reached
from tests.scenarios.scripted import Script, serving


@dataclass(frozen=True, slots=True)
class Scripted:
    """A script being served, and a connection to it."""

    script: Script
    base_url: str
    caller: Caller


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    """Serve a script of its own to each test."""
    script = Script()
    with serving(script) as base_url:
        caller = Caller(base_url)
        yield Scripted(script, base_url, caller)
        caller.close()


@pytest.fixture(scope="session")
def caller() -> Iterator[Caller]:
    """Start the service once per worker: its clock is one for all its merchants."""
    with reached(None) as base_url, calling(base_url) as connection:
        yield connection
