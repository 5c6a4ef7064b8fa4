"""Writes what the snapshot tests compare with: `python -m tests.web.write_snapshots`.

Look at the difference before you commit it: it is what every shopper will see.
"""

from pathlib import Path

from tests.web.sample import pages

FOLDER = Path(__file__).parent / "snapshots"


def main() -> None:
    """Write all snapshots."""
    for name, html in pages().items():
        (FOLDER / f"{name}.html").write_text(html, encoding="utf-8")


if __name__ == "__main__":
    main()
