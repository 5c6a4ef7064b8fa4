"""What the runner asks of the API for promo codes and coupons, seen by a script."""

from pathlib import Path

from tests.scenarios.conftest import Scripted
from tests.scenarios.examples import event, line_of, purchase, written

COUPONS = "POST /v1/members/mem_1/coupons"
BROUGHT = {"code": "12345678", "points": 500, "valid_through": "2026-09-02"}
REFUSED = {"code": "promo_code_refused", "reason": "used_up", "title": "Promo code refused"}


def test_a_coupon_is_said_by_its_name_and_a_code_as_it_stands(
    scripted: Scripted, tmp_path: Path
) -> None:
    scripted.script.on(COUPONS, (201, BROUGHT))
    scripted.script.on("POST /v1/purchases", (201, {"id": "pur_1"}))
    got = event("coupon", id="Q", coupon="five", pay="points")
    path = written(tmp_path, got, purchase(promo_codes=["Q", "SPRING 10"]))

    line_of(scripted, path)

    assert scripted.script.bodies(COUPONS) == [{"coupon": "five", "pay": "points"}] * 2
    (body, _) = scripted.script.bodies("POST /v1/purchases")
    assert body["promo_codes"] == ["12345678", "SPRING 10"]


def test_a_sale_to_nobody_known_names_no_member(scripted: Scripted, tmp_path: Path) -> None:
    scripted.script.on("POST /v1/purchases", (201, {"id": "pur_1"}))

    line_of(scripted, written(tmp_path, purchase(anonymous=True)))

    assert "member_id" not in scripted.script.bodies("POST /v1/purchases")[0]


def test_a_refusal_of_a_code_can_be_expected(scripted: Scripted, tmp_path: Path) -> None:
    scripted.script.on("POST /v1/purchases", (409, REFUSED))
    expected = purchase(promo_codes=["A"], expect={"refused": "used_up"})
    other = purchase(promo_codes=["A"], expect={"refused": "expired"})

    good = line_of(scripted, written(tmp_path, expected))
    bad = line_of(scripted, written(tmp_path, other))

    assert good == "C01 ok"
    assert bad == "C01 FAIL: event 1 (purchase): refused: expected expired, got used_up"


def test_a_refusal_nobody_expects_is_a_failure(scripted: Scripted, tmp_path: Path) -> None:
    scripted.script.on("POST /v1/purchases", (409, REFUSED))
    scripted.script.on(COUPONS, (409, {"code": "insufficient_points"}))
    got = event("coupon", id="Q", coupon="five", pay="points")

    sold = line_of(scripted, written(tmp_path, purchase(promo_codes=["A"])))
    brought = line_of(scripted, written(tmp_path, got))

    assert "answered 409 promo_code_refused" in sold
    assert "answered 409 insufficient_points" in brought


def test_a_sale_that_should_have_been_refused_is_a_failure(
    scripted: Scripted, tmp_path: Path
) -> None:
    scripted.script.on("POST /v1/purchases", (201, {"id": "pur_1"}))
    path = written(tmp_path, purchase(promo_codes=["A"], expect={"refused": "used_up"}))

    assert line_of(scripted, path).endswith("refused: expected used_up, got nothing")
