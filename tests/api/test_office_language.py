"""The office's language, chosen at its door, stays."""

from tests.api.caller import Caller

RUSSIAN = {"Accept-Language": "ru"}
SAME = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}


def cookie_of(anybody: Caller, lang: str) -> str:
    answer = anybody.call("GET", f"/admin/sign-in?lang={lang}", headers=RUSSIAN)
    kept = answer.headers.get("Set-Cookie") or ""
    return str(kept[0] if isinstance(kept, list) else kept)


def test_a_language_asked_for_at_the_door_sticks_through_its_form_and_after(
    anybody: Caller,
) -> None:
    kept = cookie_of(anybody, "en").partition(";")[0]
    headers = {**RUSSIAN, "Cookie": kept}

    posted = anybody.call(
        "POST", "/admin/sign-in", raw=b"email=&password=", headers={**headers, **SAME}
    )
    later = anybody.call("GET", "/admin/sign-up", headers=headers)

    assert (posted.status, b'lang="en"' in posted.body) == (422, True)
    assert b'<html lang="en">' in later.body


def test_without_one_the_browsers_own_is_spoken(anybody: Caller) -> None:
    answer = anybody.call("GET", "/admin/sign-in", headers=RUSSIAN)

    assert b'<html lang="ru">' in answer.body
    assert "Set-Cookie" not in answer.headers


def test_a_language_nobody_speaks_is_not_kept(anybody: Caller) -> None:
    assert cookie_of(anybody, "xx") == ""


def test_its_cookie_is_the_offices_alone_and_out_of_scripts_reach(anybody: Caller) -> None:
    said = cookie_of(anybody, "en")

    assert "Path=/admin;" in said
    assert "HttpOnly" in said
