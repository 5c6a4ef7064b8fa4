"""The viewfinder: a card before a real browser's made-up camera, read by the real reader."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from chalicelib.domain.pass_designs import Symbology
from tests.e2e.bare_till import open_bare, run
from tests.e2e.browser import launched
from tests.e2e.clips import Held, clip
from tests.e2e.watching import watch

PASS = "L17Q2M8K4D9XAB"
FAKE = "--use-fake-device-for-media-stream"
LOOK = """
  const [seconds] = v;
  const video = document.querySelector("video");
  const late = new Promise((_, no) => setTimeout(() => no(new Error("late")), seconds * 1000));
  const read = new Promise((found, failed) => {
    const options = { isSilent: true, onUnknown: (text) => found({ unknown: text }) };
    m.openCamera(video, found, { ...options, onFault: failed })
      .then((camera) => (globalThis.camera = camera))
      .catch((error) => found({ word: error.word, error: String(error) }));
  });
  return Promise.race([read, late]);
"""
COUNT = """
  const codes = [];
  const video = document.querySelector("video");
  const first = new Promise((found) => {
    m.openCamera(video, (code) => found(codes.push(code.text)), { isSilent: true });
  });
  await first;
  for (let frame = 0; frame < v[0]; frame += 1) {
    await new Promise((next) => video.requestVideoFrameCallback(next));
  }
  return codes;
"""
SECONDS = 40  # the deadline on a machine that does much else
HIDE = """(isHidden) => {
  Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""

OpenCamera = Callable[..., Page]


@pytest.fixture
def open_camera(browser: Browser, base_url: str) -> Iterator[OpenCamera]:
    """Open a bare page in a browser whose camera plays a clip."""
    opened: list[Browser] = []

    def open_page(path: Path, *, is_allowed: bool = True) -> Page:
        arguments = [FAKE, f"--use-file-for-fake-video-capture={path}"]
        chromium = launched(browser.browser_type, *arguments)
        opened.append(chromium)
        context = chromium.new_context(permissions=["camera"] if is_allowed else [])
        watched.append(watch(context, base_url))
        return open_bare(context.new_page(), base_url)

    watched: list[list[str]] = []
    yield open_page
    for one in opened:
        one.close()
    assert [fault for faults in watched for fault in faults] == []


def look(page: Page) -> Any:
    """Return what the viewfinder finds."""
    return run(page, "camera.js", LOOK, SECONDS)


@pytest.mark.parametrize(
    "held",
    [
        pytest.param(Held(), id="straight"),
        pytest.param(Held(angle=25), id="turned"),
        pytest.param(Held(blur=2.5), id="blurred"),
        pytest.param(Held(light=0.25), id="dim"),
        pytest.param(Held(symbology=Symbology.AZTEC), id="aztec"),
        pytest.param(Held(symbology=Symbology.AZTEC, angle=-20, light=0.4), id="aztec, dim"),
        pytest.param(Held(symbology=Symbology.PDF417, size=620), id="pdf417"),
    ],
)
def test_a_card_is_read_however_it_is_held(
    open_camera: OpenCamera, tmp_path: Path, held: Held
) -> None:
    page = open_camera(clip(tmp_path / "card.mjpeg", PASS, held))

    assert look(page) == {"kind": "pass", "text": PASS}


def test_a_code_that_is_none_of_ours_is_said_to_be(
    open_camera: OpenCamera, tmp_path: Path
) -> None:
    page = open_camera(clip(tmp_path / "card.mjpeg", "L17Q2M8K4D9XA", Held()))

    assert look(page) == {"unknown": "L17Q2M8K4D9XA"}


def test_without_a_camera_or_leave_to_use_it_the_reason_is_a_word(
    open_camera: OpenCamera, tmp_path: Path
) -> None:
    path = clip(tmp_path / "card.mjpeg", PASS, Held())

    missing = look(open_camera(tmp_path / "none.mjpeg"))
    denied = look(open_camera(path, is_allowed=False))

    assert (missing["word"], denied["word"]) == ("camera_missing", "camera_denied")


def test_a_camera_that_another_app_holds_is_busy(
    open_camera: OpenCamera, tmp_path: Path
) -> None:
    page = open_camera(clip(tmp_path / "card.mjpeg", PASS, Held()))
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () =>"
        ' Promise.reject(new DOMException("in use", "NotReadableError")); }'
    )

    assert look(page)["word"] == "camera_busy"


def test_the_camera_is_off_while_nobody_looks_and_after_it_is_stopped(
    open_camera: OpenCamera, tmp_path: Path
) -> None:
    page = open_camera(clip(tmp_path / "card.mjpeg", PASS, Held()))
    look(page)
    is_on = "document.querySelector('video').srcObject?.active ?? false"
    states = [page.evaluate(is_on)]

    page.evaluate(HIDE, True)
    states.append(page.evaluate(is_on))
    page.evaluate(HIDE, False)
    wait_for(page, is_on)
    states.append(page.evaluate(is_on))
    page.evaluate("camera.stop()")
    states.append(page.evaluate(is_on))

    assert states == [True, False, True, False]


def test_a_card_that_stays_in_view_is_read_once(
    open_camera: OpenCamera, tmp_path: Path
) -> None:
    page = open_camera(clip(tmp_path / "card.mjpeg", PASS, Held()))

    codes = run(page, "camera.js", COUNT, 40)

    assert codes == [PASS]


def wait_for(page: Page, expression: str) -> None:
    """Wait until it holds; the page's policy lets no text be evaluated within it."""
    deadline = SECONDS * 20
    while not page.evaluate(expression):
        deadline -= 1
        assert deadline, expression
        page.wait_for_timeout(50)
