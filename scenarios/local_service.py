"""Where the service answers: the one running at a given address, or one started for us."""

from collections.abc import Iterator
from contextlib import contextmanager

from scenarios.calls import Caller

# A replay signs thousands of shoppers up from one address within minutes.
UNLIMITED = "1000000000"
RAISED_LIMITS = {
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
}


@contextmanager
def reached(base_url: str | None) -> Iterator[str]:
    """Give the address of a service; one that we started ends with the context."""
    if base_url:
        yield base_url
        return
    from local.testing import running_service  # late: a given address needs none of it

    with running_service(RAISED_LIMITS) as started:
        yield started


@contextmanager
def calling(base_url: str) -> Iterator[Caller]:
    """Give a connection to the service; its clock shows real time again afterwards."""
    caller = Caller(base_url)
    try:
        yield caller
        caller.call("POST", "/local/clock", {})
    finally:
        caller.close()
