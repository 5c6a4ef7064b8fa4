"""The sections of the rules page: what a program says, kind of rule by kind of rule.

`RULE_SECTIONS` names the section of every kind of rule, in reading order: a kind that is not
there would be a rule nobody is told of.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from chalicelib.domain.basket import CHANNELS, Rule
from chalicelib.domain.program import EarnBase, Mode, Program, Rate, Tiers
from chalicelib.domain.rates import DEFAULT_CATEGORY
from chalicelib.domain.rules.bundles import Bundle
from chalicelib.domain.rules.coupons import Coupon
from chalicelib.domain.rules.discounts import (
    CategoryDiscounts,
    FixedDiscount,
    TurnoverDiscount,
)
from chalicelib.domain.rules.excluded import Excluded
from chalicelib.domain.rules.gift_card import GiftCards
from chalicelib.domain.rules.promotions import Promotion
from chalicelib.domain.rules.stamps import Stamps
from chalicelib.web.rules_gifts import gifts, life, tell_gift_cards
from chalicelib.web.rules_promotions import tell_offer
from chalicelib.web.rules_speaker import Section, Speaker, Table


def sections_of(speaker: Speaker) -> list[Section]:
    """Return every section that says something, in reading order."""
    found = [_earning(speaker), _paying(speaker), *_by_rules(speaker)]
    if speaker.program.tiers:
        found.append(_tiers(speaker, speaker.program.tiers))
    found += [life(speaker), gifts(speaker)]
    return [section for section in found if not section.is_empty]


def _earning(speaker: Speaker) -> Section:
    program, section = speaker.program, Section(speaker.say("earning"))
    columns = _columns(program)
    if program.rates and columns:
        section.tables.append(_tier_rates(speaker, columns))
    elif program.category_rates and columns:
        section.tables.append(_category_rates(speaker, columns))
        if DEFAULT_CATEGORY not in program.category_rates:
            section.texts.append(speaker.say("unlisted"))
    elif program.flat.earn_ppm and not program.step:
        percent = speaker.percent(program.flat.earn_ppm)
        section.texts.append(speaker.say("flat_earn", percent=percent))
    if program.step:
        points, money = program.step.points, program.step.per_minor
        words = {"points": speaker.points(points), "money": speaker.money(money)}
        section.texts.append(speaker.say("steps", **words))
    if section.is_empty:
        return section
    if not program.step:
        section.texts.append(speaker.say("rounded"))
    for name, ppm in program.margin_caps.items():
        word = "margin_cap" if ppm else "margin_none"
        section.texts.append(
            speaker.say(word, name=speaker.name(name), percent=speaker.percent(ppm))
        )
    return section


def _columns(program: Program) -> tuple[str, ...]:
    """Return what the rates decide here: steps earn instead of them, and points may pay not."""
    is_paying = any(rate.redeem_ppm for rate in _rates(program))
    columns = ("earn", not program.step), ("redeem", is_paying)
    return tuple(word for word, is_told in columns if is_told)


def _rates(program: Program) -> list[Rate]:
    """Return every rate of a program."""
    rates = [rate for by_channel in program.rates.values() for rate in by_channel.values()]
    rates += program.category_rates.values()
    return rates or [program.flat]


def _tier_rates(speaker: Speaker, columns: Sequence[str]) -> Table:
    rates = speaker.program.rates
    channels: Sequence[str] = CHANNELS
    if all(rates[tier][CHANNELS[0]] == rates[tier][CHANNELS[1]] for tier in rates):
        channels = CHANNELS[:1]
    suffixes = [f"_{channel}" for channel in channels] if len(channels) > 1 else [""]
    head = [f"{word}{suffix}" for suffix in suffixes for word in columns]
    rows = tuple(
        (
            tier,
            *(cell for channel in channels for cell in _cells(speaker, rate[channel], columns)),
        )
        for tier, rate in rates.items()
    )
    return Table(tuple(speaker.say(word) for word in ("tier", *head)), rows)


def _category_rates(speaker: Speaker, columns: Sequence[str]) -> Table:
    other = speaker.say("other_categories")
    rows = tuple(
        (
            other if name == DEFAULT_CATEGORY else speaker.name(name),
            *_cells(speaker, rate, columns),
        )
        for name, rate in speaker.program.category_rates.items()
    )
    return Table(tuple(speaker.say(word) for word in ("category", *columns)), rows)


def _cells(speaker: Speaker, rate: Rate, columns: Sequence[str]) -> list[str]:
    ppm = {"earn": rate.earn_ppm, "redeem": rate.redeem_ppm}
    return [speaker.percent(ppm[word]) for word in columns]


def _paying(speaker: Speaker) -> Section:
    program, section = speaker.program, Section(speaker.say("paying"))
    if not any(rate.redeem_ppm for rate in _rates(program)):
        return section
    texts = section.texts
    texts.append(_point_value(speaker))
    if not program.rates and not program.category_rates:
        percent = speaker.percent(program.flat.redeem_ppm)
        texts.append(speaker.say("flat_redeem", percent=percent))
    texts.append(speaker.say(program.mode.value))
    if program.mode is Mode.EARN_AND_REDEEM:
        is_net = program.earn_base is EarnBase.NET_PAID
        texts.append(speaker.say("base_net" if is_net else "base_gross"))
    for word in ("min_receipt", "min_money"):
        name = "min_receipt_for_redeem" if word == "min_receipt" else word
        minor = getattr(program, f"{name}_minor")
        if minor:
            texts.append(speaker.say(word, money=speaker.money(minor)))
    return section


def _point_value(speaker: Speaker) -> str:
    """Say what a point is worth; where it is less than a minor unit, what several are."""
    minor, points = speaker.program.point_value
    if points == 1:
        return speaker.say("point_value", money=speaker.money(minor))
    return speaker.say(
        "points_value", points=speaker.points(points), money=speaker.money(minor)
    )


def _by_rules(speaker: Speaker) -> Iterable[Section]:
    """Yield a section for each kind of rule the program has, as `RULE_SECTIONS` has them."""
    sections: dict[str, Section] = {}
    kinds = list(RULE_SECTIONS)
    for rule in sorted(speaker.program.rules, key=lambda rule: kinds.index(type(rule))):
        word, tell = RULE_SECTIONS[type(rule)]
        section = sections.setdefault(word, Section(speaker.say(word)))
        tell(speaker, rule, section)
    discounts = [rule for rule in speaker.program.rules if isinstance(rule, _DISCOUNTS)]
    if len(discounts) > 1:
        is_sum = speaker.program.are_discounts_added
        text = speaker.say("sum_discounts" if is_sum else "best_discount")
        sections["discounts"].texts.append(text)
    if "coupons" in sections:
        is_instead = speaker.program.are_codes_instead
        text = speaker.say("code_or_discount" if is_instead else "code_and_discount")
        sections["coupons"].texts.append(text)
    return sections.values()


def _tell_fixed(speaker: Speaker, rule: FixedDiscount, section: Section) -> None:
    section.texts.append(speaker.say("fixed_discount", percent=speaker.percent(rule.ppm)))


def _tell_categories(speaker: Speaker, rule: CategoryDiscounts, section: Section) -> None:
    head = (speaker.say("category"), speaker.say("discount"))
    rows = (
        (speaker.name(name), speaker.percent(ppm)) for name, ppm in rule.ppm_by_category.items()
    )
    section.tables.append(Table(head, tuple(rows)))


def _tell_turnover(speaker: Speaker, rule: TurnoverDiscount, section: Section) -> None:
    head = (speaker.say("purchases"), speaker.say("discount"))
    rows = (
        (_threshold(speaker, over, is_strict=rule.is_strict), speaker.percent(ppm))
        for over, ppm in rule.levels
    )
    section.tables.append(Table(head, tuple(rows)))
    section.texts.append(_window(speaker, rule.window_days))


def _tell_stamps(speaker: Speaker, rule: Stamps, section: Section) -> None:
    section.texts.append(
        speaker.say("stamps_text", every=rule.every, name=speaker.name(rule.category))
    )


def _tell_bundle(speaker: Speaker, rule: Bundle, section: Section) -> None:
    goods = " + ".join(f"{units} × {sku}" for sku, units in rule.units.items())
    word = "bundle_discount" if rule.discount_ppm else "bundle_points"
    percent, points = speaker.percent(rule.discount_ppm), speaker.points(rule.points)
    section.texts.append(speaker.say(word, goods=goods, percent=percent, points=points))


def _tell_excluded(speaker: Speaker, rule: Excluded, section: Section) -> None:
    kinds = ("categories", rule.categories), ("margins", rule.margins), ("skus", rule.skus)
    for kind, names in kinds:
        if names:
            told = speaker.names(names)
            section.texts.append(speaker.say(f"excluded_{kind}", names=told))
    section.texts.append(speaker.say("excluded_means"))


def _tiers(speaker: Speaker, tiers: Tiers) -> Section:
    first, *others = tiers.levels
    rows = [(first.name, speaker.say("from_start"))]
    rows += [
        (level.name, _threshold(speaker, level.over_minor, is_strict=tiers.is_strict))
        for level in others
    ]
    head = (speaker.say("tier"), speaker.say("purchases"))
    texts = [_window(speaker, tiers.window_days), speaker.say("after_receipt")]
    return Section(speaker.say("tiers"), texts, [Table(head, tuple(rows))])


def _threshold(speaker: Speaker, minor: int, *, is_strict: bool) -> str:
    return speaker.say("above" if is_strict else "from_amount", money=speaker.money(minor))


def _window(speaker: Speaker, window_days: int | None) -> str:
    if window_days is None:
        return speaker.say("lifetime")
    return speaker.say("window", **speaker.days(window_days))


_DISCOUNTS: Final = (FixedDiscount, CategoryDiscounts, TurnoverDiscount)
_Tell = Callable[[Speaker, Any, Section], None]
RULE_SECTIONS: Final[Mapping[type[Rule], tuple[str, _Tell]]] = {
    FixedDiscount: ("discounts", _tell_fixed),
    CategoryDiscounts: ("discounts", _tell_categories),
    TurnoverDiscount: ("discounts", _tell_turnover),
    Stamps: ("stamps", _tell_stamps),
    Bundle: ("bundles", _tell_bundle),
    Promotion: ("promotions", tell_offer),
    Coupon: ("coupons", tell_offer),
    GiftCards: ("gift_cards", tell_gift_cards),
    Excluded: ("excluded", _tell_excluded),
}
