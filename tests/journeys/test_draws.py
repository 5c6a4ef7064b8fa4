"""A prize draw from its announcement to a stranger's check, by the document alone (R42)."""

import csv
import io
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.calling import Service
from tests.journeys.days import D, day, opened
from tests.journeys.shop import Shop

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "DRAWS.md").read_text()
LAST = D + timedelta(days=6)
BODY: dict[str, Any] = {
    "title": "Неделя подарков",
    "opens": D.isoformat(),
    "closes": LAST.isoformat(),
    "prizes": [
        {"name": "Велосипед", "count": 1},
        {"name": "100 баллов", "count": 3, "points": 100},
    ],
    "entries": {"per": "amount", "amount_minor": 10_000},
}
MEMBERS = 7


def script() -> str:
    """Return the program of the document."""
    (found,) = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    return str(found)


def check(url: str, program: str = "") -> subprocess.CompletedProcess[str]:
    """Run the document's program as a stranger does."""
    return subprocess.run(
        [sys.executable, "-I", "-c", program or script(), url],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def drawn(clocked: Service) -> tuple[Shop, str, dict[str, Any], list[str]]:
    """Hold a draw with seven members, who have 1 to 7 entries: shop, path, answer, members."""
    shop = opened(clocked, day(D))
    announced = shop.office("POST", "/v1/draws", BODY).json
    path = f"/v1/draws/{announced['id']}"
    members = [shop.join().member_id for _ in range(MEMBERS)]
    for number, member_id in enumerate(members, start=1):
        bought = shop.buy(member_id, 10_000 * number)
        assert bought.status == 201, bought.body
    clocked.set_clock(day(LAST + timedelta(days=1)))
    clocked.run_jobs()  # the outbox has noted every receipt now
    closed = shop.office("POST", f"{path}/close").json
    assert closed["entry_list"]["count"] == sum(range(1, MEMBERS + 1))
    made = shop.office("POST", f"{path}/draw", {"public_text": "IMOEX 2789.14"})
    assert made.status == 200, made.body
    return shop, path, made.json, members


def test_a_stranger_checks_a_real_draw_with_the_program_of_the_document(
    clocked: Service,
) -> None:
    _, _, made, _ = drawn(clocked)

    done = check(made["page_url"])

    assert done.stderr == ""
    assert done.stdout == "28 entries, 4 winners: as published\n"


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        (('"seed"]', '"seed_sha256"]'), "another seed"),
        (("text = b", 'text = b"1,AAAA-AAAA-AAAA\\n" + b'), "another list of entries"),
        (("n += 1", "n += 2"), "other winners"),
    ],
)
def test_the_program_notices_what_is_not_as_published(
    clocked: Service, planted: tuple[str, str], said: str
) -> None:
    _, _, made, _ = drawn(clocked)

    done = check(made["page_url"], script().replace(*planted))

    assert done.returncode == 1
    assert f"AssertionError: {said}" in done.stderr


def test_the_page_serves_the_program_of_the_document(clocked: Service) -> None:
    _, _, made, _ = drawn(clocked)

    served = clocked.call("GET", f"{made['page_url']}/check.py")

    assert served.body.decode() == script()


def test_winners_get_their_points_and_the_public_learns_no_member(clocked: Service) -> None:
    shop, path, made, members = drawn(clocked)

    again = shop.office("POST", f"{path}/draw", {"public_text": "IMOEX 2789.14"})
    clocked.run_jobs()

    rows = list(
        csv.DictReader(io.StringIO(shop.office("GET", f"{path}/winners.csv").body.decode()))
    )
    grants = {
        member_id: [e["points"] for e in shop.ledger(member_id) if e["kind"] == "grant"]
        for member_id in members
    }
    page = clocked.call("GET", made["page_url"]).body.decode()
    facts = clocked.call("GET", f"{made['page_url']}/draw.json").body.decode()
    assert again.json == made
    assert sorted(grants.values()) == [[], [], [], [], [100], [100], [100]]
    assert [grants[row["member_id"]] for row in rows] == [[], [100], [100], [100]]
    for row in rows:
        assert row["pseudonym"] in page
        assert row["member_id"] not in page + facts


def test_another_shops_draw_is_not_found_under_ones_own_name(clocked: Service) -> None:
    _, path, made, _ = drawn(clocked)
    other = opened(clocked, day(date(2031, 6, 1)))

    asked = [
        other.office("GET", path),
        other.office("POST", f"{path}/draw", {}),
        clocked.call("GET", f"/d/{other.merchant}/{made['id']}"),
        clocked.call("GET", f"/d/{other.merchant}/{made['id']}/draw.json"),
    ]

    assert [answer.status for answer in asked] == [404] * 4
