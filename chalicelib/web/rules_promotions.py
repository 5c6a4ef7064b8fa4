"""What the rules page says of promotions and coupons: what, on what, when, to whom."""

from chalicelib.domain.money import PPM
from chalicelib.domain.rules.coupons import Coupon
from chalicelib.domain.rules.offers import Fit, Offer
from chalicelib.web.rules_speaker import Section, Speaker


def tell_offer(speaker: Speaker, rule: Offer, section: Section) -> None:
    """Tell of a promotion or coupon that is on or is to come."""
    fit = rule.fit
    if fit.last is not None and fit.last < speaker.on:
        return
    parts = [_reward(speaker, rule), *_goods(speaker, fit), *_when(speaker, fit)]
    parts += [*_who(speaker, fit), *_how_often(speaker, rule)]
    if isinstance(rule, Coupon):
        parts += _how_got(speaker, rule)
    section.texts.append(", ".join(parts) + ".")


def _reward(speaker: Speaker, rule: Offer) -> str:
    reward = rule.reward
    if reward.boost_ppm:
        times = speaker.decimal(reward.boost_ppm, PPM)
        return speaker.say("promotion_multiplier", name=rule.offer_id, times=times)
    if reward.points:
        points = speaker.points(reward.points)
        return speaker.say("promotion_points", name=rule.offer_id, points=points)
    if reward.discount_minor:
        money = speaker.money(reward.discount_minor)
        return speaker.say("coupon_discount", name=rule.offer_id, money=money)
    word = "promotion_percent" if reward.extra_ppm else "promotion_discount"
    percent = speaker.percent(reward.extra_ppm or reward.discount_ppm)
    return speaker.say(word, name=rule.offer_id, percent=percent)


def _how_often(speaker: Speaker, rule: Offer) -> list[str]:
    """Say the limits a shopper can meet: what all together may have is the merchant's."""
    uses, parts = rule.limits.uses, []
    if uses.per_member is not None:
        parts.append(speaker.say("times_each", **speaker.counted("times", uses.per_member)))
    limits = rule.limits.by_kind
    if any(one.total is not None or one.per_day is not None for _, one in limits):
        parts.append(speaker.say("while_it_lasts"))
    return parts


def _how_got(speaker: Speaker, rule: Coupon) -> list[str]:
    if rule.price_points is None:
        return []
    word = "automatic" if rule.is_automatic else "for_points"
    parts = [speaker.say(word, points=speaker.points(rule.price_points))]
    if rule.valid_days:
        parts.append(speaker.say("lives_days", **speaker.days(rule.valid_days)))
    if rule.valid_months:
        parts.append(
            speaker.say("lives_months", **speaker.counted("months", rule.valid_months))
        )
    return parts


def _goods(speaker: Speaker, fit: Fit) -> list[str]:
    names = speaker.names(fit.categories | fit.skus)
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
