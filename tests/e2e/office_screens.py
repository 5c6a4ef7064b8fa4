"""Every screen of the office, one after another, for whoever looks.

Three owners: one who goes through the doors and whose shop is a day old and empty, with what
is refused on the way; one whose shop has members and sales; one whose names are as long as
they may be. Fields are found by their ids: the walk is the same in every language.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page, expect

from chalicelib.web.admin.tongue import NAME as LANGUAGE
from tests.e2e.office import PASSWORD, Office, code_of, sign_up
from tests.e2e.shop import new_phone, now_of
from tests.e2e.shopper_screens import LONG_NAME
from tests.e2e.test_admin_guards import join
from tests.e2e.test_admin_looks import DOORS
from tests.e2e.test_admin_looks import PAGES as EMPTY

WRONG_DOCUMENT: Final = '{"earn_percent": 101, "odd": 1}'
FULL: Final = ("", "/operations", "/audit")
LONG: Final = ("", "/posters", "/design", "/stores")
SALE_MINOR: Final = 1_234_567_890  # a tenth of it in points: a balance of seven digits


@dataclass(frozen=True, slots=True)
class OfficeScreens:
    """An owner's browser and a running service."""

    page: Page
    address: str
    language: str

    def screens(self) -> Iterator[str]:
        """Go on to the next screen; its name."""
        for path in DOORS:
            self.page.goto(f"{self.address}{path}?lang={self.language}")
            yield name_of(path)
        yield from self._arriving()
        for path in EMPTY:
            self._open(path)
            yield name_of(path)
        yield from self._going_on()

    def rare(self) -> Iterator[str]:
        """Go on to the next of those that few ever see."""
        yield from self._arriving()
        yield from self._going_on()

    def _going_on(self) -> Iterator[str]:
        yield from self._refused()
        yield from self._keys()
        yield from self.full()
        yield from self._long_names()
        yield from self._leaving()
        yield from self._forgotten()

    def _arriving(self) -> Iterator[str]:
        email = f"{new_phone()[1:]}@example.org"
        self.page.goto(f"{self.address}/admin/sign-up?lang={self.language}")
        yield from self._signing_up(email, "12345678", "sign-up-error")
        yield from self._signing_up(email, PASSWORD, "second-factor")
        secret = (self.page.locator("#totp-secret").text_content() or "").replace(" ", "")
        code = code_of(secret, now_of(self.address).timestamp())
        wrong = "000000" if code != "000000" else "111111"
        self._send("/admin/security/second-factor", code=wrong)
        yield "second-factor-error"
        self._send("/admin/security/second-factor", code=code)
        expect(self.page.locator("#recovery-codes")).to_be_visible()
        yield "recovery-codes"

    def _signing_up(self, email: str, password: str, name: str) -> Iterator[str]:
        self.page.locator("[name=template]").first.check()
        said = {"shop_name": "Пекарня «Лён»", "owner_name": "Анна Петрова", "email": email}
        self._send(f"/admin/sign-up?lang={self.language}", **said, password=password)
        yield name

    def _refused(self) -> Iterator[str]:
        self._open("/admin/staff")
        self._send("/admin/staff", **{"new-name": "Ольга", "new-pin": "1234"})
        yield "staff-error"
        self._open("/admin/program/edit")
        self.page.locator("form.open [inputmode=decimal]").first.fill("сто")
        self._send("/admin/program/edit")
        yield "program-edit-error"
        self._open("/admin/program/document")
        self._send("/admin/program/document", document=WRONG_DOCUMENT)
        yield "program-document-error"

    def _keys(self) -> Iterator[str]:
        self._open("/admin/keys")
        self._send("/admin/keys", name="Сайт")
        expect(self.page.locator("#secret")).to_be_visible()
        yield "keys-made"

    def full(self) -> Iterator[str]:
        """Go on to the next of those of a shop with members and millions."""
        office = self._of_another("")
        phones = [new_phone() for _ in range(3)]
        members = [join(office, phone) for phone in phones]
        for nth, member_id in enumerate(members):
            self._sell(office, member_id, nth, SALE_MINOR if nth == 0 else 100_000 * nth)
        self._open(f"/admin/members?q=%2B{phones[0][1:]}")
        yield "members-found"
        for path in FULL:
            self._open(f"/admin{path}")
            yield f"{name_of(path)}-full"
        self._open(f"/admin/members/{members[0]}")
        yield "member"
        grant = f"/admin/members/{members[0]}/grants"
        self._send(grant, points="100000000", reason="Первый гость")
        yield "member-error"
        self._open(f"/admin/members/{members[0]}/erase")
        yield "member-erase"

    def _long_names(self) -> Iterator[str]:
        self._of_another(LONG_NAME)
        for path in LONG:
            self._open(f"/admin{path}")
            yield f"long-names-{name_of(path)}"

    def _leaving(self) -> Iterator[str]:
        self.page.context.clear_cookies()
        self.page.goto(f"{self.address}/admin/sign-in?lang={self.language}")
        self._send("/admin/sign-in", email="anna@example.org", password="не тот пароль")
        yield "sign-in-error"

    def _forgotten(self) -> Iterator[str]:
        office = self._of_another("")
        self.page.context.clear_cookies()
        self.page.goto(f"{self.address}/admin/forgotten?lang={self.language}")
        self._send("/admin/forgotten", email="anna")
        yield "forgotten-error"
        self._send("/admin/forgotten", email=office.email)
        yield "forgotten-sent"
        link = office.link_sent()
        self.page.goto(link)
        yield "new-password"
        self._send(self.page.url.partition("?")[0].removeprefix(self.address), password="short")
        yield "new-password-error"
        self.page.goto(f"{link.partition('?')[0]}x?lang={self.language}")
        yield "password-link-over"

    def _of_another(self, name: str) -> Office:
        """Sign another owner up, in Russian; this page is theirs from now on."""
        browser = self.page.context.browser
        assert browser is not None, "the page has one"
        russian = browser.new_context(locale="ru-RU")
        office = sign_up(russian.new_page(), self.address, name=name)
        self.page.context.clear_cookies()
        signed_in = [one for one in russian.cookies() if one.get("name") != LANGUAGE]
        self.page.context.add_cookies(signed_in)  # type: ignore[arg-type]
        return office

    def _sell(self, office: Office, member_id: str, nth: int, amount_minor: int) -> None:
        body = {
            "member_id": member_id,
            "receipt_id": f"00120-0000471{nth}",
            "channel": "offline",
            "lines": [
                {"quantity": "1", "unit_price_minor": amount_minor, "category": "pastry"}
            ],
        }
        made = office.page.request.post(
            f"{self.address}/v1/purchases",
            data=body,
            headers={
                "X-CSRF-Token": office.token(),
                "Origin": self.address,
                "Sec-Fetch-Site": "same-origin",
                "Idempotency-Key": f"sale-of-{member_id}",
            },
        )
        assert made.ok, made.text()

    def _open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def _send(self, action: str, **fields: str) -> None:
        """Fill fields of a form by their ids, and send it as it is: the service judges."""
        form = self.page.locator(f"form[action='{action}']").first
        for name, text in fields.items():
            form.locator(f"[id='{name}']").fill(text)
        with self.page.expect_navigation():
            form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")


def name_of(path: str) -> str:
    """Return a file's name for an address.

    >>> name_of("/admin/members?q=nobody")
    'members-q-nobody'
    """
    plain = path.removeprefix("/admin").strip("/") or "overview"
    return plain.replace("/", "-").replace("?", "-").replace("=", "-")
