"""The code on the card page: the static one, and what the one-time code is worked out from.

The page works the one-time code out by itself, also without a network; what it needs is in
the page, whose address is a secret already. Without a script, under a program that never asks
for it, and on a card that cannot redeem as nobody has confirmed it, the static code stays.
"""

from datetime import datetime
from typing import Any

from chalicelib.domain.confirmations import Method
from chalicelib.domain.rotating import PERIODS
from chalicelib.ports import Keyring
from chalicelib.usecases.confirmations import rotating_key
from chalicelib.usecases.members import MemberView
from chalicelib.web.qr import symbol
from passes.codes import grouped
from passes.rotating import payload_start


def code_view(view: MemberView, *, at: datetime, keyring: Keyring) -> dict[str, Any]:
    """Return the symbol of the card's code, and the code as people read it."""
    code = view.profile.code
    qr = symbol(code)
    return {
        "qr_size": qr.size,
        "qr_path": qr.path,
        "code": grouped(code),
        "is_code_asked": view.program.confirm_above is not None,
        "one_time": _one_time(view, at, keyring),
    }


def _one_time(view: MemberView, at: datetime, keyring: Keyring) -> dict[str, Any] | None:
    """Return what the page works the code out from; None where no till takes it."""
    if view.program.confirm_above is None or not view.account.is_verified:
        return None
    method, code = Method.ONE_TIME_CODE, view.profile.code
    key = rotating_key(view.merchant.merchant_id, code, method, keyring)
    return {
        "start": payload_start(method, code),
        "key": key.hex(),
        "period": PERIODS[method],
        "now": int(at.timestamp() * 1_000),  # a phone's clock may be wrong
    }
