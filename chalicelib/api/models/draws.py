"""Prize draws: what the shop announces, and what everybody may check."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, RootModel, StringConstraints, model_validator

from chalicelib.api.shapes import MONEY_MAX, Body, Day, Days, Name, Points, Query, Request
from chalicelib.domain.draws import (
    DRAWS_MAX,
    MEMBER_ENTRIES_MAX,
    PRIZE_KINDS_MAX,
    PRIZES_MAX,
)

PUBLIC_TEXT_CHARS_MAX = 200
_PRINTABLE_ASCII = r"^[\x20-\x7e]*$"  # anybody can type it again, byte by byte
SomeMinorUnits = Annotated[int, Field(ge=1, le=MONEY_MAX)]


class PrizeBody(Request):
    """So many of one prize."""

    name: Name
    count: Annotated[int, Field(ge=1, le=PRIZES_MAX)]
    points: Points = Field(0, description="Granted to each winner of it, once.")
    expires_in_days: Days | None = Field(
        None, description="The points can be used for so many days; null: for ever."
    )


class EntriesBody(Request):
    """What an entry is given for, of receipts of the draw's days less what was returned."""

    per: Literal["member", "amount", "points"]
    amount_minor: SomeMinorUnits | None = Field(None, description="`amount`: money for each.")
    points: Annotated[int, Field(ge=1, le=10**9)] | None = Field(
        None, description="`points`: points earned for each."
    )
    min_total_minor: Annotated[int, Field(ge=0, le=MONEY_MAX)] = Field(
        0, description="Who has paid less in all has no entry."
    )
    max_per_member: Annotated[int, Field(ge=1, le=MEMBER_ENTRIES_MAX)] = MEMBER_ENTRIES_MAX

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        wanted = {"member": None, "amount": "amount_minor", "points": "points"}[self.per]
        for name in ("amount_minor", "points"):
            if (getattr(self, name) is not None) != (name == wanted):
                raise ValueError(f"`{name}` goes with `per` alone that counts it")
        return self


class DrawBody(Request):
    """A draw to be announced; nothing of it can be changed later."""

    title: Name
    opens: Day = Field(description="The first business day whose receipts count.")
    closes: Day = Field(description="The last one.")
    prizes: Annotated[list[PrizeBody], Field(min_length=1, max_length=PRIZE_KINDS_MAX)]
    entries: EntriesBody


class DrawingBody(Request):
    """What nobody could know when the entries were listed, such as a day's share index."""

    public_text: Annotated[
        str, StringConstraints(max_length=PUBLIC_TEXT_CHARS_MAX, pattern=_PRINTABLE_ASCII)
    ] = ""


class PartQuery(Query):
    """Which part of a long list."""

    part: Annotated[int, Field(ge=1, le=10_000)] = 1


class DrawFileAnswer(RootModel[str]):
    """Lines of a list, LF at the end of each."""

    MEDIA_TYPE: ClassVar = "text/csv"
    model_config = ConfigDict(defer_build=True)


class PrizeAnswer(Body):
    """A prize."""

    name: str
    count: int
    points: int
    expires_in_days: int | None


class EntriesAnswer(Body):
    """What an entry is given for."""

    per: Literal["member", "amount", "points"]
    amount_minor: int | None
    points: int | None
    min_total_minor: int
    max_per_member: int


class EntryListAnswer(Body):
    """The entries as they were published when the draw was closed."""

    sha256: str
    count: int
    members: int
    parts: int
    closed_at: str


class DrawAnswer(Body):
    """A draw; `seed` is told once it is drawn, its hash from the start."""

    id: str
    object: Literal["draw"]
    created_at: str
    title: str
    opens: str
    closes: str
    currency: str
    state: Literal["open", "closing", "closed", "drawing", "drawn"]
    prizes: list[PrizeAnswer]
    prizes_count: int
    entries: EntriesAnswer
    seed_sha256: str
    entry_list: EntryListAnswer | None
    public_text: str | None
    seed: str | None
    drawn_at: str | None
    winners_count: int | None
    grants_left: int | None
    page_url: str


class DrawsAnswer(Body):
    """The merchant's draws, the latest first; there are never so many that pages are needed."""

    items: Annotated[list[DrawAnswer], Field(max_length=DRAWS_MAX)]
    next_cursor: None


class WinnerAnswer(Body):
    """Who won a place, by which entry."""

    place: int
    prize: str
    points: int
    entry: int
    pseudonym: str
    member_id: str


class DrawnAnswer(DrawAnswer):
    """A draw and its first 1 000 winners; the file has all."""

    winners: list[WinnerAnswer]


class MyDrawAnswer(Body):
    """A draw as one member sees it; `entries` is null until they are listed."""

    id: str
    object: Literal["member_draw"]
    title: str
    opens: str
    closes: str
    state: Literal["open", "closing", "closed", "drawing", "drawn"]
    pseudonym: str
    entries: int | None
    has_won: bool | None
    prize: str | None
    page_url: str


class MyDrawsAnswer(Body):
    """The merchant's latest draws."""

    items: list[MyDrawAnswer]
    next_cursor: None
