"""Files of the pages: addresses that change with what they say, and what is vendored."""

import re
from pathlib import Path

import pytest

from chalicelib.web.assets import FOLDER, TYPES, Assets, asset_file, asset_path, lean_script
from chalicelib.web.rendering import (
    OFFICE_POLICY,
    POLICY,
    TEMPLATES,
    TILL_POLICY,
    WORKER_POLICY,
)
from local.vendor.__main__ import CHECKSUMS, STATIC, checksums, icon_names
from local.vendor.sprite import sprite
from tests.web.test_looks import own_files

ADDRESS = re.compile(r"/static/[\w.-]+")
RELATIVE = re.compile(r"""["'(]\.{1,2}/[\w./-]+["')]""")


def written(folder: Path, **files: str) -> Assets:
    """Write files and read the folder; in their names `__` is `/` and `_` is `.`."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Assets(folder)


def text_of(found: Assets, name: str) -> str:
    asset = found.file(found.path(name).removeprefix("/static/"))
    assert asset is not None
    return asset.content.decode()


def test_a_file_of_a_folder_has_an_address_without_slashes(tmp_path: Path) -> None:
    found = written(tmp_path, till__sale_js="1")

    address = found.path("till/sale.js")

    assert re.fullmatch(r"/static/till\.sale-[0-9a-f]{8}\.js", address)
    assert text_of(found, "till/sale.js") == "1"


def test_the_files_a_script_names_are_asked_for_under_their_hashes(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        till__app_js='import { a } from "./codes.js";\nnew URL("../common.js", here);',
        till__codes_js="export const a = 1;",
        common_js="1",
    )

    text = text_of(found, "till/app.js")

    codes, shared = found.path("till/codes.js"), found.path("common.js")
    assert text == f'import {{ a }} from "{codes}";\nnew URL("{shared}", here);'


def test_the_fonts_a_stylesheet_names_are_asked_for_under_their_hashes(tmp_path: Path) -> None:
    found = written(
        tmp_path, fonts_css="a { src: url(./vendor/a.woff2); }", vendor__a_woff2="font"
    )

    text = text_of(found, "fonts.css")

    assert text == f"a {{ src: url({found.path('vendor/a.woff2')}); }}"
    assert text_of(found, "vendor/a.woff2") == "font"


def test_a_file_has_a_new_address_when_one_it_names_changes(tmp_path: Path) -> None:
    before = written(
        tmp_path, app_js='import "./mid.js";', mid_js='import "./leaf.js";', leaf_js="1"
    )

    after = written(tmp_path, leaf_js="2")

    assert before.path("app.js") != after.path("app.js")
    assert after.file(before.path("app.js").removeprefix("/static/")) is None


def test_a_page_can_list_every_file_it_will_ask_for(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        app_js='import "./mid.js"; import "./leaf.js";',
        mid_js='import "./leaf.js";',
        leaf_js="1",
        other_js="2",
    )

    listed = found.with_named("app.js")

    assert listed == [found.path(name) for name in ("app.js", "mid.js", "leaf.js")]


def test_strings_that_name_no_file_stay_as_they_are_and_comments_name_none(
    tmp_path: Path,
) -> None:
    code = 'const a = "./other";'
    text = f'/**\n * @type {{import("./app.js").Code}}\n */\n{code}'

    found = written(tmp_path, app_js=text)

    assert text_of(found, "app.js") == code


def test_files_that_name_each_other_are_a_fault(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="in a circle"):
        written(tmp_path, a_js='import "./b.js";', b_js='import "./a.js";')


def test_two_files_of_one_address_are_a_fault(tmp_path: Path) -> None:
    (tmp_path / "till.sale.js").write_text("1")

    with pytest.raises(AssertionError, match="one address"):
        written(tmp_path, till__sale_js="1")


@pytest.mark.parametrize("policy", [POLICY, OFFICE_POLICY, TILL_POLICY, WORKER_POLICY])
def test_no_policy_says_anything_twice_or_lets_in_what_is_inline(policy: str) -> None:
    names = [directive.split()[0] for directive in policy.split("; ")]

    assert len(names) == len(set(names))
    assert names[0] == "default-src"
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy


def test_every_kind_of_file_has_its_type() -> None:
    kinds = {suffix: TYPES[suffix].split(";")[0] for suffix in (".wasm", ".woff2", ".js")}

    assert kinds == {
        ".wasm": "application/wasm",
        ".woff2": "font/woff2",
        ".js": "text/javascript",
    }


def test_every_address_in_our_files_is_of_a_file_there_is() -> None:
    for path in own_files():
        asset = asset_file(asset_path(path.relative_to(FOLDER).as_posix())[len("/static/") :])
        text = asset.content.decode() if asset else ""
        lines = [line for line in text.split("\n") if not line.lstrip().startswith("*")]

        assert not RELATIVE.findall("\n".join(lines)), path.name
        for address in ADDRESS.findall(text):
            assert asset_file(address.removeprefix("/static/")) is not None


def test_vendored_files_are_as_they_were_brought() -> None:
    names = [line.split("  ")[1] for line in CHECKSUMS.read_text().splitlines()]

    assert checksums(STATIC / name for name in names) == CHECKSUMS.read_text()
    there = {path for path in (STATIC / "vendor").rglob("*") if path.is_file()} - {CHECKSUMS}
    assert there | {STATIC / "icons.svg"} == {STATIC / name for name in names}


def test_every_vendored_library_has_its_licence() -> None:
    folders = [path for path in (STATIC / "vendor").iterdir() if path.is_dir()]

    assert folders
    assert all((folder / "LICENSE").stat().st_size for folder in folders)


def test_the_sprite_has_the_icons_of_the_list_and_pages_use_no_other() -> None:
    drawn = re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text())
    templates = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
    used = {name for text in templates for name in re.findall(r'icon\("([\w-]+)"', text)}

    assert drawn == icon_names()
    assert used <= set(drawn)


def test_no_icon_shows_a_currency_as_points_have_none() -> None:
    of_money = ("cash", "coin-", "currency", "moneybag")

    assert not [name for name in icon_names() if name.startswith(of_money) or name == "coin"]


def test_an_icon_becomes_a_symbol_without_its_invisible_square() -> None:
    bounds = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'
    picture = f'<svg viewBox="0 0 24 24"\n>\n  {bounds}\n  <path d="M5 12l6 6" />\n</svg>'

    made = sprite({"arrow": picture}, "tabler-icons-1.0")

    assert made.count("<path") == 1
    assert '<symbol id="arrow" viewBox="0 0 24 24"' in made
    assert '<path d="M5 12l6 6"/></symbol>' in made


@pytest.mark.parametrize(
    ("text", "lean"),
    [
        ("/** Why. */\nlet a; // here\n\n  a();", "let a; // here\na();"),
        ("/*\n * Why `so\n */\na();\n// and\nb();\n", "a();\nb();"),
        ("class A {\n  *each() {}\n}", "class A {\n*each() {}\n}"),
        ("const a = `\n  b\n`;", "const a = `\n  b\n`;"),
        ("const a = 'b\\\n  c';", "const a = 'b\\\n  c';"),
        ("/* why */ a();\n  b();", "/* why */ a();\n  b();"),
    ],
)
def test_a_script_is_sent_without_comments_and_indentation(text: str, lean: str) -> None:
    assert lean_script(text) == lean


def test_every_script_of_ours_is_sent_lean_and_none_of_others(tmp_path: Path) -> None:
    text = "// by somebody\n  1;"
    found = written(tmp_path, vendor__a_js=text, ours_js=text)
    own = {path: path.read_text() for path in own_files() if path.suffix == ".js"}

    assert text_of(found, "vendor/a.js") == text
    assert text_of(found, "ours.js") == "1;"
    assert {path.name for path, text in own.items() if lean_script(text) == text} == set()
