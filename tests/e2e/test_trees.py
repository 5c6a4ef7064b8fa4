"""What a screen reader is told has not changed unasked.

After a change that was meant: `python -m tests.e2e.write_aria`, and read the difference.
"""

import pytest
from playwright.sync_api import Browser

from tests.e2e.trees import FACES, kept, trees_of


@pytest.mark.parametrize("face", sorted(FACES))
def test_a_face_tells_a_screen_reader_what_was_kept(
    browser: Browser, base_url: str, face: str
) -> None:
    written = kept(face)

    found = trees_of(browser, base_url, face)

    assert found == written, "meant? python -m tests.e2e.write_aria"
