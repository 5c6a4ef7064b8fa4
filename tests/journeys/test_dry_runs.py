"""A draft tried on what was really bought: through the stream, the journal and the queue."""

from typing import Any

from tests.journeys.calling import Service
from tests.journeys.shop import open_shop


def test_a_purchase_of_a_moment_ago_is_in_a_dry_run(service: Service) -> None:
    shop = open_shop(service)
    member_id = shop.join().member_id
    bought = [shop.buy(member_id, 10_000).json for _ in range(3)]
    service.run_jobs()
    draft: dict[str, Any] = shop.till("GET", "/v1/program").json

    begun = shop.office("POST", "/v1/program/dry-runs", {"draft": draft, "days": 1}).json
    service.run_jobs()

    job = shop.office("GET", f"/v1/jobs/{begun['id']}").json
    result = shop.office("GET", job["result"]).json
    assert (job["state"], job["progress"]) == ("done", {"done": 3, "total": 3})
    assert (result["receipts"], result["members"], result["gross_minor"]) == (3, 1, 30_000)
    assert result["totals"]["before"]["earned"] == sum(one["earned"] for one in bought)
    assert result["cost"] == {"points": 0, "amount_minor": 0}
