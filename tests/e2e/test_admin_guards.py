"""What guards the office: sessions, tokens, other merchants' things, forms sent twice."""

import re
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIResponse, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.office import DESK, Office, sign_up
from tests.e2e.shop import Shop, ask, new_phone


@pytest.fixture
def office(open_page: OpenPage, base_url: str) -> Office:
    return sign_up(open_page(viewport=DESK), base_url)


@pytest.fixture
def other(open_page: OpenPage, base_url: str) -> Office:
    return sign_up(open_page(viewport=DESK), base_url)


def post(office: Office, path: str, form: Mapping[str, Any], **headers: str) -> APIResponse:
    """Send a form with the owner's cookie, from our own page unless it is said otherwise."""
    sent = {"Origin": office.base_url, "Sec-Fetch-Site": "same-origin"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return office.page.request.post(
        f"{office.base_url}{path}",
        form={name: str(value) for name, value in form.items()},
        headers=sent,
        max_redirects=0,
    )


def with_token(office: Office, **fields: Any) -> dict[str, Any]:
    return {"csrf_token": office.token(), "key": "0" * 32, **fields}


def join(office: Office, phone: str = "") -> str:
    """Make a member at the till's road; their id."""
    path, phone = "/admin/members", phone or new_phone()
    office.open(path)
    token = office.token()
    made = office.page.request.post(
        f"{office.base_url}/v1/members",
        data={"phone": phone, "language": "ru"},
        headers={
            "X-CSRF-Token": token,
            "Origin": office.base_url,
            "Sec-Fetch-Site": "same-origin",
            "Idempotency-Key": f"join-{phone}",
        },
    )
    assert made.ok, made.text()
    found = made.json()
    return str(found.get("member_id") or found["id"])


def test_who_is_not_signed_in_is_led_to_the_door_and_back(base_url: str) -> None:
    answer = ask_plain(f"{base_url}/admin/staff")

    assert answer.status == 303
    assert answer.headers["location"] == "/admin/sign-in?next=%2Fadmin%2Fstaff"


def ask_plain(url: str) -> HTTPResponse:
    """Ask without following where the answer leads."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=30)
    connection.request("GET", parts.path)
    return connection.getresponse()


def test_pages_are_strict_private_and_kept_by_nobody(office: Office) -> None:
    answer = office.page.request.get(f"{office.base_url}/admin")

    assert answer.status == 200
    policy = answer.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'"} <= set(policy)
    assert {"font-src 'self'", "frame-ancestors 'none'", "form-action 'self'"} <= set(policy)
    assert not [one for one in policy if "unsafe" in one]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_cookie_can_be_read_by_no_script_and_sent_by_no_other_site(
    office: Office,
) -> None:
    cookies = office.page.context.cookies()

    held = [one for one in cookies if one.get("name") == "kopilka-office"]
    assert [one.get("httpOnly") for one in held] == [True]
    assert [one.get("sameSite") for one in held] == ["Strict"]
    assert office.page.evaluate("document.cookie") == ""


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec_Fetch_Site": "same-site"},
    ],
    ids=["another site", "a sister site"],
)
def test_a_form_of_another_site_changes_nothing(
    office: Office, headers: dict[str, str]
) -> None:
    form = with_token(office, name="Чужой", address="")

    answer = post(office, "/admin/stores", form, **headers)

    office.open("/admin/stores")
    assert answer.status == 403
    assert "Страница устарела" in answer.text()
    expect(office.page.get_by_text("Чужой")).to_have_count(0)


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_form_without_the_sessions_own_token_changes_nothing(
    office: Office, token: str
) -> None:
    form = {**with_token(office, name="Чужой", address=""), "csrf_token": token}

    answer = post(office, "/admin/stores", form)

    assert answer.status == 403


def test_another_merchants_things_are_not_there(office: Office, other: Office) -> None:
    other.open("/admin/stores")
    post(other, "/admin/stores/main/tills", with_token(other, till_name="Своя"))
    other.open("/admin/stores")
    till = re.findall(r"/admin/tills/(till-\d+)", other.page.content())[-1]
    member_id = join(other)
    token = with_token(office)

    office.page.goto(f"{office.base_url}/admin")
    got = [
        office.page.request.get(f"{office.base_url}{path}").status
        for path in (
            f"/admin/members/{member_id}",
            f"/admin/members/{member_id}/erase",
            f"/admin/tills/{till}",
        )
    ]
    sent = [
        post(office, path, {**token, **form}).status
        for path, form in (
            (f"/admin/members/{member_id}/grants", {"points": 5, "reason": "чужому"}),
            (f"/admin/members/{member_id}/erase", {"reason": "чужого"}),
            (f"/admin/tills/{till}/code", {}),
            ("/admin/stores/store-9", {"name": "x"}),
            ("/admin/staff/stf_00000000", {"name": "x"}),
            ("/admin/keys/key_none/revoke", {}),
        )
    ]

    assert got == [404] * 3
    assert sent == [404] * 6


def test_what_a_member_agreed_to_and_refused_is_told_apart(
    office: Office, base_url: str
) -> None:
    shop = Shop(base_url, office.merchant_id, "", "")
    member_id = shop.join(advertising=False)["member_id"]

    office.open(f"/admin/members/{member_id}")

    expect(office.page.locator("main")).to_contain_text("Программа: согласие, Реклама: отказ")


def test_a_member_is_found_by_a_receipt_of_a_till_with_a_name(
    office: Office, base_url: str
) -> None:
    member_id = join(office)
    office.open("/admin/members")
    sale = {
        "member_id": member_id,
        "receipt_id": "00120-77",
        "channel": "offline",
        "lines": [{"quantity": "1", "unit_price_minor": 50_000, "category": "pastry"}],
    }
    headers = {
        "X-CSRF-Token": office.token(),
        "Origin": base_url,
        "Sec-Fetch-Site": "same-origin",
        "Idempotency-Key": "sale-77",
    }
    made = office.page.request.post(f"{base_url}/v1/purchases", data=sale, headers=headers)
    assert made.ok, made.text()

    office.open("/admin/members?q=00120-77")
    expect(office.page.get_by_text("Чек 00120-77, Кабинет")).to_be_visible()
    office.open("/admin/members?q=Мария")

    expect(office.page.get_by_text("по имени не ищем")).to_be_visible()


@pytest.mark.parametrize("place", ["rules", "grant"])
def test_what_is_missing_is_said_at_its_field(office: Office, place: str) -> None:
    page = office.page
    if place == "rules":
        office.open("/admin/program/edit")
        form = page.locator("form.open")
        field = form.locator("[inputmode=decimal]").first
    else:
        office.open(f"/admin/members/{join(office)}")
        form = page.locator("form[action$=grants]")
        field = form.locator("[name=points]")
    form.evaluate("one => { one.noValidate = true; }")  # as a browser that checks nothing

    field.fill("")
    form.locator("button").first.click()

    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    said = page.locator(f'[id="{field.get_attribute("aria-describedby")}"]')
    expect(said).to_have_class("error")
    expect(said).not_to_be_empty()


def test_a_grant_sent_twice_gives_points_once(office: Office) -> None:
    member_id = join(office)
    office.open(f"/admin/members/{member_id}")
    form = with_token(office, points="70", reason="Извинение", days="")

    first, second = (post(office, f"/admin/members/{member_id}/grants", form) for _ in "12")
    changed = post(office, f"/admin/members/{member_id}/grants", {**form, "points": "90"})

    office.open(f"/admin/members/{member_id}")
    assert (first.status, second.status, changed.status) == (303, 303, 422)
    expect(office.page.locator("#balance")).to_have_text("70")


def test_a_key_asked_for_twice_by_one_form_is_made_once(office: Office) -> None:
    office.open("/admin/keys")
    form = with_token(office, name="Сайт", till="till-1", scopes="till")

    first, second = (post(office, "/admin/keys", form) for _ in "12")

    assert (first.status, second.status) == (200, 422)
    assert "отзовите" in second.text()


def test_a_second_click_before_the_answer_sends_nothing(office: Office) -> None:
    office.open("/admin/stores")
    page = office.page
    page.get_by_text("Добавить магазин").first.click()
    page.locator("#new-name").fill("Лавка на углу")
    button = page.locator("form[action='/admin/stores'] button")

    stopped = button.evaluate(
        """(one) => {
          const seen = [];
          document.addEventListener("submit", (event) => seen.push(event.defaultPrevented));
          one.click();
          one.click();
          return seen;
        }"""
    )

    expect(page.get_by_role("heading", name="Лавка на углу")).to_be_visible()
    assert stopped == [False, True]


@pytest.mark.parametrize("key", ["", "no key of ours"])
def test_a_form_that_cannot_be_taken_is_answered_by_a_page(office: Office, key: str) -> None:
    member_id = join(office)
    form = {**with_token(office, points="70", reason="Извинение", days=""), "key": key}

    answer = post(office, f"/admin/members/{member_id}/grants", form)

    assert (answer.status, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "Не получилось принять форму" in answer.text()
    assert f'href="/admin/members/{member_id}"' in answer.text()


def test_the_answer_to_a_form_can_be_loaded_again_and_gone_back_to(office: Office) -> None:
    page = office.page
    office.open("/admin/keys")
    page.get_by_label("Название", exact=True).fill("Сайт")
    page.locator("form[action='/admin/keys'] button").click()
    expect(page.locator("#secret")).to_be_visible()

    page.reload()  # would make another key, if the browser sent the form again
    expect(page.locator("form[action$='/revoke']")).to_have_count(1)
    office.open(f"/admin/members/{join(office)}")
    form = page.locator("form[action$=grants]")
    form.evaluate("one => { one.noValidate = true; }")
    form.locator("button").first.click()
    expect(form.locator("[aria-invalid]").first).to_be_visible()
    office.open("/admin")
    page.go_back()

    expect(page).to_have_url(re.compile("/admin/members/mem_[^/]*$"))
    expect(form).to_be_visible()


def test_a_store_of_a_chain_is_found_by_its_name_or_address(office: Office) -> None:
    page = office.page
    office.open("/admin/stores")
    token = office.token()
    for nth in range(21):
        form = {"csrf_token": token, "key": "0" * 32, "name": f"Лавка {nth}"}
        made = post(office, "/admin/stores", {**form, "address": f"Садовая, {100 + nth}"})
        assert made.status == 303

    for path in ("/admin/stores", "/admin/posters"):
        office.open(path)
        expect(page.locator("main section")).to_have_count(20)
        page.get_by_role("link", name="Следующие магазины").click()
        expect(page.locator("main section")).to_have_count(2)
        page.get_by_label("Название или адрес магазина").fill("садовая, 120")
        page.keyboard.press("Enter")
        expect(page.locator("main section")).to_have_count(1)
        expect(page.get_by_role("heading", name="Лавка 20")).to_be_visible()
    page.get_by_label("Название или адрес магазина").fill("нет такой")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Такого магазина нет")).to_be_visible()
    office.open("/admin/stores")
    page.get_by_text("Добавить магазин").first.click()
    page.locator("#new-name").fill("Новая")
    page.locator("form[action='/admin/stores'] button").click()
    expect(page.get_by_role("heading", name="Новая")).to_be_visible()


def test_of_two_tabs_the_second_does_not_undo_the_first(office: Office) -> None:
    first, second = office.page.context.new_page(), office.page.context.new_page()
    for one in (first, second):
        one.goto(f"{office.base_url}/admin/program/edit")
    earn, redeem = (f"[name='/category_rates/pastry/{side}']" for side in ("earn", "redeem"))
    first.locator(earn).fill("8")
    first.get_by_role("button", name="Сохранить черновик").click()
    expect(first.get_by_role("status")).to_contain_text("Черновик сохранён")

    second.locator(redeem).fill("12")
    second.get_by_role("button", name="Сохранить черновик").click()

    expect(second.get_by_role("alert")).to_contain_text("изменил кто-то другой")
    expect(second.get_by_text("Сейчас в черновике: 8")).to_be_visible()
    expect(second.locator(redeem)).to_have_value("12")
    second.locator(earn).fill("8")
    second.get_by_role("button", name="Сохранить черновик").click()
    expect(second.locator("tbody tr")).to_have_count(2)


def test_of_two_tabs_with_the_design_the_second_is_told(office: Office) -> None:
    first, second = office.page.context.new_page(), office.page.context.new_page()
    for one in (first, second):
        one.goto(f"{office.base_url}/admin/design")
    first.get_by_label("Название на карте").fill("Лён")
    first.get_by_role("button", name="Сохранить черновик").click()
    expect(first.get_by_role("status").first).to_contain_text("Черновик дизайна сохранён")

    second.locator("[id='support.phone']").fill("+74951234567")
    second.get_by_role("button", name="Сохранить черновик").click()

    expect(second.get_by_role("alert")).to_contain_text("изменил кто-то другой")
    expect(second.locator("[id='support.phone']")).to_have_value("+74951234567")


def test_after_a_while_keys_and_erasing_ask_for_the_password_again(
    office: Office, base_url: str
) -> None:
    office.open("/admin/keys")
    form = with_token(office, name="Сайт", till="till-1", scopes="till")

    try:
        ask(f"{base_url}/local/clock", body={"advance_seconds": 11 * 60})
        answer = post(office, "/admin/keys", form)
    finally:
        ask(f"{base_url}/local/clock", body={})

    assert answer.status == 303
    assert answer.headers["location"] == "/admin/confirm?next=%2Fadmin%2Fkeys&lost=1"


def test_signing_out_ends_the_session_on_the_server(office: Office) -> None:
    cookies = office.page.context.cookies()
    office.page.get_by_role("button", name="Выйти").first.click()
    expect(office.page.get_by_role("heading", name="Вход в кабинет")).to_be_visible()

    office.page.context.add_cookies(cookies)  # type: ignore[arg-type]
    answer = office.page.request.get(f"{office.base_url}/admin", max_redirects=0)

    assert answer.status == 303
