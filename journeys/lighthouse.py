"""`python -m journeys.lighthouse`: what Lighthouse says of join page, card and till.

Lighthouse is a program of Node's: npm fetches the pinned version on the first run, into
`.cache/`. Scores are of 100; what a page weighs is exact, seconds are Lighthouse's own model
of a slow phone and depend on the machine.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from local.find_browser import find_browser
from local.testing import running_service
from tests.e2e.shop import Shop, open_shop

VERSION: Final = "12.8.2"
FOLDER: Final = Path(".cache") / f"lighthouse-{VERSION}"
CATEGORIES: Final = ("performance", "accessibility")
PERFORMANCE_MIN: Final = 95
ACCESSIBILITY_MIN: Final = 100
SCRIPT_BYTES_MAX: Final = 60_000
RUN_SECONDS_MAX: Final = 300


def main() -> int:
    """Measure and print; 1 if a mark is missed."""
    browser, npm = find_browser(), shutil.which("npm")
    if browser is None or npm is None:
        print("kopilka: this needs Chromium (make browser) and Node's npm", file=sys.stderr)
        return 1
    _install(npm)
    with running_service() as base_url:
        found = {name: judge(url, browser) for name, url in pages(open_shop(base_url)).items()}
    missed = [one for name, page in found.items() for one in missed_by(name, page)]
    print(json.dumps({**found, "missed": missed}, indent=2))
    return 1 if missed else 0


def pages(shop: Shop) -> dict[str, str]:
    """Return what is judged."""
    card = shop.join()["card_url"]
    till = f"{shop.base_url}/till"  # not bound: as on the day it is set up
    return {"join": shop.join_url, "card": card, "till": till}


def judge(url: str, browser: str) -> dict[str, Any]:
    """Return the scores, the weight of scripts as sent, and the largest paint in ms."""
    done = subprocess.run(
        [
            FOLDER.resolve() / "node_modules/.bin/lighthouse",
            url,
            "--quiet",
            "--output=json",
            f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox",
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS_MAX,
        env={**os.environ, "CHROME_PATH": browser},
    )
    report = json.loads(done.stdout)
    sent = report["audits"]["network-requests"]["details"]["items"]
    return {
        **{one: round(report["categories"][one]["score"] * 100) for one in CATEGORIES},
        "script_bytes": sum(
            one["transferSize"] for one in sent if one["resourceType"] == "Script"
        ),
        "bytes": sum(one["transferSize"] for one in sent),
        "largest_paint_ms": round(report["audits"]["largest-contentful-paint"]["numericValue"]),
        "faults": [
            audit["id"]
            for audit in report["audits"].values()
            if audit["score"] == 0 and audit["scoreDisplayMode"] in {"binary", "numeric"}
        ],
    }


def missed_by(name: str, page: dict[str, Any]) -> list[str]:
    """Return the marks a page missed, in words."""
    wrong = []
    if page["performance"] < PERFORMANCE_MIN:
        wrong.append(f"{name}: performance {page['performance']}, below {PERFORMANCE_MIN}")
    if page["accessibility"] < ACCESSIBILITY_MIN:
        wrong.append(f"{name}: accessibility {page['accessibility']}")
    if page["script_bytes"] > SCRIPT_BYTES_MAX:
        wrong.append(f"{name}: {page['script_bytes']} bytes of scripts")
    return wrong


def _install(npm: str) -> None:
    if (FOLDER / "node_modules/.bin/lighthouse").exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", f"lighthouse@{VERSION}"],
        check=True,
        cwd=FOLDER,
        stdout=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    sys.exit(main())
