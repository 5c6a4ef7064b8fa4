"""A card in Google Wallet, from the tap on the button to the next purchase."""

from tests.journeys.calling import Answer, Service, eventually
from tests.journeys.shop import Joined, Shop


def _object_id(shop: Shop, joined: Joined) -> str:
    return f"3388000000012345678.{shop.merchant}.{joined.member_id}"


def _tap(service: Service, joined: Joined) -> Answer:
    """Tap the button on the card page."""
    return service.call("GET", str(joined.answer["google_save_url"]))


def _asked(service: Service, object_id: str) -> list[str]:
    """Return what Google was asked about an object, oldest first."""
    return [item["text"] for item in service.outbox("google", object_id)][::-1]


def test_a_tap_makes_the_object_and_leads_to_google(shop: Shop, service: Service) -> None:
    joined = shop.join()

    answer = _tap(service, joined)

    page = service.call("GET", answer.headers["Location"])
    assert answer.status == 302
    assert page.status == 200, page.body
    assert b"saved" in page.body
    assert _object_id(shop, joined).encode() in page.body


def test_a_sign_up_asks_google_nothing(shop: Shop, service: Service) -> None:
    joined = shop.join()

    service.run_jobs()

    assert str(joined.answer["google_save_url"]).startswith(
        f"{service.base_url}/wallet/google/"
    )
    assert _asked(service, _object_id(shop, joined)) == []


def test_a_purchase_reaches_the_object(shop: Shop, service: Service) -> None:
    joined = shop.join()
    _tap(service, joined)

    shop.buy(joined.member_id, 100_00)

    object_id = _object_id(shop, joined)
    assert eventually(lambda: "PATCH 200 10" in _asked(service, object_id), "the points")


def test_a_second_tap_makes_no_second_object(shop: Shop, service: Service) -> None:
    joined = shop.join()
    object_id = _object_id(shop, joined)
    _tap(service, joined)
    service.run_jobs()
    asked = _asked(service, object_id)

    answer = _tap(service, joined)

    assert answer.status == 302
    assert _asked(service, object_id) == asked


def test_a_forged_address_opens_no_card(shop: Shop, service: Service) -> None:
    joined = shop.join()

    answer = service.call("GET", str(joined.answer["google_save_url"])[:-4] + "AAAA")

    assert answer.status == 404


def test_the_default_logo_can_be_fetched_by_anybody(service: Service) -> None:
    answer = service.call("GET", "/wallet/google/logo/7a3b12-ffffff.png")

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.body.startswith(b"\x89PNG")
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_logo_in_no_colours_is_not_there(service: Service) -> None:
    answer = service.call("GET", "/wallet/google/logo/brown-white.png")

    assert answer.status == 404
