"""The office's addresses: each has its function, and none can be asked for by mistake."""

import inspect
import re

import pytest

from chalicelib.web.admin.drawing import NAVIGATION, TABS
from chalicelib.web.admin.frame import own_path
from chalicelib.web.admin.pages import ROUTES, Route, function_of, page_of


@pytest.mark.parametrize("route", ROUTES, ids=lambda one: f"{one.method} {one.path}")
def test_every_address_leads_to_a_function_that_takes_its_parts(route: Route) -> None:
    parts = re.findall(r"\{(\w+)\}", route.path)

    function = function_of(route)

    taken = [
        name
        for name, one in inspect.signature(function).parameters.items()
        if one.kind is one.POSITIONAL_OR_KEYWORD and one.default is one.empty
    ]
    assert taken == ["visit", *parts]


def test_only_signing_up_and_in_is_open_to_everybody() -> None:
    opened = {route.path for route in ROUTES if route.is_open}

    assert opened == {
        "/admin/sign-up",
        "/admin/sign-in",
        "/admin/sign-in/code",
        "/admin/forgotten",
        "/admin/new-password/{link}",
    }


def test_what_cannot_be_taken_back_asks_for_the_password_again() -> None:
    fresh = {(route.method, route.path) for route in ROUTES if route.is_fresh}

    assert {
        ("POST", "/admin/keys"),
        ("POST", "/admin/members/{member_id}/erase"),
        ("POST", "/admin/members/{member_id}/grants"),
        ("POST", "/admin/members/{member_id}/phone/{change_id}/merge"),
        ("POST", "/admin/security/recovery-codes"),
        ("GET", "/admin/security/second-factor"),
        ("POST", "/admin/security/second-factor"),
        ("POST", "/admin/staff"),
        ("POST", "/admin/staff/{staff_id}"),
        ("POST", "/admin/staff/{staff_id}/pin"),
    } <= fresh


@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("/admin/members/mem_1/grants", "/admin/members/mem_1"),
        ("/admin/members/mem_1/erase", "/admin/members/mem_1/erase"),
        ("/admin/members/mem_1/phone/pch_1/merge", "/admin/members/mem_1"),
        ("/admin/keys/k1/revoke", "/admin/keys"),
        ("/admin/staff/stf_1", "/admin/staff"),
        ("/admin/security/recovery-codes", "/admin/security"),
        ("/elsewhere", "/admin"),
    ],
)
def test_who_has_proven_it_is_them_comes_back_to_where_the_form_stands(
    form: str, page: str
) -> None:
    assert page_of(form) == page


def test_the_navigation_leads_to_pages_there_are() -> None:
    links = [link for _, group in NAVIGATION for link in group]
    pages = {route.path for route in ROUTES if route.method == "GET"}

    assert {link.path for link in links} <= pages
    assert set(TABS) <= {link.name for link in links}


@pytest.mark.parametrize(
    "path",
    ["https://evil.example", "//evil.example", "/administrator", "/admin\\@evil", "/c/x", ""],
)
def test_nobody_is_led_out_of_the_office(path: str) -> None:
    assert own_path(path) == "/admin"


def test_a_page_of_the_office_is_gone_back_to() -> None:
    assert own_path("/admin/members/mem_1/erase") == "/admin/members/mem_1/erase"
