"""An owner for tests."""

from chalicelib.domain.owners import Owner
from tests.fakes.clock import NOON

OWNER = Owner(
    email="anna@example.org",
    email_hash="cd" * 32,
    merchant_id="roastery",
    staff_id="stf_anna",
    created_at=NOON,
    password_hash="hash of seven small spoons",
)
