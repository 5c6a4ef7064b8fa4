"""Makes a history's purchases happen: each on its own day, by a member signed up before.

Before a day's first purchase the clock moves to noon of that day and the due jobs run, so
points expire and tiers fall on their days. Purchases are posted one after the other, in
the file's order within a day; a repeat after a lost answer carries the same key.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from replay.history import History, Sale
from replay.phones import phone
from scenarios.calls import Caller
from scenarios.enrolment import enrol
from scenarios.journey import set_clock

LEDGER_PAGE = 100
LEDGER_PAGES_MAX = 10_000
_EXPIRIES = frozenset({"expire", "unexpire"})


@dataclass(slots=True)
class Replay:
    """A replay under way."""

    caller: Caller
    program: Mapping[str, Any]
    merchant: str
    till_key: str
    integration_key: str
    run_id: str = field(default_factory=lambda: uuid4().hex)
    today: date | None = None
    members: dict[str, str] = field(default_factory=dict)  # customer → member id
    amount_minor: int = 0
    purchases: int = 0
    points_earned: int = 0

    @property
    def timezone(self) -> str:
        """Return the program's time zone."""
        return str(self.program["timezone"])


@dataclass(frozen=True, slots=True)
class Standing:
    """All members' points and tiers on the last day, as the service tells them."""

    points_expired: int
    points_available: int
    tiers: Mapping[str, int]


def begin(caller: Caller, program: Mapping[str, Any], history: History) -> Replay:
    """Open a merchant with the program on the history's first day."""
    first_day = history.sales[0].on
    set_clock(caller, first_day, str(program["timezone"]))
    _, opened = caller.call("POST", "/local/merchants", {"program": program})
    return Replay(
        caller=caller,
        program=program,
        merchant=opened["merchant"],
        till_key=opened["till_key"],
        integration_key=opened["integration_key"],
        today=first_day,
    )


def post(replay: Replay, sale: Sale) -> None:
    """Make one purchase happen, and the days since the last one pass."""
    if sale.on != replay.today:
        set_clock(replay.caller, sale.on, replay.timezone)
        run_jobs(replay)
        replay.today = sale.on
    if sale.customer not in replay.members:
        replay.members[sale.customer] = _registered(replay)
    _, answer = replay.caller.call(
        "POST",
        "/v1/purchases",
        {
            "member_id": replay.members[sale.customer],
            "receipt_id": str(sale.row),
            "channel": "offline",
            "total_minor": sale.amount_minor,
            "redeem": {"mode": "none"},
        },
        credential=replay.till_key,
        key=f"{replay.run_id}-{sale.row}",
    )
    replay.purchases += 1
    replay.amount_minor += answer["to_pay_minor"]
    replay.points_earned += answer["earned"]


def run_jobs(replay: Replay) -> None:
    """Run all that is due."""
    replay.caller.call("POST", "/local/jobs/run", {})


def standing(replay: Replay, members: Iterable[str]) -> Standing:
    """Ask for every member's balance, tier and ledger."""
    expired = available = 0
    levels = replay.program.get("tiers", {}).get("levels", [])
    tiers = Counter({level["name"]: 0 for level in levels})
    for member_id in members:
        path = f"/v1/members/{member_id}"
        _, member = replay.caller.call("GET", path, credential=replay.integration_key)
        available += member["balance"]["available"]
        if member.get("tier"):
            tiers[member["tier"]["name"]] += 1
        expired += _expired(replay, path)
    return Standing(expired, available, dict(tiers))


def _registered(replay: Replay) -> str:
    country = "US" if replay.program["currency"] == "USD" else "RU"
    made_up = phone(len(replay.members), country)
    return enrol(replay.caller, replay.merchant, made_up).member_id


def _expired(replay: Replay, member_path: str) -> int:
    """Return the points that a member's ledger says have expired."""
    expired: int = 0
    cursor = ""
    for _ in range(LEDGER_PAGES_MAX):
        path = f"{member_path}/ledger?limit={LEDGER_PAGE}{cursor}"
        _, page = replay.caller.call("GET", path, credential=replay.integration_key)
        movements = [movement for entry in page["items"] for movement in entry["movements"]]
        expired -= sum(int(move["points"]) for move in movements if move["kind"] in _EXPIRIES)
        if not page["next_cursor"]:
            return expired
        cursor = f"&cursor={page['next_cursor']}"
    raise ValueError(f"a ledger of more than {LEDGER_PAGES_MAX} pages")
