"""The README tells the truth: each line of its tour is run, and answers as printed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.testing import ServiceProcess
from tests.journeys.calling import Service, eventually
from tests.journeys.tour import Shell, Step, is_as_printed, steps_of

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
HERE, DATA = "http://127.0.0.1:8000", ".data"
TOUR = "## Five minutes with curl"
PAGES = ("/j/demo", "/local/phone", "/v1/openapi.json")
READS_ONLY = ("/local/outbox", "curl -s $PHONE\n")  # may be asked again until it has come


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[ServiceProcess]:
    """A service with the settings a newcomer has, in a folder named as theirs."""
    process = ServiceProcess(tmp_path / DATA).start()
    yield process
    process.stop()


@pytest.fixture
def shell(fresh: ServiceProcess) -> Iterator[Shell]:
    opened = Shell(fresh.folder.parent)
    yield opened
    opened.close()


def follow(shell: Shell, step: Step, base_url: str) -> None:
    """Run a step; one that only reads is asked again until it answers as printed."""
    command = step.command.replace(HERE, base_url)
    printed = None if step.printed is None else step.printed.replace(HERE, base_url)
    is_repeatable = any(part in command for part in READS_ONLY)
    output = shell.run(command)
    if printed is None:
        assert output.strip() == "", output
    elif is_repeatable and not is_as_printed(printed, output):
        eventually(lambda: is_as_printed(printed, shell.run(command)), command)
    else:
        assert is_as_printed(printed, output), f"{command}\n{output}"


def test_every_line_of_the_tour_answers_as_printed(fresh: ServiceProcess, shell: Shell) -> None:
    tour = README.partition(TOUR)[2].partition("\n## ")[0]
    steps = list(steps_of(tour))

    for step in steps:
        follow(shell, step, fresh.base_url)

    assert len(steps) > 12
    assert sum("curl" in step.command for step in steps) > 10


def test_what_you_see_after_the_start_is_as_printed(fresh: ServiceProcess) -> None:
    first_screen = README.partition(TOUR)[0].replace(HERE, fresh.base_url)
    (block,) = [text for text in first_screen.split("```\n") if text.startswith("Engine:")]

    said = fresh.said().partition("\nready\n")[0] + "\nready"

    assert is_as_printed(block, said), said


def test_the_pages_a_newcomer_is_sent_to_are_there(fresh: ServiceProcess) -> None:
    service = Service(fresh.base_url)

    answers = [service.call("GET", path) for path in PAGES]

    assert [answer.status for answer in answers] == [200] * len(PAGES)
