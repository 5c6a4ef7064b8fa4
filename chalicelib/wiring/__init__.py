"""Which adapter serves which port: the only place that knows both.

What a purchase needs is built at once; everything else on first use, so that a function
starts with its own adapters only.
"""

import os
from functools import cache

from chalicelib.logs import set_up_logs
from chalicelib.settings import Settings
from chalicelib.wiring.google import Google
from chalicelib.wiring.messages import Messages
from chalicelib.wiring.people import People
from chalicelib.wiring.staff import Staff
from chalicelib.wiring.wallets import Wallets


class Services(Staff, People, Messages, Wallets, Google):
    """The adapters of one deployment."""


@cache
def services() -> Services:
    """Build the adapters, once per Lambda container or process."""
    set_up_logs()
    return Services(Settings.from_environ(os.environ))
