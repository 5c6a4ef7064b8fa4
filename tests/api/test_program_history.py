"""What was published and when, and what a draft would change."""

from datetime import timedelta

from tests.api.shop import PROGRAM, Shop


def publish(shop: Shop, **fields: object) -> None:
    assert shop.office.call("PUT", "/v1/program/draft", {**PROGRAM, **fields}).status == 200
    assert shop.office.post("/v1/program/draft/publish").status == 201


def test_the_history_is_told_newest_first(shop: Shop, wired) -> None:
    wired.clock.set(wired.clock.now() + timedelta(days=1))
    publish(shop, title="Second")
    publish(shop, title="Third")

    found = shop.till.get("/v1/program/versions").json

    assert [(one["version"], one["title"]) for one in found["items"]] == [
        (3, "Third"),
        (2, "Second"),
        (1, "Roastery"),
    ]
    assert found["items"][0]["published_at"] > found["items"][2]["published_at"]
    assert found["next_cursor"] is None


def test_the_history_goes_page_by_page(shop: Shop) -> None:
    for number in range(2, 5):
        publish(shop, title=f"Number {number}")

    first = shop.till.get("/v1/program/versions?limit=3").json
    rest = shop.till.get(f"/v1/program/versions?limit=3&cursor={first['next_cursor']}").json

    versions = [one["version"] for one in first["items"] + rest["items"]]
    assert versions == [4, 3, 2, 1]
    assert rest["next_cursor"] is None
    assert shop.till.get("/v1/program/versions?cursor=1").json["items"] == []
    assert shop.till.get("/v1/program/versions?cursor=x").code == "bad_input"


def test_a_draft_is_compared_with_what_is_published(shop: Shop) -> None:
    changed = {**PROGRAM, "mode": "earn_and_redeem", "reminder_days": 7, "title": "New"}
    shop.office.call("PUT", "/v1/program/draft", changed)

    found = shop.office.get("/v1/program/draft/diff").json

    assert found["items"] == [
        {"path": "/mode", "before": PROGRAM.get("mode"), "after": "earn_and_redeem"},
        {"path": "/title", "before": PROGRAM.get("title"), "after": "New"},
    ]


def test_without_a_draft_there_is_nothing_to_compare(shop: Shop) -> None:
    assert shop.office.get("/v1/program/draft/diff").code == "draft_missing"


def test_the_audit_log_names_who_published_rules_and_cards(shop: Shop) -> None:
    publish(shop, title="Second")
    shop.office.call("PUT", "/v1/pass-design/draft", {"program_name": "Roast"})
    shop.office.post("/v1/pass-design/draft/publish")
    refused = shop.office.post("/v1/program/draft/publish")

    found = shop.office.get("/v1/audit").json["items"]

    assert refused.code == "draft_missing"
    told = sorted((one["deed"], one["actor"], one["facts"]) for one in found)  # of one moment
    actor = told[0][1]
    assert actor.startswith("key:")
    assert told == [
        ("design_published", actor, {"version": "1"}),
        ("program_published", actor, {"version": "2"}),
    ]
