"""What the rules page says of gifts, of gift cards, and of how long points live."""

from chalicelib.domain.anniversaries import BIRTHDAY
from chalicelib.domain.gift_cards import Remainder
from chalicelib.domain.rewards import ReferralTerms, Trigger
from chalicelib.domain.rules.gift_card import GiftCards
from chalicelib.web.rules_speaker import Section, Speaker


def life(speaker: Speaker) -> Section:
    """Say when points can be spent, when they expire and what a return does to them."""
    program, section = speaker.program, Section(speaker.say("life"))
    if not program.gives_points:
        return section
    if program.pending_days:
        section.texts.append(speaker.say("pending", **speaker.days(program.pending_days)))
    if program.expiry_days is not None:
        section.texts.append(speaker.say("expire_days", **speaker.days(program.expiry_days)))
    elif program.expiry_months is not None:
        months = speaker.counted("months", program.expiry_months)
        section.texts.append(speaker.say("expire_months", **months))
    else:
        section.texts.append(speaker.say("never_expire"))
    section.texts += [speaker.say("returned"), speaker.say(program.return_policy.value)]
    return section


def gifts(speaker: Speaker) -> Section:
    """Say what is given beside the points of purchases."""
    section = Section(speaker.say("gifts"))
    for name, grant in speaker.program.anniversaries.items():
        word = "birthday" if name == BIRTHDAY else "anniversary"
        text = speaker.say(word, points=speaker.points(grant.points), name=name)
        section.texts.append(_limited(speaker, text, grant.expires_in_days))
    rewards = speaker.program.rewards
    if rewards.welcome:
        text = speaker.say("welcome", points=speaker.points(rewards.welcome.points))
        section.texts.append(_limited(speaker, text, rewards.welcome.expires_in_days))
    if rewards.referral:
        section.texts += _referral(speaker, rewards.referral)
    for name, bonus in rewards.actions.items():
        called = speaker.words["actions"].get(name, name)
        text = speaker.say("action", points=speaker.points(bonus.points), name=called)
        section.texts.append(_limited(speaker, text, bonus.expires_in_days))
    for tier, texts in rewards.benefits.items():
        section.texts.append(speaker.say("benefits", name=tier, texts="; ".join(texts)))
    return section


def _referral(speaker: Speaker, terms: ReferralTerms) -> list[str]:
    """Say what both are given, when, and for how many friends."""
    texts = []
    when = "_at_once" if terms.trigger is Trigger.SIGN_UP else ""
    for whom, points in ("referrer", terms.referrer_points), ("friend", terms.friend_points):
        if not points:
            continue
        text = speaker.say(f"{whom}{when}", points=speaker.points(points))
        if whom == "referrer" and terms.cap is not None:
            cap = speaker.say("referrer_cap", **speaker.counted("friends", terms.cap))
            text = f"{text}, {cap}"
        texts.append(_limited(speaker, text, terms.expires_in_days))
    return texts


def tell_gift_cards(speaker: Speaker, rule: GiftCards, section: Section) -> None:
    """Say what becomes of a card's remainder."""
    is_kept = rule.remainder is Remainder.KEEP
    section.texts.append(speaker.say("card_keep" if is_kept else "card_forfeit"))
    section.texts.append(speaker.say("card_earns"))


def _limited(speaker: Speaker, text: str, days: int | None) -> str:
    """Add how long the points live, if not for ever; end the sentence."""
    if days is None:
        return f"{text}."
    return f"{text}, {speaker.say('expires_in', **speaker.days(days))}."
