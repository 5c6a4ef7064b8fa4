"""Moments as a card writes them, by the clocks of its zone."""

from datetime import datetime

from passes.wording import WORDINGS, Language, day_text


def moment_text(moment: datetime, language: Language) -> str:
    """Write a moment that is in its zone already.

    >>> moment_text(datetime(2026, 11, 22, 14, 5), "ru")
    '22 ноября 2026 г., 14:05'
    """
    return f"{day_text(moment.date(), language)}, {moment:%H:%M}"


def paused_text(until: datetime, language: Language) -> str:
    """Say until when no points can be redeemed, and why."""
    text = WORDINGS[language].redeeming_paused
    return text.replace("{moment}", moment_text(until, language))
