"""What a screen reader is told: trees of accessibility of the faces, and where they are kept.

Times, dates, ids, phones and codes differ from run to run; they are replaced by what they are.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, expect

from tests.e2e.joining import Joining
from tests.e2e.office import DESK as OFFICE_DESK
from tests.e2e.office import sign_up
from tests.e2e.shop import open_shop
from tests.e2e.test_admin_guards import join
from tests.e2e.till import DESK, bind, by_code, set_up, sign_in

FOLDER: Final = Path(__file__).parent / "snapshots"
PHONE: Final = {"width": 390, "height": 844}
MONTHS: Final = (
    r"(?:янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек)[а-яё]*\.?(?:\s\d{4}\sг\.)?"
)
CHANGING: Final = (
    (r"/(c|r|j|k)/[\w.-]+", r"/\1/<id>"),
    (r"\b(mem|mer|ent|till|store)_\w+", r"\1_<id>"),
    (r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}(-[0-9A-Z]+)?", "<code>"),
    (r"\b\d{5}-\d{8}\b", "<receipt>"),
    (rf"\d{{1,2}}\s{MONTHS}", "<day>"),
    (r"\b(Сегодня|Вчера),", "<day>,"),
    (r"\b\d{2}:\d{2}\b", "<time>"),
    (r"\+7[\s\d\u2011-]{9,}\d", "<phone>"),
    (r"((?:\+•|•\u2011)•*|…)\d\d", r"\1<end>"),
    (r"\b\d+ секунд\w*", "<seconds>"),
    (r"\b\d+ (с|сек\.)", r"<seconds> \1"),
)

Face = Callable[[Page, str], Iterator[str]]


def tree_of(page: Page) -> str:
    """Return the page's tree, as it is in every run."""
    tree = page.locator("body").aria_snapshot()
    for found, written in CHANGING:
        tree = re.sub(found, written, tree)
    return f"{tree}\n"


def trees_of(browser: Browser, address: str, face: str) -> dict[str, str]:
    """Walk through a face of a running service; its trees by their names."""
    size = PHONE if face == "shopper" else DESK if face == "till" else OFFICE_DESK
    options = {"viewport": size, "locale": "ru-RU", "reduced_motion": "reduce"}
    context = browser.new_context(**options)  # type: ignore[arg-type]
    page = context.new_page()
    try:
        return {name: tree_of(page) for name in FACES[face](page, address)}
    finally:
        context.close()


def kept(face: str) -> dict[str, str]:
    """Return the trees that were written, by their names."""
    files = FOLDER.glob(f"{face}.*.aria.yml")
    return {path.name.split(".")[1]: path.read_text(encoding="utf-8") for path in files}


def keep(face: str, trees: dict[str, str]) -> None:
    """Write the trees of a face in place of those that were."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob(f"{face}.*.aria.yml"):
        old.unlink()
    for name, tree in trees.items():
        (FOLDER / f"{face}.{name}.aria.yml").write_text(tree, encoding="utf-8")


def _shopper(page: Page, address: str) -> Iterator[str]:
    shop = open_shop(address)
    joining = Joining(page, shop, "ru")
    yield from (f"join-{step}" for step in joining.steps())
    yield from (f"join-{step}" for step in joining.come_back())
    joined = shop.join()
    shop.sell(joined["member_id"], 840_000)
    page.goto(joined["card_url"])
    expect(page.locator(".qr")).to_be_visible()
    yield "card"
    page.goto(f"{joined['card_url']}/settings")
    expect(page.locator("main [type=submit]").first).to_be_enabled()
    yield "settings"


def _till(page: Page, address: str) -> Iterator[str]:
    shop = open_shop(address)
    till = set_up(shop)
    member_id = str(shop.join()["member_id"])
    shop.sell(member_id, 840_000)
    bind(page, till)
    sign_in(page)
    yield "home"
    by_code(page, till.pass_code(member_id))
    page.locator("#amount").fill("1000")
    go = page.locator(".go")
    expect(go).to_contain_text("1\u00a0000")
    yield "sale"
    go.click()
    expect(page.locator("[data-next]")).to_be_focused()
    expect(page.locator("main")).to_contain_text("470")
    yield "result"


def _office(page: Page, address: str) -> Iterator[str]:
    office = sign_up(page, address, name="Пекарня «Лён»")
    yield "overview"
    office.open(f"/admin/members/{join(office)}")
    yield "member"


FACES: Final[dict[str, Face]] = {"shopper": _shopper, "till": _till, "office": _office}
