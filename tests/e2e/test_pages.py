"""The pages over HTTP: policy, languages, what is kept, what is not found."""

import pytest

from chalicelib.web.assets import asset_path
from tests.e2e.shop import Shop

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9)"
LINUX = "Mozilla/5.0 (X11; Linux x86_64)"


@pytest.fixture(scope="module")
def card(base_url: str) -> tuple[Shop, str, str]:
    """A shop, the path of a card of it, and its member."""
    from tests.e2e.shop import open_shop

    shop = open_shop(base_url)
    joined = shop.join()
    return shop, joined["card_url"].removeprefix(base_url), joined["member_id"]


def test_every_page_has_the_strict_policy(card: tuple[Shop, str, str]) -> None:
    shop, path, _ = card
    found = ["/", f"/j/{shop.merchant}", f"/r/{shop.merchant}", path, f"{path}/live"]
    missing = ["/c/unknown", "/j/unknown", "/r/unknown"]

    answers = [shop.get(one) for one in (*found, *missing)]

    assert [answer.status for answer in answers] == [200] * len(found) + [404] * len(missing)
    for answer in answers:
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_a_wrong_secret_shows_no_card(card: tuple[Shop, str, str]) -> None:
    shop, path, _ = card
    wrong = path[:-1] + ("A" if path[-1] != "A" else "B")

    answer = shop.get(wrong, Accept_Language="ru")

    assert answer.status == 404
    assert "Такой карты нет" in answer.text


def test_a_page_speaks_the_language_asked_for_then_the_readers(
    card: tuple[Shop, str, str],
) -> None:
    shop, path, _ = card
    join = f"/j/{shop.merchant}"

    answers = [
        shop.get(f"{join}?lang=en", Accept_Language="ru"),
        shop.get(join, Accept_Language="en-GB,ru;q=0.5"),
        shop.get(join),  # the merchant's
        shop.get(path, Accept_Language="en"),  # the member's own
        shop.get(f"{path}?lang=en&utm_source=sms&utm_source=mail"),
    ]

    spoken = [answer.text.split('<html lang="')[1][:2] for answer in answers]
    assert spoken == ["en", "en", "ru", "ru", "en"]


def test_files_are_kept_for_ever_under_their_hashed_names(card: tuple[Shop, str, str]) -> None:
    shop, path, _ = card
    html = shop.get(path).text
    names = [part.split('"')[0] for part in html.split('"/')[1:]]
    files = [f"/{name}" for name in names if name.startswith(("static/", "theme/"))]

    answers = [shop.get(file) for file in files]

    kinds = [answer.headers["content-type"].split(";")[0] for answer in answers]
    assert kinds[:5] == ["text/css"] * 3 + ["image/svg+xml", "text/css"]
    assert set(kinds[5:]) == {"text/javascript", "image/svg+xml"}
    assert {answer.status for answer in answers} == {200}
    assert {answer.headers["cache-control"] for answer in answers} == {
        "public, max-age=31536000, immutable"
    }


def test_a_script_started_as_a_worker_may_reach_nobody_else(
    card: tuple[Shop, str, str],
) -> None:
    answer = card[0].get(asset_path("till/scan_worker.js"))

    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/static/site.css", "/static/pages.py", "/theme/x.css"])
def test_nothing_else_is_served(card: tuple[Shop, str, str], path: str) -> None:
    answer = card[0].get(path)

    assert answer.status == 404
    assert answer.json["code"] == "not_found"


def test_a_phone_of_apple_is_offered_its_pass_and_can_fetch_it(
    card: tuple[Shop, str, str],
) -> None:
    shop, path, _ = card

    html = shop.get(path, User_Agent=IPHONE).text

    address = html.split('class="button wallet" href="')[1].split('"')[0]
    found = shop.get(address.removeprefix(shop.base_url).replace("&amp;", "&"))
    assert found.headers["content-type"] == "application/vnd.apple.pkpass"
    assert found.body.startswith(b"PK")


def test_a_phone_of_android_is_offered_googles_wallet_by_an_address_of_ours(
    card: tuple[Shop, str, str],
) -> None:
    shop, path, _ = card

    html = shop.get(path, User_Agent=ANDROID).text

    address = html.split('class="button wallet" href="')[1].split('"')[0]
    assert address.startswith(f"{shop.base_url}/wallet/google/")


def test_without_a_wallet_of_its_own_a_machine_is_told_to_keep_the_page(
    card: tuple[Shop, str, str],
) -> None:
    shop, path, _ = card

    html = shop.get(path, User_Agent=LINUX).text

    assert 'class="button wallet"' not in html
    assert "Сохраните эту страницу" in html


def test_the_live_part_is_sent_again_only_after_a_change(card: tuple[Shop, str, str]) -> None:
    shop, path, member_id = card
    tag = shop.get(f"{path}/live").headers["etag"]
    before = shop.get(f"{path}/live", If_None_Match=tag)

    shop.sell(member_id, 100_000)

    after = shop.get(f"{path}/live", If_None_Match=tag)
    assert (before.status, before.body) == (304, b"")
    assert after.status == 200
    assert 'data-points="50"' in after.text
    assert after.headers["etag"] != tag


def test_the_index_names_the_service_and_leads_to_a_join_page(
    card: tuple[Shop, str, str],
) -> None:
    shop, _, _ = card

    html = shop.get("/").text

    assert 'href="/j/' in html
    assert 'href="/local/phone"' in html


def test_browsers_find_an_icon_where_they_look(card: tuple[Shop, str, str]) -> None:
    answer = card[0].get("/favicon.ico")

    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.body.startswith(b"<svg")


@pytest.mark.parametrize(
    ("kind", "content_type", "beginning"),
    [("pdf", "application/pdf", b"%PDF-1."), ("svg", "image/svg+xml", b"<svg ")],
)
def test_a_poster_of_the_shop_can_be_printed(
    card: tuple[Shop, str, str], kind: str, content_type: str, beginning: bytes
) -> None:
    shop, _, _ = card

    answer = shop.get(f"/p/{shop.merchant}/shop-a4.{kind}")

    assert answer.headers["content-type"] == content_type
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.body.startswith(beginning)


@pytest.mark.parametrize(
    "name", ["shop-a5.pdf", "shop-a4.png", "nowhere-a4.pdf", "shop", "-a4.pdf"]
)
def test_no_other_poster_is_drawn(card: tuple[Shop, str, str], name: str) -> None:
    shop, _, _ = card

    answer = shop.get(f"/p/{shop.merchant}/{name}")

    assert (answer.status, answer.json["code"]) == (404, "not_found")


def test_nobody_has_posters_of_no_merchant(card: tuple[Shop, str, str]) -> None:
    assert card[0].get("/p/unknown/shop-a4.pdf").status == 404
