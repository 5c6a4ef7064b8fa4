"""What holds of every receipt, whatever the program, the member and the basket (R2 to R9).

Money adds up; reasons tell all of it; what is off does nothing; the till's order of lines
does not matter.
"""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.money import PPM
from chalicelib.domain.program import Program
from chalicelib.domain.program_document import read_program
from chalicelib.domain.receipts import Receipt, ReceiptLine, Why
from chalicelib.domain.sales import sell_anonymously
from tests.builders import after, receipt
from tests.domain.generated import CASES, Case
from tests.domain.generated_programs import OFF, with_off, without_own

RATED = ("earn.tier_rate", "earn.category_rate", "earn.flat_rate")


@given(CASES)
def test_what_is_paid_redeemed_and_taken_off_is_the_price(case: Case) -> None:
    bought = case.receipt()

    value = sum(line.redeemed_minor for line in bought.lines)
    program = read_program(case.document, 1)
    assert bought.to_pay_minor + value + bought.discount_minor == bought.gross_minor
    assert bought.money_minor + bought.gift_card_minor == bought.to_pay_minor
    assert value == program.points_value_minor(bought.redeemed)
    assert sum(line.redeemed for line in bought.lines) == bought.redeemed
    assert sum(line.earned for line in bought.lines) == bought.earned
    assert min(bought.to_pay_minor, bought.money_minor, bought.gift_card_minor) >= 0


@given(CASES)
def test_no_line_is_negative_and_none_is_freer_than_free(case: Case) -> None:
    for line in case.receipt().lines:
        assert min(line.net_minor, line.discount_minor, line.redeemed_minor) >= 0
        assert min(line.earned, line.redeemed) >= 0
        assert 0 <= line.free_milli <= line.quantity_milli
        assert line.free_milli % 1000 == 0
        assert line.free_milli * line.unit_price_minor <= line.discount_minor * 1000


@given(CASES)
def test_a_line_set_apart_gets_nothing_and_is_paid_in_full(case: Case) -> None:
    for line in case.receipt().lines:
        if _is_apart(line):
            assert line.net_minor == line.gross_minor
            assert line.earned == line.redeemed == line.free_milli == 0
            assert "stamps.collected" not in _names(line)


@given(CASES)
def test_the_reasons_of_a_line_add_up_to_the_line(case: Case) -> None:
    for line in case.receipt().lines:
        assert _sum(line, "discount.", "free.") == line.discount_minor
        assert sum(why.points or 0 for why in _whys(line, "earn.")) == line.earned
        assert sum(why.points or 0 for why in _whys(line, "redeem.")) == line.redeemed
        for why in _whys(line, "earn."):
            assert why.points is None if why.rule == "earn.margin_cap" else why.points >= 0


@given(CASES)
def test_the_points_of_a_rate_are_those_without_any_raise_of_it(case: Case) -> None:
    plain = dict(case.document)
    for key in ("promotions", "coupons"):
        kept = [one for one in plain.pop(key, None) or [] if not _is_raise(one)]
        plain |= {key: kept} if kept else {}
    without, bought = replace(case, document=plain).receipt(), case.receipt()

    there, here = (sum(_of_rates(line) for line in one.lines) for one in (without, bought))

    # A line no offer raises may have a point that rounding gave it: the rest have fewer.
    assert abs(here - there) < max(len(bought.lines), 1)


@given(CASES)
def test_what_a_receipt_earns_can_be_worked_out_from_its_reasons(case: Case) -> None:
    program = read_program(case.document, 1)
    bought = case.receipt()

    by_rates = [(line, _rate_told(line, program)) for line in bought.lines]
    if program.step or any(_names(line) & {"earn.redeeming_receipt"} for line in bought.lines):
        return
    is_gross = case.document["earn_base"] == "gross"
    exact = sum(
        (line.net_minor + is_gross * line.redeemed_minor) * rate for line, rate in by_rates
    )
    numerator, denominator = program.point_value
    extra = sum(
        why.points or 0
        for line in bought.lines
        for why in _whys(line, "earn.")
        if _is_gift(why)
    )
    assert exact * denominator // (PPM * PPM * numerator) + extra == bought.earned


@given(CASES)
def test_a_cap_is_told_where_it_cuts_and_nowhere_else(case: Case) -> None:
    program = read_program(case.document, 1)
    for line in case.receipt().lines:
        told = _rate_told(line, program, is_capped=False)
        cap = program.margin_caps.get(line.margin or "")
        is_cut = cap is not None and told > cap * PPM

        if not program.step and "earn.redeeming_receipt" not in _names(line):
            assert ("earn.margin_cap" in _names(line)) == is_cut


@given(CASES)
def test_points_pay_no_more_than_there_are_than_was_asked_and_than_is_allowed(
    case: Case,
) -> None:
    bought = case.receipt()

    available = case.account.available(case.occasion.on)
    asked = _asked(case, available)
    program = read_program(case.document, 1)
    assert bought.redeemed == min(bought.redeem_max, asked)
    assert bought.redeem_max <= available
    if bought.redeemed:
        before = bought.gross_minor - bought.discount_minor
        assert before >= program.min_receipt_for_redeem_minor
        assert bought.to_pay_minor >= program.min_money_minor


@given(CASES)
def test_who_asked_for_more_points_than_are_taken_is_told_why(case: Case) -> None:
    bought = case.receipt()

    asked = _asked(case, case.account.available(case.occasion.on))
    if bought.redeemed < asked and any(line.net_minor for line in bought.lines):
        assert any(_whys(line, "redeem.") or _is_apart(line) for line in bought.lines)


@given(CASES, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_no_total(
    case: Case, is_one_price: bool, random: Any
) -> None:
    lines = list(case.lines)
    if is_one_price:  # then which cup of coffee is the cheapest hangs on more than that
        lines = [replace(one, unit_price_minor=3_333, category="coffee") for one in lines]
    mixed = random.sample(lines, len(lines))

    one, other = (replace(case, lines=tuple(order)).sold() for order in (lines, mixed))

    assert _totals(receipt(one)) == _totals(receipt(other))
    assert after(one) == replace(after(other), entry_hash=after(one).entry_hash)


@given(CASES, st.sets(st.sampled_from(sorted(OFF)), min_size=1))
def test_rules_that_are_off_change_nothing(case: Case, keys: set[str]) -> None:
    plain = without_own(case.document, keys)

    with_them, without_them = (
        replace(case, document=document).sold() for document in (with_off(plain, keys), plain)
    )

    assert with_them == without_them


@given(CASES)
def test_no_limit_is_passed_and_only_what_was_given_is_counted(case: Case) -> None:
    change = case.sold()

    bought = receipt(change)
    told = {
        f"{why.rule.split('.')[-1]}:{why.name}" for line in bought.lines for why in line.why
    }
    for take in change.takes:
        assert take.units > 0
        if take.maximum is not None:
            assert case.used.get(take.counter, 0) + take.units <= take.maximum
        kind, name, *_ = take.counter.name.split(":")
        if kind == "code":
            assert any(use.code == name and use.is_applied for use in bought.promo_codes)
        else:
            assert any(one.startswith(kind) and one.endswith(f":{name}") for one in told)


@given(CASES)
def test_what_codes_gave_is_what_their_coupons_gave(case: Case) -> None:
    bought = case.receipt()

    whys = [why for line in bought.lines for why in line.why if "coupon" in why.rule]
    uses = bought.promo_codes
    assert [use.code for use in uses] == list(case.sale.promo_codes)
    assert sum(use.discount_minor for use in uses) == sum(why.amount_minor or 0 for why in whys)
    assert sum(use.points for use in uses) == sum(why.points or 0 for why in whys)
    gave = {why.name for why in whys if why.points or why.amount_minor}
    assert {use.coupon_id for use in uses if use.is_applied} == gave


@given(CASES)
def test_somebody_unknown_pays_the_price_and_earns_nothing(case: Case) -> None:
    nobody = replace(case.sale, member_id=None, redeem=type(case.redeem)(), gift_card=None)

    nobody = replace(nobody, promo_codes=())

    bought = receipt(sell_anonymously(nobody, case.occasion))

    assert bought.to_pay_minor == bought.gross_minor
    assert bought.earned == bought.redeemed == 0


def _asked(case: Case, available: int) -> int:
    if case.redeem.mode == "none":
        return 0
    return available if case.redeem.points is None else min(case.redeem.points, available)


def _whys(line: ReceiptLine, *prefixes: str) -> list[Why]:
    return [why for why in line.why if why.rule.startswith(prefixes)]


def _names(line: ReceiptLine) -> set[str]:
    return {why.rule for why in line.why}


def _sum(line: ReceiptLine, *prefixes: str) -> int:
    return sum(why.amount_minor or 0 for why in _whys(line, *prefixes))


def _is_gift(why: Why) -> bool:
    """Return whether a reason gives points beside those of a rate."""
    return why.rule == "earn.bundle" or why.rule.endswith("_points")


def _is_raise(offer: dict[str, Any]) -> bool:
    return "multiplier" in offer or "extra_percent" in offer


def _raises(line: ReceiptLine) -> list[Why]:
    """Return the reasons of what raises a line's rate."""
    return [why for why in line.why if why.rule.endswith(("_multiplier", "_percent"))]


def _of_rates(line: ReceiptLine) -> int:
    """Return the points of a line's rate alone."""
    raised = sum(why.points or 0 for why in _raises(line))
    gifts = sum(why.points or 0 for why in _whys(line, "earn.") if _is_gift(why))
    return line.earned - raised - gifts


def _is_apart(line: ReceiptLine) -> bool:
    return bool(_names(line) & {"earn.gift_card_sale", "excluded.goods"})


def _rate_told(line: ReceiptLine, program: Program, *, is_capped: bool = True) -> int:
    """Return the rate a line's reasons tell, in millionths of a millionth."""
    told = {why.rule: why.percent_ppm or 0 for why in line.why if why.rule in RATED}
    boosts = [why for why in line.why if why.rule.endswith("_multiplier")]
    boost = max((why.percent_ppm or 0 for why in boosts), default=PPM)
    extra = sum(why.percent_ppm or 0 for why in line.why if why.rule.endswith("_percent"))
    rate = sum(told.values()) * boost + extra * PPM
    cap = program.margin_caps.get(line.margin or "")
    return min(rate, cap * PPM) if is_capped and cap is not None else rate


def _totals(bought: Receipt) -> tuple[object, ...]:
    return (
        bought.to_pay_minor,
        bought.discount_minor,
        sum(line.free_milli for line in bought.lines),
        bought.redeem_max,
        bought.redeemed,
        bought.earned,
        bought.money_minor,
        bought.stamps_after,
    )
