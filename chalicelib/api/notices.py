"""A member's choice of notices, as the JSON API takes and shows it."""

from chalicelib.api.models.notices import NoticesBody
from chalicelib.domain.members import Profile
from chalicelib.domain.notices import CHOICES, Choice, Topic, Way, is_muted


def choices_of(body: NoticesBody | None) -> dict[Choice, bool]:
    """Return what a body switches on and off."""
    named = body.model_dump(exclude_none=True) if body else {}
    return {
        (Topic(topic), Way(way)): is_on
        for topic, ways in named.items()
        for way, is_on in ways.items()
    }


def notices_json(profile: Profile) -> dict[str, dict[str, bool]]:
    """Return what is on, topic by topic."""
    found: dict[str, dict[str, bool]] = {}
    for topic, way in CHOICES:
        found.setdefault(topic.value, {})[way.value] = not is_muted(profile, topic, way)
    return found
