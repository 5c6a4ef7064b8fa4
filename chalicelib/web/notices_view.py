"""What a member's settings show of notices: topics, and the ways that are there for them."""

from typing import Any, Final

from chalicelib.domain.notices import CHOICES, Topic, Way, is_muted
from chalicelib.web.card_frame import Frame
from chalicelib.web.wording import WORDS

_OURS: Final = {Topic.POINTS, Topic.REMINDERS}  # by SMS and letter only if the shop pays


def notices_view(frame: Frame) -> list[dict[str, Any]]:
    """Return the topics of which there is a way to tell this member."""
    words = WORDS[frame.language]
    found = []
    for topic in Topic:
        ways = [
            {
                "name": f"{topic}.{way}",
                "label": words[f"way_{way}"],
                "is_on": not is_muted(frame.view.profile, topic, way),
            }
            for one, way in CHOICES
            if one is topic and _is_there(frame, topic, way)
        ]
        if ways:
            hint = words.get(f"topic_{topic}_hint", "") if len(ways) > 1 else ""
            found.append({"title": words[f"topic_{topic}"], "hint": hint, "ways": ways})
    return found


def _is_there(frame: Frame, topic: Topic, way: Way) -> bool:
    """Return whether the way leads to this member: else a choice would do nothing."""
    if way is Way.WALLET:
        return True
    profile, merchant = frame.view.profile, frame.view.merchant
    address = profile.phone if way is Way.SMS else profile.proven_email
    return bool(address) and (topic not in _OURS or merchant.tells_points)
