"""Every screen of a shopper, one after another, for whoever looks.

Each part begins anew at a merchant of its own. Fields are found by their ids: the walk is
the same in every language.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

from tests.e2e.joining import ABROAD, Joining
from tests.e2e.shop import Shop, new_phone, open_shop
from tests.e2e.test_looks import give
from tests.e2e.test_offline_card import opened
from tests.e2e.test_own_pages import OWN
from tests.e2e.test_phone_link import link_sent
from tests.e2e.test_referral import REFERRAL

POINTS: Final = 1_234_567
LONG_NAME: Final = "Кофейня и домашняя пекарня «У старой мельницы» на Набережной"
LONG_MEMBER: Final = "Александра-Виктория Преображенская-Конде"
CODE_SECONDS: Final = 601  # a code is older than it may be
PAUSE_SECONDS: Final = 120  # between two codes to a phone
DRAW_DAYS: Final = 3
# The service's clock is moved, the browser's is not: what it keeps says when it may ask again.
PAUSE_OVER: Final = """Object.keys(sessionStorage).forEach((name) => sessionStorage.setItem(
  name, JSON.stringify({ ...JSON.parse(sessionStorage[name]), resend_at: 0 })))"""


@dataclass(frozen=True, slots=True)
class ShopperScreens:
    """A shopper's browser and a running service."""

    page: Page
    address: str
    language: str

    def screens(self) -> Iterator[str]:
        """Go on to the next screen; its name."""
        yield from self._card()
        yield from self.rare()
        yield from self._joining()  # at last: it moves the clock by half a year

    def rare(self) -> Iterator[str]:
        """Go on to the next of those that few ever see."""
        yield from self._refused_codes()
        yield from self._other_ways()
        yield from self._invited()
        yield from self._long_names()
        yield from self._one_tap()
        yield from self._draw()
        yield from self._own_deeds()
        yield from self._offline()

    def _joining(self) -> Iterator[str]:
        joining = Joining(self.page, open_shop(self.address), self.language)
        yield from (f"join-{step}" for step in joining.steps())
        yield from (f"join-{step}" for step in joining.come_back())

    def _refused_codes(self) -> Iterator[str]:
        shop = open_shop(self.address)
        code = shop.code_sent(self._ask(shop))
        error = self.page.locator("#code-error")
        self._fill_code("000000" if code != "000000" else "111111")
        expect(error).not_to_be_empty()
        yield "join-code-wrong"
        self.page.evaluate(PAUSE_OVER)
        self.page.reload()
        _advance(shop, CODE_SECONDS)
        self._fill_code(code)
        expect(error).not_to_be_empty()
        yield "join-code-late"

    def _other_ways(self) -> Iterator[str]:
        shop, letter = open_shop(self.address), f"anna{new_phone()[-4:]}@example.com"
        self._ask(shop, ABROAD)
        self.page.locator("#email").fill("anna")
        self.page.locator("[data-by-email]").click()
        expect(self.page.locator("#email-error")).not_to_be_empty()
        yield "join-other-ways-error"
        self.page.locator("#email").fill(letter)
        self.page.locator("[data-by-email]").click()
        expect(self.page.locator("#code")).to_be_focused()
        yield "join-code-by-e-mail"
        self._clear()
        self._ask(shop, ABROAD)
        self.page.locator("[data-card-only]").click()
        self.page.locator("[data-skip]").click()
        self.page.wait_for_url("**/c/**")
        yield "card-without-number"

    def _invited(self) -> Iterator[str]:
        shop = open_shop(self.address, referral=REFERRAL)
        self._open(shop.join()["card_url"])
        link = self.page.locator(f"a[href*='/j/{shop.merchant}?r=']").get_attribute("href")
        yield "card-with-invitation"
        self.page.goto(f"{link}&lang={self.language}")
        yield "join-invited"

    def _card(self) -> Iterator[str]:
        shop = open_shop(self.address, gift_card={})
        joined = shop.join()
        self._open(joined["card_url"])
        yield "card-new"
        give(shop, joined["member_id"], "a", points=POINTS, expires_in_days=40)
        give(shop, joined["member_id"], "b", points=44, activates_in_days=14)
        shop.sell(joined["member_id"], 1_600_000)
        shop.sell(joined["member_id"], 99_990)
        self._open(joined["card_url"])
        yield "card"
        for name in (*OWN, "operations/2"):
            self._open(f"{joined['card_url']}/{name}")
            yield name.replace("/", "-")
        self._open(f"{self.address}/r/{shop.merchant}")
        yield "rules"
        self._open(f"{self.address}/c/none")
        yield "no-such-card"

    def _long_names(self) -> Iterator[str]:
        shop = open_shop(self.address, title=LONG_NAME)
        self._open(shop.join_url)
        yield "join-long-name"
        joined = shop.join()
        named = self.page.request.patch(
            f"{self.address}/v1/me",
            data={"name": LONG_MEMBER},
            headers={"Authorization": f"Bearer {joined['member_token']}"},
        )
        assert named.ok, named.text()
        give(shop, joined["member_id"], "a", points=POINTS, expires_in_days=40)
        shop.sell(joined["member_id"], 123_456_789)
        for name in ("", "/settings", "/my-data", "/history"):
            self._open(f"{joined['card_url']}{name}")
            yield f"long-names{name}".replace("/", "-")

    def _one_tap(self) -> Iterator[str]:
        shop, phone = open_shop(self.address), new_phone()
        body = {"phone": phone, "language": self.language}
        made = shop.post("/v1/members", body, key=shop.till_key, idempotency_key=phone)
        assert made.status == 201, made.text
        link = link_sent(shop, phone)
        self._open(link)
        confirmed = self.page.locator("[data-step=confirmed]")
        expect(confirmed).to_be_visible()
        yield "link"
        confirmed.locator("[type=submit]").click()
        expect(confirmed.locator(".error").first).not_to_be_empty()
        yield "link-consent-missing"
        self._open(f"{link[:-16]}{'0' * 16}")
        yield "link-gone"

    def _draw(self) -> Iterator[str]:
        shop = open_shop(self.address)
        member_id = str(shop.join()["member_id"])
        opens = shop.now().date() + timedelta(days=1)
        body = {
            "title": "Новогодний розыгрыш",
            "opens": opens.isoformat(),
            "closes": opens.isoformat(),
            "prizes": [
                {"name": "Велосипед", "count": 1},
                {"name": "Баллы на карту", "count": 9, "points": 500},
            ],
            "entries": {"per": "amount", "amount_minor": 10_000},
        }
        made = _of_office(shop, "/v1/draws", body)
        self._open(made["page_url"])
        yield "draw"
        _advance(shop, 86_400)
        shop.sell(member_id, 700_000)
        _advance(shop, DRAW_DAYS * 86_400)
        _of_office(shop, f"/v1/draws/{made['id']}/close", {})
        self._open(made["page_url"])
        yield "draw-closed"
        said = {"public_text": "IMOEX 2789.14"}
        _of_office(shop, f"/v1/draws/{made['id']}/draw", said)
        self._open(made["page_url"])
        yield "draw-drawn"

    def _own_deeds(self) -> Iterator[str]:
        shop = open_shop(self.address)
        phone = self._ask(shop)
        self._fill_code(shop.code_sent(phone))
        self.page.locator("[data-skip]").click()
        self.page.wait_for_url("**/c/**")
        card = self.page.url.partition("?")[0]
        _advance(shop, PAUSE_SECONDS)
        yield from self._claim(card)
        yield from self._number(card)
        yield from self._erasure(shop, card, phone)

    def _claim(self, card: str) -> Iterator[str]:
        self._open(f"{card}/receipts")
        self.page.locator("#receipt-number").fill("00120-00004711")
        self.page.locator("#receipt-total").fill("875,50")
        self.page.locator("main [type=submit]").click()
        expect(self.page.locator("#receipt-error")).not_to_be_empty()
        yield "receipts-error"

    def _number(self, card: str) -> Iterator[str]:
        self._open(f"{card}/phone")
        self._step("new").locator("[type=submit]").click()
        expect(self.page.locator("#phone-error")).not_to_be_empty()
        yield "phone-error"
        self.page.locator("#phone").fill(new_phone())
        self._step("new").locator("[type=submit]").click()
        expect(self.page.locator("#new-code")).to_be_visible()
        yield "phone-codes"

    def _erasure(self, shop: Shop, card: str, phone: str) -> Iterator[str]:
        _advance(shop, PAUSE_SECONDS)
        self._open(f"{card}/my-data")
        self.page.locator("#erase ~ details summary").click()
        self.page.locator("[data-erase=send] [type=submit]").click()
        expect(self.page.locator("#erase-code")).to_be_visible()
        yield "erase-code"
        code = shop.code_sent(phone, after=2)
        for typed in ("000000" if code != "000000" else "111111", code):
            self.page.locator("#erase-code").fill(typed)
            self.page.locator("[data-erase=code] [type=submit]").click()
            if typed != code:
                expect(self.page.locator("#erase-error")).not_to_be_empty()
                yield "erase-code-wrong"
        expect(self.page.locator("[data-erased]")).to_be_visible()
        yield "erased"
        self._open(card)
        yield "erased-card"

    def _offline(self) -> Iterator[str]:
        shop = open_shop(self.address, confirm_above=0)
        joined = shop.join()
        give(shop, joined["member_id"], "a", points=1_240)
        opened(self.page, f"{joined['card_url']}?lang={self.language}")
        self.page.context.set_offline(True)
        self.page.reload()
        expect(self.page.locator("[data-status]")).not_to_be_empty()
        expect(self.page.locator("[data-digits]")).to_be_visible()
        yield "card-offline"
        self.page.context.set_offline(False)

    def _open(self, url: str) -> None:
        self.page.goto(f"{url}?lang={self.language}")

    def _step(self, name: str) -> Locator:
        return self.page.locator(f"[data-step={name}]")

    def _clear(self) -> None:
        """Forget what is under way."""
        self.page.evaluate("sessionStorage.clear()")

    def _ask(self, shop: Shop, phone: str = "") -> str:
        """Ask for a code; the phone."""
        phone = phone or new_phone()
        self._open(shop.join_url)
        self.page.locator("#phone").fill(phone)
        self.page.locator("#consent-program").check()
        self._step("phone").locator("[type=submit]").click()
        where = "[data-ways]" if phone == ABROAD else "#code"
        expect(self.page.locator(where)).to_be_visible()
        return phone

    def _fill_code(self, code: str) -> None:
        self.page.locator("#code").fill(code)


def _advance(shop: Shop, seconds: int) -> None:
    shop.post("/local/clock", {"advance_seconds": seconds})


def _of_office(shop: Shop, path: str, body: Any) -> Any:
    key, once = shop.integration_key, f"of-office-{path}"
    made = shop.post(path, body, key=key, idempotency_key=once)
    assert made.status in {200, 201}, made.text
    return made.json
