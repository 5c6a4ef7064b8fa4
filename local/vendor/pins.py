"""What is vendored: which archives, and which of their files.

Versions and hashes read from the npm registry 2026-11. The reader's JavaScript and its
WebAssembly must be of one version: it refuses another's.
"""

from dataclasses import dataclass

from local.npm import Archive


@dataclass(frozen=True, slots=True)
class Library(Archive):
    """An archive, its folder under `static/vendor/`, and the files taken: there → here."""

    folder: str
    files: tuple[tuple[str, str], ...]


ICONS = Library(
    package="@tabler/icons",
    version="3.51.0",
    integrity=(
        "sha512-0pinvPZz7YeX+OSfxuEAbnEPWbocVXW5iU8h5lh41pYG8sZuQfpWECC980lxOT0clGIcNGn8"
        "xsBr+zKaRGdA/g=="
    ),
    folder="tabler-icons-3.51.0",
    files=(("LICENSE", "LICENSE"),),  # the pictures become one sprite, `icons.svg`
)

LIBRARIES = (
    ICONS,
    Library(
        package="htmx.org",
        version="2.0.11",
        integrity=(
            "sha512-Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMC"
            "gELTNt636dtamA=="
        ),
        folder="htmx-2.0.11",
        files=(("LICENSE", "LICENSE"), ("dist/htmx.min.js", "htmx.min.js")),
    ),
    Library(
        package="zxing-wasm",
        version="3.1.4",
        integrity=(
            "sha512-1+v8p7sauddySVNG+ye7GD/0TS95BG2ycdkrC+EnBrFBFkHeIghzUt2yVjtx3NucJeNrQnhT"
            "8yGAIz60Vx9o0w=="
        ),
        folder="zxing-wasm-3.1.4",
        files=(
            ("LICENSE", "LICENSE"),
            ("dist/es/share.js", "es/share.js"),
            ("dist/es/reader/index.js", "es/reader/index.js"),
            ("dist/reader/zxing_reader.wasm", "reader/zxing_reader.wasm"),
        ),
    ),
    Library(
        package="@fontsource-variable/inter",
        version="5.3.0",
        integrity=(
            "sha512-OupL48va4JNofb97w6NYeF9S7W/kHNKM0Er8Dem5nqi4jeOLrVJDoE8tZEpnMJmtkvNbB1EI"
            "PPwHcdkF6b1oUA=="
        ),
        folder="inter-5.3.0",
        files=(
            ("LICENSE", "LICENSE"),
            ("files/inter-latin-wght-normal.woff2", "inter-latin.woff2"),
            ("files/inter-latin-ext-wght-normal.woff2", "inter-latin-ext.woff2"),
            ("files/inter-cyrillic-wght-normal.woff2", "inter-cyrillic.woff2"),
        ),
    ),
)
