"""What the rules page says of a promotion: what it gives, on what, when and to whom."""

from chalicelib.domain.money import PPM
from chalicelib.domain.rules.promotions import Fit, Promotion
from chalicelib.web.rules_speaker import Section, Speaker


def tell_promotion(speaker: Speaker, rule: Promotion, section: Section) -> None:
    """Tell of a promotion that is on or is to come."""
    fit = rule.fit
    if fit.last is not None and fit.last < speaker.on:
        return
    parts = [_reward(speaker, rule), *_goods(speaker, fit), *_when(speaker, fit)]
    section.texts.append(", ".join([*parts, *_who(speaker, fit)]) + ".")


def _reward(speaker: Speaker, rule: Promotion) -> str:
    name = rule.promotion_id
    if rule.boost_ppm:
        times = speaker.decimal(rule.boost_ppm, PPM)
        return speaker.say("promotion_multiplier", name=name, times=times)
    if rule.extra_ppm:
        percent = speaker.percent(rule.extra_ppm)
        return speaker.say("promotion_percent", name=name, percent=percent)
    if rule.points:
        return speaker.say("promotion_points", name=name, points=speaker.points(rule.points))
    percent = speaker.percent(rule.discount_ppm)
    return speaker.say("promotion_discount", name=name, percent=percent)


def _goods(speaker: Speaker, fit: Fit) -> list[str]:
    names = ", ".join(sorted(fit.categories | fit.skus))
    return [speaker.say("on_goods", names=names)] if names else []


def _when(speaker: Speaker, fit: Fit) -> list[str]:
    parts = []
    if fit.weekdays:
        names = ", ".join(speaker.words["weekdays"][day] for day in sorted(fit.weekdays))
        parts.append(speaker.say("on_days", names=names))
    if fit.first and fit.first > speaker.on:
        parts.append(speaker.say("from_day", day=speaker.day(fit.first)))
    if fit.last:
        parts.append(speaker.say("to_day", day=speaker.day(fit.last)))
    return parts


def _who(speaker: Speaker, fit: Fit) -> list[str]:
    parts = [
        speaker.say(word, names=", ".join(sorted(names)))
        for word, names in (("in_stores", fit.stores), ("for_tiers", fit.tiers))
        if names
    ]
    if fit.channels:
        names = ", ".join(speaker.say(channel) for channel in sorted(fit.channels))
        parts.append(speaker.say("in_channels", names=names))
    if fit.segments:
        parts.append(speaker.say("for_some"))
    if fit.min_receipt_minor:
        parts.append(speaker.say("min_purchase", money=speaker.money(fit.min_receipt_minor)))
    return parts
