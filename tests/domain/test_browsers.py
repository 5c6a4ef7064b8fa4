"""Browsers that a member has signed in with: names, order, bounds."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.browsers import (
    BROWSERS_MAX,
    REMOVED_MAX,
    Browser,
    label_of,
    seen,
    with_browser,
    with_removed,
)

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


def browser(name: str, day: int = 1) -> Browser:
    return Browser(name, "", AT, date(2026, 6, day))


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6) Version/18 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (iPhone) CriOS/141.0 Mobile Safari/604.1", "Chrome · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537 Edg/141.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 15) YaBrowser/25.8", "Yandex Browser · Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Firefox/143.0", "Firefox · Linux"),
        ("Mozilla/5.0 (Macintosh)", "Mac"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_called_by_what_it_says_of_itself(said: str, label: str) -> None:
    assert label_of(said) == label


def test_the_same_browser_again_changes_nothing() -> None:
    known = (browser("a"), browser("b"))

    assert with_browser(known, replace(browser("a"), label="Chrome")) == known


def test_of_too_many_the_one_silent_for_longest_goes() -> None:
    known = tuple(browser(f"b{n}", day=2) for n in range(BROWSERS_MAX - 1))
    known = (known[0], browser("silent"), *known[1:])

    after = with_browser(known, browser("new", day=3))

    assert len(after) == BROWSERS_MAX
    assert {"new"} == {one.browser_id for one in after} - {one.browser_id for one in known}
    assert browser("silent") not in after


def test_a_day_moves_forward_only_and_only_of_that_browser() -> None:
    known = (browser("a", day=5), browser("b", day=5))

    later, earlier = (seen(known, "a", date(2026, 6, day)) for day in (9, 2))

    assert later == (browser("a", day=9), browser("b", day=5))
    assert earlier == known


def test_passes_taken_away_are_remembered_once_and_bounded() -> None:
    removed: tuple[str, ...] = ()
    for number in range(REMOVED_MAX + 1):
        removed = with_removed(removed, f"p{number}")

    assert len(removed) == REMOVED_MAX
    assert "p0" not in removed
    assert with_removed(removed, "p5")[-1] == "p5"
    assert len(with_removed(removed, "p5")) == REMOVED_MAX
