"""A running service for the tests that leave its clock and its settings alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.testing import ServiceProcess
from tests.journeys.calling import Service
from tests.journeys.shop import Shop, open_shop

UNLIMITED = "1000000000"
RAISED_LIMITS = {  # every shopper of these tests signs up from one address
    "SMS_LIMIT_PER_PHONE_MINUTE": UNLIMITED,
    "SMS_LIMIT_PER_PHONE": UNLIMITED,
    "SMS_LIMIT_PER_IP": UNLIMITED,
    "SMS_LIMIT_PER_PREFIX": UNLIMITED,
    "SMS_LIMIT_PER_MERCHANT": UNLIMITED,
    "SMS_LIMIT_PER_NEW_MERCHANT": UNLIMITED,
    "SMS_LIMIT_OF_NEW_MERCHANTS": UNLIMITED,
    "SMS_LIMIT_PER_PHONE_IN_ALL": UNLIMITED,
    "SMS_LIMIT_PER_IP_IN_ALL": UNLIMITED,
    "SMS_LIMIT_PER_PREFIX_IN_ALL": UNLIMITED,
    "SMS_LIMIT_IN_ALL": UNLIMITED,
    "SMS_CONVERSION_WINDOW": UNLIMITED,
}


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    """One process for each pytest worker; merchants keep the tests apart."""
    started = ServiceProcess(tmp_path_factory.mktemp("service") / "data", RAISED_LIMITS)
    started.start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def folder(process: ServiceProcess) -> Path:
    """Return where the service keeps its files."""
    return process.folder


@pytest.fixture(scope="session")
def service(process: ServiceProcess) -> Service:
    return Service(process.base_url)


@pytest.fixture
def shop(service: Service) -> Shop:
    """A merchant of the test's own."""
    return open_shop(service)


@pytest.fixture(scope="session")
def clockwork(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    """A second process, whose clock the tests move to and fro."""
    started = ServiceProcess(tmp_path_factory.mktemp("clockwork") / "data", RAISED_LIMITS)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def clocked(clockwork: ServiceProcess) -> Iterator[Service]:
    """The service with a clock to move; it shows real time again afterwards."""
    service = Service(clockwork.base_url)
    yield service
    service.set_clock()
