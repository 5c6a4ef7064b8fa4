"""Where things stand in the office: what leads, what a phone shows of a table, what is even."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.office import DESK, sign_up
from tests.e2e.office_screens import OfficeScreens

TIERS = "Многоуровневый кешбэк"  # with the most columns and fields
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def state(browser: object, base_url: str) -> object:
    """Sign one owner up; the cookies."""
    context = browser.new_context(viewport=DESK, locale="ru-RU")  # type: ignore[attr-defined]
    sign_up(context.new_page(), base_url, template=TIERS)
    kept = context.storage_state()
    context.close()
    return kept


def top(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box
    return box["y"]


def left(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box
    return box["x"]


def test_the_next_step_of_the_first_day_leads_and_nothing_else(
    state: object, base_url: str, open_page: OpenPage
) -> None:
    page = open_page(storage_state=state, viewport=PHONE)

    page.goto(f"{base_url}/admin")

    expect(page.locator("main .button:not(.quiet)")).to_have_count(1)
    expect(page.locator(".step:not(.done) .button").first).not_to_have_class("button quiet")
    assert left(page, ".step .button") == left(page, ".step:not(.done) .main")


@pytest.mark.parametrize("width", [320, 390, 768, 1100, 1280, 1366])
def test_no_column_of_the_rules_is_out_of_sight(
    state: object, base_url: str, open_page: OpenPage, width: int
) -> None:
    page = open_page(storage_state=state, viewport={"width": width, "height": 844})

    page.goto(f"{base_url}/admin/program")

    tables = page.locator(".scroll")
    assert tables.count() > 1
    wide = tables.evaluate_all("all => all.filter((one) => one.scrollWidth > one.clientWidth)")
    assert wide == []


def test_a_phone_shows_an_operation_by_its_name_and_what_it_moved(
    base_url: str, open_page: OpenPage
) -> None:
    page = open_page(viewport=PHONE)
    walk = OfficeScreens(page, base_url, "ru").full()

    assert "operations-full" in (next(walk) for _ in range(3))

    row = ".operations tbody tr"
    name, moved, when = (top(page, f"{row} {part}") for part in ("th a", ".earned", "td"))
    assert abs(name - moved) < 4  # in one line
    assert when > name
    box = page.locator(row).first.bounding_box()
    assert box
    assert box["height"] < 120


def test_what_is_opened_to_add_to_is_headed_and_said_once_on_a_button(
    state: object, base_url: str, open_page: OpenPage
) -> None:
    page = open_page(storage_state=state, viewport=DESK)

    page.goto(f"{base_url}/admin/staff")

    heading = page.locator(".opens.panel[open] > summary")
    expect(heading).to_have_css("border-top-width", "0px")
    expect(heading).to_have_css("font-size", "20px")
    assert left(page, ".opens.panel[open] > summary") == left(page, ".opens.panel .form")


def test_rates_of_one_channel_stand_side_by_side(
    state: object, base_url: str, open_page: OpenPage
) -> None:
    page = open_page(storage_state=state, viewport=DESK)

    page.goto(f"{base_url}/admin/program/edit")

    for tier in page.locator("fieldset", has_text="Порог").all():
        earned = tier.locator(".field", has_text="начисляем")
        redeemed = tier.locator(".field", has_text="оплатить")
        for one, other in zip(earned.all(), redeemed.all(), strict=True):
            boxes = one.bounding_box(), other.bounding_box()
            assert boxes[0]
            assert boxes[1]
            assert boxes[0]["y"] == boxes[1]["y"]
    assert page.locator("fieldset", has_text="Порог").count() > 0


@pytest.mark.parametrize("width", [390, 768, 1024, 1366])
def test_no_figure_and_no_file_stands_alone_in_its_row(
    state: object, base_url: str, open_page: OpenPage, width: int
) -> None:
    page = open_page(storage_state=state, viewport={"width": width, "height": 844})
    rows: dict[str, set[int]] = {}

    for path, selector in (("/admin", ".figure"), ("/admin/posters", ".files .button")):
        page.goto(f"{base_url}{path}")
        tops = page.locator(selector).evaluate_all(
            "all => all.map((one) => Math.round(one.getBoundingClientRect().top))"
        )
        rows[selector] = {tops.count(top) for top in tops}

    assert {selector: len(counts) for selector, counts in rows.items()} == dict.fromkeys(
        rows, 1
    )
