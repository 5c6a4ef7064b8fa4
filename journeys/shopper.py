"""The shopper: from the sticker in the shop to the card on the screen."""

from typing import Any

from playwright.sync_api import Browser, ViewportSize

from journeys.hand import person_at
from tests.e2e.shop import Shop, new_phone

PHONE: ViewportSize = {"width": 390, "height": 844}
TOUCHES_MAX = 6
BYTES_MAX = 150_000


def sticker_to_card(browser: Browser, shop: Shop) -> dict[str, Any]:
    """Join as somebody new, without a name; the figures."""
    context = browser.new_context(
        viewport=PHONE, locale="ru-RU", has_touch=True, is_mobile=True, device_scale_factor=3
    )
    page, phone = context.new_page(), new_phone()
    person = person_at(page)
    person.go(shop.join_url)
    field = page.get_by_label("Телефон", exact=True)
    person.see(page.get_by_role("button", name="Получить код"))
    person.tap(field)
    person.type(field, phone.removeprefix("+7"))
    person.tap(page.locator("#consent-program"))
    person.tap(page.get_by_role("button", name="Получить код"))
    code = page.get_by_label("Код из SMS", exact=True)
    person.see(code)
    person.paste(code, shop.code_sent(phone))
    skip = page.get_by_role("button", name="Пропустить")
    person.see(skip)
    person.tap(skip)
    person.see(page.locator("[data-balance]"))
    context.close()
    return person.told()


def missed(found: dict[str, Any]) -> list[str]:
    """Return the marks that were missed, in words."""
    wrong = []
    if found["touches"] > TOUCHES_MAX:
        wrong.append(f"sticker to card: more than {TOUCHES_MAX} touches besides typing")
    if found["kilobytes"] * 1000 > BYTES_MAX:
        wrong.append(f"sticker to card: more than {BYTES_MAX // 1000} kB to the first card")
    return wrong
