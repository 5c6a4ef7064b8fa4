"""What the public rules page shows, as plain text ready to be put into its template."""

from dataclasses import replace
from typing import Any

from chalicelib.api.wording import why_text
from chalicelib.domain.basket import BasketLine
from chalicelib.domain.examples import Example
from chalicelib.domain.money import MILLI
from chalicelib.domain.receipts import Why
from chalicelib.usecases.program_rules import ProgramRules
from chalicelib.web.card_page import monogram
from chalicelib.web.formats import money
from chalicelib.web.rules_sections import sections_of
from chalicelib.web.rules_speaker import Speaker
from passes.wording import Language


def rules_view(rules: ProgramRules, language: Language) -> dict[str, Any]:
    """Return the rules in sentences and tables, and the examples."""
    speaker = Speaker(rules.program, rules.on, language)
    name = rules.merchant.name
    day = speaker.day(rules.on)
    return {
        "merchant": name,
        "monogram": monogram(name),
        "program": rules.program.title,
        "title": speaker.say("title", merchant=name),
        "heading": speaker.say("heading"),
        "as_of": speaker.say("as_of", day=day, version=rules.program.version),
        "sections": sections_of(speaker),
        "examples_heading": speaker.say("examples"),
        "examples_lead": speaker.say("examples_lead"),
        "examples": [
            _example(speaker, number, example)
            for number, example in enumerate(rules.examples, start=1)
        ],
        "join_path": f"/j/{rules.merchant.merchant_id}?lang={language}",
    }


def _example(speaker: Speaker, number: int, example: Example) -> dict[str, Any]:
    currency, language = speaker.program.currency, speaker.language
    reasons = [
        why_text(why, currency=currency, language=language, money=money)
        for why in _reasons(example)
    ]
    return {
        "heading": speaker.say("example", number=number),
        "circumstances": _circumstances(speaker, example),
        "lines": [_line(speaker, line) for line in example.lines],
        "results": _results(speaker, example),
        "reasons": list(dict.fromkeys(reasons)),
    }


def _reasons(example: Example) -> list[Why]:
    """Return the reasons of an example, each once with the points it gave all lines."""
    points: dict[Why, int | None] = {}
    for line in example.priced.lines:
        for why in line.why:
            alike = replace(why, points=None)
            found = points.get(alike)
            points[alike] = found if why.points is None else why.points + (found or 0)
    return [replace(why, points=given) for why, given in points.items()]


def _circumstances(speaker: Speaker, example: Example) -> str:
    """Say who buys, where and when, as far as it matters to the program."""
    scene, program = example.scene, speaker.program
    buyer, parts = scene.buyer, []
    if program.rates:
        parts.append(speaker.say(scene.channel))
    if buyer.tier:
        parts.append(speaker.say("with_tier", name=buyer.tier))
    if scene.on != speaker.on:
        parts.append(speaker.say("on_day", day=speaker.day(scene.on)))
    if example.kind == "stamps":
        parts.append(speaker.say("with_stamps", count=buyer.stamps))
    if example.kind == "turnover":
        spent = speaker.money(buyer.turnover.lifetime_minor)
        parts.append(speaker.say("with_turnover", money=spent))
    if example.kind == "coupon":
        parts.append(speaker.say("with_code", name=example.name))
    if example.available:
        parts.append(speaker.say("with_points", points=speaker.points(example.available)))
    return _sentence(", ".join(parts))


def _line(speaker: Speaker, line: BasketLine) -> str:
    goods = line.sku or speaker.say("plain")
    if line.category:
        goods = speaker.say("of_category", goods=goods, name=speaker.name(line.category))
    if line.margin:
        goods = speaker.say("of_margin", goods=goods, name=speaker.name(line.margin))
    price = speaker.money(line.unit_price_minor)
    quantity = speaker.decimal(line.quantity_milli, MILLI)
    if line.unit:
        count = speaker.say(
            "unit_of", quantity=quantity, unit=speaker.name(line.unit), money=price
        )
    else:
        count = speaker.say("line", quantity=quantity, money=price)
    return _sentence(f"{goods}: {count}")


def _results(speaker: Speaker, example: Example) -> list[dict[str, str]]:
    """Return what is to be paid, and whatever else is not nothing."""
    priced = example.priced
    free = sum(line.free_milli for line in priced.lines) // MILLI
    less = sum(line.discount_minor for line in priced.lines)
    to_pay = sum(line.net_minor for line in priced.lines)
    rows = [
        ("to_pay", speaker.money(to_pay), True),
        ("less", speaker.money(less), less),
        ("free", speaker.say("pieces", **speaker.counted("units", free)), free),
        ("redeemed", speaker.points(priced.redeemed), priced.redeemed),
        ("earned", speaker.points(priced.earned), _has_rates(speaker) or priced.earned),
        ("stamps_after", str(priced.stamps_after), example.kind == "stamps"),
    ]
    return [
        {"label": speaker.say(word), "value": value} for word, value, is_said in rows if is_said
    ]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _has_rates(speaker: Speaker) -> bool:
    program = speaker.program
    rates = program.rates or program.category_rates or program.step
    return bool(rates or program.flat.earn_ppm)
