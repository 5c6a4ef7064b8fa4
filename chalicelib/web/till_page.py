"""The till's page (`/till`): one document, its list of files, its manifest, its worker.

The page is the same for everybody, so that a device keeps it and opens it without a
network; what is a merchant's comes over the API (`/v1/till/session`). The service worker
is answered under `/till`, because a worker rules only below its own address.
"""

import json
import posixpath
import re
from functools import cache
from typing import Any, Final

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.domain.currencies import EXPONENTS
from chalicelib.web.assets import FOLDER, TYPES, assets_with_named
from chalicelib.web.files import worker_file
from chalicelib.web.reading import page_language
from chalicelib.web.rendering import TILL_POLICY, WORKER_POLICY, page, render, tag_of
from chalicelib.web.theme import theme_path, token
from chalicelib.web.till_words import TILL_WORDS

till_page = Blueprint(__name__)

USUAL: Final = 2  # decimal places of a currency
STYLES: Final = (
    *("tokens.css", "fonts.css", "icons.svg"),
    *("till.css", "till_sale.css", "till_desk.css"),
)
# Browsers have a table of their own, by which a forint has no hundredths.
CURRENCIES: Final = {name: places for name, places in EXPONENTS.items() if places != USUAL}
WORKER: Final = "till/till_worker.js"
MAIN: Final = "till/main.js"
_IMPORTED: Final = re.compile(r'^(?:import|\}|export).* from "(\.{1,2}/[^"]+)";$', re.MULTILINE)


@endpoint(
    till_page,
    "GET",
    "/till",
    summary="The till: an app of the cashier's browser.",
    tag="Pages",
    answers={200: None},
    is_documented=False,
)
def get_till(call: Call[None]) -> Answer:
    """Answer the page; the browser asks for everything else."""
    language = page_language(call)
    view: dict[str, Any] = {
        "catalogues": TILL_WORDS,
        "currencies": CURRENCIES,
        "till": TILL_WORDS[language],
        "modules": first_modules(),
    }
    html = render("till.html", view, language)
    headers = {"Content-Security-Policy": TILL_POLICY, "Permissions-Policy": "camera=(self)"}
    return page(html, 200, **headers)


@endpoint(
    till_page,
    "GET",
    "/till/files.json",
    summary="The files a till needs to open without a network.",
    tag="Pages",
    answers={200: None},
    is_documented=False,
)
def get_till_files(call: Call[None]) -> Answer:  # noqa: ARG001  views take a call
    """List the page and the addresses of its files."""
    names = (*STYLES, *modules())
    found = assets_with_named(*names)
    return Answer(body={"version": _version(found), "files": found})


@endpoint(
    till_page,
    "GET",
    "/till/manifest.webmanifest",
    summary="What the till is called once it is installed.",
    tag="Pages",
    answers={200: None},
    is_documented=False,
)
def get_till_manifest(call: Call[None]) -> Answer:
    """Answer the manifest in the reader's language."""
    words = TILL_WORDS[page_language(call)]
    body = {
        "name": words["till"],
        "short_name": words["till"],
        "start_url": "/till",
        "scope": "/till",
        "display": "standalone",
        "background_color": token("surface-0"),
        "theme_color": token("surface-0"),
        "icons": [
            {
                "src": theme_path(token("accent"), "svg"),
                "sizes": "any",
                "type": "image/svg+xml",
                "purpose": "any",
            }
        ],
    }
    content = json.dumps(body, ensure_ascii=False).encode()
    return Answer(body=content, content_type=TYPES[".webmanifest"])


@endpoint(
    till_page,
    "GET",
    "/till/worker.js",
    summary="The till's service worker.",
    tag="Pages",
    answers={200: None},
    is_documented=False,
)
def get_till_worker(call: Call[None]) -> Answer:  # noqa: ARG001  views take a call
    """Answer the worker."""
    return worker_file(WORKER, WORKER_POLICY, **{"Service-Worker-Allowed": "/till"})


def _version(files: list[str]) -> str:
    """Return what changes with any file, any word and the page itself."""
    said = json.dumps([files, TILL_WORDS, CURRENCIES], sort_keys=True)
    return tag_of(said).strip('"')


@cache
def first_modules() -> tuple[str, ...]:
    """Return what `main.js` imports, and what that does; not what is fetched later."""
    found: dict[str, None] = {MAIN: None}
    waiting = [MAIN]
    while waiting:
        name = waiting.pop()
        source = (FOLDER / name).read_text(encoding="utf-8")
        for relative in _IMPORTED.findall(source):
            other = posixpath.normpath(posixpath.join(posixpath.dirname(name), relative))
            if other not in found:
                found[other] = None
                waiting.append(other)
    return tuple(sorted(found))


def modules() -> list[str]:
    """Return every module of the till, those that are fetched later as well."""
    paths = (path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("till/**/*.js"))
    return sorted(set(paths) - {WORKER})
