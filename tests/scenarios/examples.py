"""Short names for the scenario files that the runner's tests are made of."""

import json
from pathlib import Path
from typing import Any

from scenarios.running import run_file
from tests.scenarios.conftest import Scripted

PROGRAM = {"currency": "RUB", "timezone": "Europe/Moscow", "type": "points"}
LINE = {"unit_price": "1200.50", "qty": 2, "margin": "normal"}
MEMBER = "GET /v1/members/mem_1"


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "at": "2026-03-02", **fields}


def purchase(**fields: Any) -> dict[str, Any]:
    return event("purchase", id="R1", lines=[LINE], **fields)


def standing(*, available: int = 0, debt: int = 0, tier: str = "Gold") -> dict[str, Any]:
    balance = {"available": available, "pending": 0, "debt": debt, "held": 0}
    return {"balance": balance, "tier": {"name": tier, "turnover_minor": 1000001}}


def written(folder: Path, *events: object, name: str = "C01") -> Path:
    path = folder / f"{name}.json"
    document = {"id": name, "title": "t", "program": PROGRAM, "events": events}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def line_of(scripted: Scripted, path: Path) -> str:
    return run_file(scripted.caller, path).line
