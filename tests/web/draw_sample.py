"""Draws in every state, with all a draw can have, and the pages they are shown on."""

from dataclasses import replace
from datetime import date

from chalicelib.domain.draw_picks import Winner, commitment_of
from chalicelib.domain.draws import Draw, DrawState, EntryList, EntryRule, Per, Prize
from chalicelib.web.draw_page import ShownDraw, draw_view
from chalicelib.web.rendering import render
from passes.wording import Language
from tests.builders import NOON, SHOP, TODAY, program
from tests.web.sample import MERCHANT

SEED = bytes(range(32))
OPEN = Draw(
    merchant_id=SHOP,
    draw_id="drw_1",
    title="Летний розыгрыш",
    opens=date(2026, 5, 1),
    closes=date(2026, 5, 31),
    prizes=(Prize("Велосипед", 1), Prize("500 баллов", 2_000, 500, 30)),
    rule=EntryRule(Per.AMOUNT, 100_000, 300_000, 50),
    created_at=NOON,
    commitment=commitment_of(SEED),
)
CLOSED = replace(
    OPEN,
    state=DrawState.CLOSED,
    entry_list=EntryList("ab" * 32, 12_345, 1_500, ("0000-0000-0000", "AAAA-0000-0000"), NOON),
)
DRAWN = replace(
    CLOSED,
    state=DrawState.DRAWN,
    public_text="IMOEX 2789.14",
    drawn_at=NOON,
    seed=SEED.hex(),
    winners=1_500,
)
WINNERS = tuple(
    Winner(place, 7 * place, f"{place:04d}-AAAA-AAAA", f"mem_{place}")
    for place in range(1, DRAWN.winners + 1)
)


def draw_html(draw: Draw, language: Language, winners: tuple[Winner, ...] = ()) -> str:
    """Return a draw's page."""
    shown = ShownDraw(
        draw=draw,
        winners=winners,
        merchant=MERCHANT,
        program=program(currency="RUB"),
        on=TODAY,
        language=language,
    )
    return render("draw.html", draw_view(shown), language, accent=MERCHANT.accent)
