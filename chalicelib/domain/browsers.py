"""The browsers a member has signed in with: each has tokens of its own, which die with it.

A browser is listed from the code that signed it in until it is removed, or until so many
newer ones were in use that it has to go. What it is called comes from its User-Agent, which
anybody can write: it helps its owner to tell browsers apart, and decides nothing.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

BROWSERS_MAX = 20  # of one member; the one silent for longest goes
REMOVED_MAX = 100  # passes taken from phones that are remembered; the earliest goes

# The first name found is right: most browsers name those they want to be taken for, too.
_BROWSERS = (
    ("YaBrowser", "Yandex Browser"),
    ("SamsungBrowser", "Samsung Internet"),
    ("MiuiBrowser", "Mi Browser"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that a member has signed in with."""

    browser_id: str
    label: str  # "" where the User-Agent says nothing we know
    created_at: datetime
    seen_on: date  # UTC


def label_of(named_itself: str) -> str:
    """Return what to call a browser by its User-Agent.

    >>> label_of("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/141.0 Mobile Safari/537.36")
    'Chrome · Android'
    >>> label_of("curl/8.5.0")
    ''
    """
    named = [_first(named_itself, names) for names in (_BROWSERS, _MACHINES)]
    return " · ".join(name for name in named if name)


def with_browser(known: tuple[Browser, ...], new: Browser) -> tuple[Browser, ...]:
    """Return the browsers with one more; the same again changes nothing."""
    if any(one.browser_id == new.browser_id for one in known):
        return known
    if len(known) >= BROWSERS_MAX:
        silent = min(known, key=lambda one: (one.seen_on, one.created_at))
        known = tuple(one for one in known if one != silent)
    return (*known, new)


def seen(known: tuple[Browser, ...], browser_id: str, on: date) -> tuple[Browser, ...]:
    """Return the browsers with the last day of one brought up."""
    return tuple(
        replace(one, seen_on=max(one.seen_on, on)) if one.browser_id == browser_id else one
        for one in known
    )


def without(known: tuple[Browser, ...], browser_id: str) -> tuple[Browser, ...]:
    """Return the other browsers."""
    return tuple(one for one in known if one.browser_id != browser_id)


def with_removed(known: tuple[str, ...], pass_id: str) -> tuple[str, ...]:
    """Return the passes that were taken from phones, with one more."""
    others = tuple(one for one in known if one != pass_id)
    return (*others, pass_id)[-REMOVED_MAX:]


def _first(text: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for part, name in names if part in text), "")
