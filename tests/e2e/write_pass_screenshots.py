"""Writes docs/screenshots/passes-*.png: `python -m tests.e2e.write_pass_screenshots`.

The cards of every template's merchant, drawn by a running service and seen in Chromium.
"""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from local.find_browser import find_browser
from local.testing import running_service
from tests.e2e.conftest import LIMITS
from tests.e2e.pass_previews import NAMES, WALLETS, designer, page_of

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
COLUMNS, WIDTH, COLOURS = 5, 250, 256
MERCHANTS = {
    "sport_nutrition": "Спортпит Форма",
    "bakery": "Пекарня «Колос»",
    "fashion_levels": "Silk & Linen",
    "points_per_step": "Магазин «Крок»",
    "turnover_discount": "Лавка на углу",
    "lifetime_discount": "Дім і сад",
    "phone_shop": "Связь у дома",
    "fixed_discount": "Всё по пути",
    "cafe_stamps": "Кофейня «Шестая»",
}


def main() -> None:
    """Draw one sheet for each wallet."""
    path = find_browser()
    assert path is not None, "this needs Chromium: make browser"
    with running_service(LIMITS) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(device_scale_factor=1)
        designers = {name: designer(address, name, MERCHANTS[name]) for name in NAMES}
        for wallet in WALLETS:
            cards = [
                one.card(wallet, language="en" if name == "fashion_levels" else "ru")
                for name, one in designers.items()
            ]
            page.set_content(page_of(cards, columns=COLUMNS, width=WIDTH))
            shot = page.locator("body").screenshot()
            image = Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS, kmeans=2)
            image.save(FOLDER / f"passes-{wallet}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
