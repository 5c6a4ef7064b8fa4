"""Posters: on the sheet, in the merchant's words and colours, with a font of their own."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from chalicelib.domain.colours import contrast
from chalicelib.web.benefit import benefit, benefits
from chalicelib.web.poster_files import pdf, svg
from chalicelib.web.poster_layout import HEIGHT, MARGIN, WIDTH, Code, Line, PosterText, poster
from chalicelib.web.qr import symbol
from chalicelib.web.theme import pass_colours
from tests.builders import TODAY, program, rates, tiers

ADDRESS = "https://kopilka.example/j/kolos?s=sto_Hcicnhj3odclKcwdY8soUy"
PLAIN = PosterText(
    merchant="Пекарня «Колос»",
    benefit="5\u00a0% баллами с\u00a0каждой покупки",
    others=("300 баллов ко дню рождения",),
    call="Наведите камеру телефона",
    steps="Карта откроется за полминуты. Без приложения и пароля.",
    address="kopilka.example/j/kolos",
    store="На Садовой",
)
LONG = PosterText(
    merchant="Общество с ограниченной ответственностью «Хлебопекарный комбинат»" * 2,
    benefit="Возвращаем до 10 % баллами с каждой покупки и дарим подарки ко дню рождения",
    others=("О" * 90, "М" * 90),
    call="Point your phone’s camera here, please, and wait for a moment",
    steps="Your card in half a minute. " * 4,
    address="kopilka.example/j/" + "m" * 60,
    store="W" * 80,
)


def drawn(text: PosterText) -> list[object]:
    return list(poster(text, symbol(ADDRESS), pass_colours("#7a3b12")))


@pytest.mark.parametrize("text", [PLAIN, LONG], ids=["plain", "long"])
def test_no_line_leaves_the_sheet_or_meets_another(text: PosterText) -> None:
    from PIL import ImageFont

    from chalicelib.web.poster_layout import FONTS

    lines = [shape for shape in drawn(text) if isinstance(shape, Line)]

    for line in lines:
        font = ImageFont.truetype(FONTS[line.weight], 1_000)
        width = font.getlength(line.text) * line.size / 1_000
        left = line.left - width / 2 if line.is_centred else line.left
        assert left >= MARGIN - 1
        assert left + width <= WIDTH - MARGIN + 1
    baselines = sorted(line.baseline for line in lines)
    assert all(below - above > 5 for above, below in pairwise(baselines))
    assert baselines[-1] < HEIGHT - 10


def test_around_the_symbol_there_is_white_of_four_modules() -> None:
    shapes = drawn(PLAIN)
    code = next(shape for shape in shapes if isinstance(shape, Code))
    module = code.side / code.symbol.size

    nearest = min(
        abs(line.baseline - line.size - (code.top + code.side))
        for line in shapes
        if isinstance(line, Line) and line.baseline > code.top
    )

    assert nearest >= 4 * module


@pytest.mark.parametrize(("sheet", "points"), [("a4", (595, 842)), ("a6", (298, 421))])
def test_a_pdf_has_the_size_of_its_sheet_and_its_own_fonts(
    sheet: str, points: tuple[int, int]
) -> None:
    content = pdf(poster(PLAIN, symbol(ADDRESS), pass_colours("#7a3b12")), sheet, "Колос")

    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", content)
    assert box
    assert (round(float(box[1])), round(float(box[2]))) == points
    assert set(re.findall(rb"/FontName /\w+\+([\w-]+)", content)) == {
        b"Inter-Regular",
        b"Inter-Bold",
    }
    assert content.count(b"/FontFile2") == 2
    assert b"Helvetica" not in content


def test_an_svg_says_the_same_with_the_code_of_the_address() -> None:
    content = svg(poster(PLAIN, symbol(ADDRESS), pass_colours("#7a3b12")), "a6", "Колос")

    text = content.decode()
    assert 'width="105mm" height="148.5mm"' in text
    assert symbol(ADDRESS).path in text
    assert text.count("@font-face") == 2
    said = " ".join(re.findall(r">([^<]+)</text>", text))  # the benefit takes two lines
    for words in (PLAIN.merchant, PLAIN.benefit, PLAIN.address, PLAIN.store):
        assert words in said


def test_a_name_that_is_markup_stays_text_in_an_svg() -> None:
    text = replace(PLAIN, merchant='<script>"&')

    content = svg(poster(text, symbol(ADDRESS), pass_colours("#7a3b12")), "a4", text.merchant)

    assert b"<script" not in content
    assert b"&lt;script&gt;" in content


@pytest.mark.parametrize("accent", ["#7a3b12", "#808080", "#ffffff", "#000000"])
def test_what_is_written_on_the_band_can_be_read(accent: str) -> None:
    assert contrast(*pass_colours(accent)) >= 4.5


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"earn_percent": 5}, "5% back in points on every purchase"),
        ({"earn_percent": 0, "discount_percent": 3}, "3% off every purchase"),
        (
            {"earn_percent": 0, "stamps": {"category": "coffee", "every": 6}},
            "Coffee: 1 in 6 is free",
        ),
        ({"earn_percent": 0, "title": "Ten for glass"}, "Ten for glass"),
    ],
)
def test_what_is_given_with_every_purchase_comes_first(
    fields: dict[str, object], words: str
) -> None:
    rules = program(currency="RUB", anniversaries={"birthday": {"points": 300}}, **fields)

    assert benefit(rules, TODAY, "en") == words or "300 points" in benefit(rules, TODAY, "en")


def test_rates_that_differ_are_a_span_and_gifts_come_after() -> None:
    rules = program(
        currency="RUB",
        rates=rates(base=(5, 20), silver=(7, 20), gold=(10, 30)),
        tiers=tiers(),
        anniversaries={"birthday": {"points": 300}},
    )

    found = [text for _, text in benefits(rules, TODAY, "ru")]

    assert found == [
        "5–10\u00a0% баллами с\u00a0каждой покупки",
        "300\u00a0баллов ко дню рождения",
    ]
