"""Promo codes and batches of them through the API (R40, F050)."""

import csv
from itertools import count
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.domain.promo_codes import fold
from tests.api.caller import Answer
from tests.api.shop import PROGRAM, Shop, open_shop

_NUMBERS = count(1)
COUPONS = [
    {"id": "spring", "discount_percent": 10},
    {"id": "first, of all", "points": 100},
    {"id": "=1+1", "points": 100},
]
CODE = {"code": "Spring-10", "coupon": "spring"}


@pytest.fixture
def codes(client: Client, shop: Shop) -> Shop:
    """A shop with coupons, at noon of 1 June 2026."""
    return open_shop(client, f"codes-{next(_NUMBERS)}", {**PROGRAM, "coupons": COUPONS})


def make(shop: Shop, key: str = "new", **more: Any) -> Answer:
    return shop.office.post("/v1/promo-codes", {**CODE, **more}, key=key)


def make_batch(shop: Shop, key: str = "new", **more: Any) -> Answer:
    body = {"coupon": "spring", "count": 3, **more}
    return shop.office.post("/v1/promo-code-batches", body, key=key)


def rows(shop: Shop, batch_id: str, query: str = "") -> list[list[str]]:
    """Return the rows of a batch's CSV."""
    answer = shop.office.get(f"/v1/promo-code-batches/{batch_id}/codes.csv{query}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(answer.body.decode().splitlines()))


def sell(shop: Shop, code: str, receipt: str = "r1") -> Answer:
    """Sell something for 100.00 to nobody known, who says a code."""
    return shop.till.post("/v1/purchases", shop.sale(None, receipt, promo_codes=[code]))


class TestNamed:
    def test_a_code_is_made_and_found_in_any_spelling(self, codes: Shop) -> None:
        made = make(codes, max_uses=100, max_uses_per_member=1, to="2026-06-30")

        found = codes.office.get("/v1/promo-codes/sPring-10")

        assert made.status == 201
        assert made.json == {
            "object": "promo_code",
            "code": "SPRING10",
            "coupon": "spring",
            "max_uses": 100,
            "max_uses_per_member": 1,
            "from": None,
            "to": "2026-06-30",
            "is_stopped": False,
        }
        assert found.json == {**made.json, "uses": 0}

    def test_a_code_of_any_script_will_do(self, codes: Shop) -> None:
        assert make(codes, code="весна 2026").json["code"] == "ВЕСНА2026"

    def test_a_repeat_answers_the_same_also_when_it_was_stopped(self, codes: Shop) -> None:
        first = make(codes, key="k")
        codes.office.post("/v1/promo-codes/SPRING10/stop")

        again = make(codes, key="k")

        assert (again.status, again.is_replay) == (200, True)
        assert again.json == first.json

    def test_a_key_stands_for_one_code(self, codes: Shop) -> None:
        make(codes, key="k")

        other = make(codes, key="k", code="OTHER")
        elsewhere = make_batch(codes, key="k")
        points = codes.give(codes.join()["member_id"], 1)

        assert (other.status, other.code) == (422, "idempotency_key_reused")
        assert (elsewhere.status, elsewhere.code) == (422, "idempotency_key_reused")
        assert points.status == 201

    def test_a_grant_under_the_key_of_a_code_is_another_request(self, codes: Shop) -> None:
        make(codes, key="k")
        body = {"points": 1, "reason": "gift"}

        answer = codes.office.post(
            f"/v1/members/{codes.join()['member_id']}/grants", body, key="k"
        )

        assert (answer.status, answer.code) == (422, "idempotency_key_reused")

    def test_a_code_that_exists_is_refused(self, codes: Shop) -> None:
        make(codes)

        answer = make(codes, code="SPRING 10", coupon="first, of all")

        assert (answer.status, answer.code) == (409, "promo_code_exists")

    def test_a_coupon_the_program_has_not_is_refused(self, codes: Shop) -> None:
        answer = make(codes, coupon="autumn")

        assert (answer.status, answer.code) == (400, "coupon_unknown")

    @pytest.mark.parametrize(
        "more",
        [
            {"code": "AB"},
            {"code": "A" * 41},
            {"code": "SPRING!"},
            {"code": "12345678"},
            {"max_uses": 0},
            {"from": "2026-06-02", "to": "2026-06-01"},
            {"first": "2026-06-01"},
        ],
        ids=str,
    )
    def test_what_is_no_code_is_refused(self, codes: Shop, more: dict[str, Any]) -> None:
        answer = make(codes, **more)

        assert answer.status == 400
        assert answer.code in {"bad_input", "unknown_field"}

    def test_codes_are_listed_page_by_page(self, codes: Shop) -> None:
        for text in ("CCC", "AAA", "BBB"):
            make(codes, code=text)

        first = codes.office.get("/v1/promo-codes?limit=2").json
        rest = codes.office.get(f"/v1/promo-codes?limit=2&cursor={first['next_cursor']}").json

        assert [one["code"] for one in first["items"] + rest["items"]] == ["AAA", "BBB", "CCC"]
        assert rest["next_cursor"] is None

    def test_a_cursor_of_ones_own_is_refused(self, codes: Shop) -> None:
        answer = codes.office.get("/v1/promo-codes?cursor=v1")

        assert (answer.status, answer.code) == (400, "bad_input")

    def test_uses_are_counted_and_a_stopped_code_is_refused(self, codes: Shop) -> None:
        make(codes)
        sold = sell(codes, "spring 10")

        stopped = codes.office.post("/v1/promo-codes/SPRING10/stop")
        again = codes.office.post("/v1/promo-codes/SPRING10/stop")
        refused = sell(codes, "SPRING10", "r2")

        assert sold.json["promo_codes"][0]["is_applied"] is True
        assert (stopped.json["uses"], stopped.json["is_stopped"]) == (1, True)
        assert again.json == stopped.json
        assert (refused.status, refused.code) == (409, "promo_code_refused")
        assert refused.json["reason"] == "stopped"

    def test_a_till_may_not_make_codes(self, codes: Shop) -> None:
        assert codes.till.post("/v1/promo-codes", CODE).status == 403


class TestBatches:
    def test_a_batch_is_made_shown_and_listed(self, codes: Shop) -> None:
        made = make_batch(codes, prefix="may", **{"from": "2026-05-01"})
        batch_id = made.json["id"]

        shown = codes.office.get(f"/v1/promo-code-batches/{batch_id}")
        listed = codes.office.get("/v1/promo-code-batches")

        assert made.status == 201
        assert made.json == {
            "id": batch_id,
            "object": "promo_code_batch",
            "created_at": "2026-06-01T12:00:00Z",
            "coupon": "spring",
            "count": 3,
            "prefix": "MAY",
            "max_uses": 1,
            "from": "2026-05-01",
            "to": None,
            "is_stopped": False,
        }
        assert shown.json == made.json
        assert listed.json == {"items": [made.json], "next_cursor": None}

    def test_a_repeat_makes_no_other_batch(self, codes: Shop) -> None:
        first = make_batch(codes, key="k")

        again = make_batch(codes, key="k")

        assert (again.status, again.json) == (200, first.json)
        assert len(codes.office.get("/v1/promo-code-batches").json["items"]) == 1

    def test_no_cell_of_its_csv_is_calculated_by_a_spreadsheet(self, codes: Shop) -> None:
        made = make_batch(codes, coupon="=1+1", count=1).json

        _, (_, coupon, _, _) = rows(codes, made["id"])

        assert coupon == "'=1+1"

    def test_its_codes_are_told_as_csv(self, codes: Shop) -> None:
        made = make_batch(codes, coupon="first, of all", to="2026-06-30").json

        head, *found = rows(codes, made["id"])

        assert head == ["code", "coupon", "from", "to"]
        assert [row[1:] for row in found] == [["first, of all", "", "2026-06-30"]] * 3
        assert len({row[0] for row in found}) == 3
        assert all(len(fold(row[0])) == 12 for row in found)

    def test_a_part_of_them_is_the_same_part(self, codes: Shop) -> None:
        batch_id = make_batch(codes, count=100_000).json["id"]
        _, *all_ = rows(codes, batch_id, "?from_index=99990")

        _, *some = rows(codes, batch_id, "?from_index=99995&limit=3")

        assert len(all_) == 10
        assert some == all_[5:8]
        assert rows(codes, batch_id, "?from_index=100000") == [["code", "coupon", "from", "to"]]

    def test_each_code_is_used_once(self, codes: Shop) -> None:
        _, (code, *_), (other, *_), _ = rows(codes, make_batch(codes, prefix="MAY").json["id"])

        first = sell(codes, code)
        second = sell(codes, code, "r2")
        third = sell(codes, other.lower().replace("-", " "), "r3")

        assert first.json["discount_minor"] == 1_000
        assert (second.status, second.json["reason"]) == (409, "used_up")
        assert third.status == 201
        assert codes.office.get(f"/v1/promo-codes/{code}").json["uses"] == 1

    def test_a_code_with_a_wrong_proof_is_nobodys(self, codes: Shop) -> None:
        _, (code, *_), *_ = rows(codes, make_batch(codes).json["id"])
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")

        sold = sell(codes, wrong)
        shown = codes.office.get(f"/v1/promo-codes/{wrong}")

        assert (sold.status, sold.json["reason"]) == (409, "unknown")
        assert (shown.status, shown.code) == (404, "promo_code_not_found")

    @pytest.mark.parametrize("text", ["-", "--"])
    def test_a_code_of_nothing_but_dashes_is_nobodys(self, codes: Shop, text: str) -> None:
        shown = codes.office.get(f"/v1/promo-codes/{text}")
        stopped = codes.office.post(f"/v1/promo-codes/{text}/stop")

        assert (shown.status, shown.code) == (404, "promo_code_not_found")
        assert (stopped.status, stopped.code) == (404, "promo_code_not_found")

    def test_a_batch_that_is_stopped_sells_nothing_more(self, codes: Shop) -> None:
        batch_id = make_batch(codes).json["id"]
        _, (code, *_), *_ = rows(codes, batch_id)

        stopped = codes.office.post(f"/v1/promo-code-batches/{batch_id}/stop")
        sold = sell(codes, code)

        assert stopped.json["is_stopped"] is True
        assert (sold.status, sold.json["reason"]) == (409, "stopped")

    def test_one_code_of_a_batch_can_be_stopped(self, codes: Shop) -> None:
        _, (code, *_), (other, *_), _ = rows(codes, make_batch(codes).json["id"])

        stopped = codes.office.post(f"/v1/promo-codes/{code}/stop")

        assert stopped.json["is_stopped"] is True
        assert sell(codes, code).json["reason"] == "stopped"
        assert sell(codes, code.replace("0", "O").replace("1", "l")).json["reason"] == "stopped"
        assert sell(codes, other, "r2").status == 201

    def test_a_code_of_a_batch_cannot_be_made_by_name(self, codes: Shop) -> None:
        _, (code, *_), *_ = rows(codes, make_batch(codes).json["id"])

        answer = make(codes, code=code)

        assert (answer.status, answer.code) == (409, "promo_code_exists")

    def test_another_merchants_batch_is_not_there(self, codes: Shop, other_shop: Shop) -> None:
        batch_id = make_batch(codes).json["id"]

        for path in ("", "/codes.csv"):
            answer = other_shop.office.get(f"/v1/promo-code-batches/{batch_id}{path}")
            assert (answer.status, answer.code) == (404, "code_batch_not_found")

    @pytest.mark.parametrize("more", [{"count": 0}, {"count": 100_001}, {"prefix": "A" * 21}])
    def test_a_batch_out_of_bounds_is_refused(self, codes: Shop, more: dict[str, Any]) -> None:
        answer = make_batch(codes, **more)

        assert (answer.status, answer.code) == (400, "bad_input")
