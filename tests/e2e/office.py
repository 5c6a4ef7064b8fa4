"""An owner at the office, in a browser: signs up as anybody would, with nothing seeded."""

import base64
import hashlib
import hmac
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from playwright.sync_api import Page, expect

from tests.e2e.shop import ask, letter_to, now_of

PASSWORD = "синий трамвай у реки"
DESK = {"width": 1366, "height": 900}
PERIOD_SECONDS = 30
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Office:
    """An owner who is signed in, and what they keep."""

    page: Page
    base_url: str
    name: str
    email: str
    secret: str  # of the code app
    recovery_codes: tuple[str, ...]

    def open(self, path: str) -> None:
        """Open a page of the office."""
        answer = self.page.goto(f"{self.base_url}{path}")
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def token(self) -> str:
        """Return what forms of this session carry."""
        found = self.page.locator('meta[name="csrf"]').get_attribute("content")
        assert found
        return found

    def link_sent(self) -> str:
        """Return the link of the letter about the password, once it has arrived."""
        found = re.search(r"http\S+", letter_to(self.email, self.base_url))
        assert found
        return found[0]

    @property
    def merchant_id(self) -> str:
        """Return the merchant, as its poster's link says it."""
        self.open("/admin/posters")
        link = self.page.locator("code.secret").first.text_content() or ""
        return re.split(r"/j/|\?", link)[1]


def sign_up(
    page: Page,
    base_url: str,
    *,
    name: str = "",
    template: str = "Кешбэк по категориям",
) -> Office:
    """Open a shop in the browser: form, second factor, recovery codes."""
    name = name or f"Пекарня «Лён {next(_NUMBERS)}»"
    email = f"owner-{next(_NUMBERS)}@example.org"
    page.goto(f"{base_url}/admin/sign-up?lang=ru")
    page.get_by_label("Название магазина").fill(name)
    page.get_by_role("radio", name=template).check()
    page.get_by_label("Ваше имя").fill("Анна Петрова")
    page.get_by_label("Электронная почта").fill(email)
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Создать программу").click()
    expect(page.get_by_role("heading", name="Защитите вход")).to_be_visible()
    secret = (page.locator("#totp-secret").text_content() or "").replace(" ", "")
    page.get_by_label("Введите 6 цифр").fill(code_of(secret, now_of(base_url).timestamp()))
    page.get_by_role("button", name="Включить защиту").click()
    codes = page.locator("#recovery-codes li").all_text_contents()
    page.get_by_role("link", name="Коды сохранены").click()
    expect(page.get_by_role("heading", name="Обзор")).to_be_visible()
    return Office(page, base_url, name, email, secret, tuple(one.strip() for one in codes))


@contextmanager
def later(base_url: str, seconds: int) -> Iterator[None]:
    """Let the service's clock be ahead."""
    ask(f"{base_url}/local/clock", body={"advance_seconds": seconds})
    try:
        yield
    finally:
        ask(f"{base_url}/local/clock", body={})


def code_of(secret: str, at: float) -> str:
    """Return what a code app shows for a secret (RFC 6238, six digits, 30 seconds)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = int(at // PERIOD_SECONDS)
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
