"""What a program gives, in a line or two: for the page to join on, and for posters.

The rules page says all of it; here is what a shopper at the counter wants to know first.
"""

from datetime import date
from typing import Final

from chalicelib.domain.account import Turnover
from chalicelib.domain.anniversaries import BIRTHDAY
from chalicelib.domain.program import Program
from chalicelib.domain.rules.discounts import discount_ppm
from chalicelib.domain.rules.stamps import stamp_card
from chalicelib.web import formats
from chalicelib.web.join_words import JOIN_WORDS
from chalicelib.web.rules_words import RULES_WORDS
from passes.wording import Language, percent_text, points_text

LINES_MAX: Final = 4
_NOTHING_BOUGHT: Final = Turnover()


def benefits(program: Program, on: date, language: Language) -> list[tuple[str, str]]:
    """Return what is given, what comes with every purchase first, each with its icon."""
    words = JOIN_WORDS[language]
    found = [
        ("percentage", _earned(program, language)),
        ("discount", _discount(program, on, language)),
        ("ticket", stamps_text(program, language)),
    ]
    if program.rewards.welcome:
        points = points_text(program.rewards.welcome.points, language)
        found.append(("gift", words["gives_welcome"].format(points=points)))
    if gift := program.anniversaries.get(BIRTHDAY):
        points = points_text(gift.points, language)
        found.append(("cake", words["gives_birthday"].format(points=points)))
    return [(icon, text) for icon, text in found if text][:LINES_MAX]


def benefit(program: Program, on: date, language: Language) -> str:
    """Return what is given first; of a program that gives nothing as such, its title."""
    given = benefits(program, on, language)
    return given[0][1] if given else program.title


def _earned(program: Program, language: Language) -> str:
    words = JOIN_WORDS[language]
    if program.step:
        money = formats.money(program.step.per_minor, program.currency, language)
        points = points_text(program.step.points, language)
        return str(words["gives_step"].format(points=points, money=money))
    shares = {rate.earn_ppm for rate in program.category_rates.values()}
    shares |= {rate.earn_ppm for by in program.rates.values() for rate in by.values()}
    shares = (shares or {program.flat.earn_ppm}) - {0}
    if not shares:
        return ""
    low, high = (percent_text(ppm, language) for ppm in (min(shares), max(shares)))
    if low == high:
        return str(words["gives_percent"].format(percent=high))
    return str(words["gives_percents"].format(low=low.rstrip("%\u00a0"), high=high))


def _discount(program: Program, on: date, language: Language) -> str:
    off = discount_ppm(program, _NOTHING_BOUGHT, on)
    if not off:
        return ""
    return str(
        JOIN_WORDS[language]["gives_discount"].format(percent=percent_text(off, language))
    )


def stamps_text(program: Program, language: Language) -> str:
    """Return what is stamped and which of them is free; empty: nothing is."""
    card = stamp_card(program)
    if card is None:
        return ""
    name = str(RULES_WORDS[language]["names"].get(card.category, card.category))
    text = JOIN_WORDS[language]["gives_stamps"].format(name=name, every=card.every)
    return f"{text[:1].upper()}{text[1:]}"
