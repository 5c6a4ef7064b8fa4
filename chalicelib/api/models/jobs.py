"""Jobs and dry runs: what is asked, how far it is, what it came to."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, RootModel

from chalicelib.api.shapes import Body, Request
from chalicelib.domain.dry_runs import DAYS_MAX


class DryRunBody(Request):
    """What to try on which receipts."""

    days: Annotated[int, Field(ge=1, le=DAYS_MAX)] = Field(
        DAYS_MAX, description="How many business days, today the last of them."
    )
    draft: dict[str, Any] | None = Field(
        None, description="A program as docs/PROGRAM.md describes it; else the saved draft."
    )


class ProgressAnswer(Body):
    """How much is done; a total of 0 is not counted yet."""

    done: int
    total: int


class JobErrorAnswer(Body):
    """Why there is no result."""

    code: str


class JobAnswer(Body):
    """Work that outlasts its request."""

    id: str
    object: Literal["job"]
    kind: Literal["dry_run", "draw", "repush"]
    state: Literal["queued", "running", "done", "failed"]
    created_at: str
    progress: ProgressAnswer
    result: str | None = Field(
        description="The path of the result, once it is done; null if the kind has none."
    )
    error: JobErrorAnswer | None


class DryRunTotalsAnswer(Body):
    """What all receipts come to."""

    discount_minor: int
    redeemed: int
    redeemed_minor: int
    to_pay_minor: int
    earned: int
    earned_minor: int


class ComparedTotalsAnswer(Body):
    """Under the published program, under the draft, and what the draft adds."""

    before: DryRunTotalsAnswer
    after: DryRunTotalsAnswer
    difference: DryRunTotalsAnswer


class CostAnswer(Body):
    """What the draft gives members more: points earned, and them and discounts in money."""

    points: int
    amount_minor: int


class TierMoveAnswer(Body):
    """How many members end in which tier under each program."""

    before: str | None
    after: str | None
    members: int


class GainAnswer(Body):
    """What the draft gives one member more; less, if negative."""

    member_id: str
    points: int
    amount_minor: int


class RulePartAnswer(Body):
    """What a rule did."""

    lines: int
    points: int
    amount_minor: int


class RuleComparedAnswer(Body):
    """A reason, as receipts give it in `why`, and what it did under both."""

    rule: str
    name: str | None
    before: RulePartAnswer
    after: RulePartAnswer


class AssumptionAnswer(Body):
    """Something the result takes for granted."""

    code: str
    text: str


class DryRunAnswer(Body):
    """A draft tried on past receipts."""

    id: str
    object: Literal["dry_run"]
    created_at: str
    program_version: int
    first_day: str
    last_day: str
    currency: str
    members: int
    receipts: int
    gross_minor: int
    totals: ComparedTotalsAnswer
    cost: CostAnswer
    tiers: list[TierMoveAnswer]
    winners: list[GainAnswer]
    losers: list[GainAnswer]
    rules: list[RuleComparedAnswer]
    assumptions: list[AssumptionAnswer]


class DryRunCsvAnswer(RootModel[str]):
    """`section,key,measure,before,after,difference` in UTF-8, a row for each number."""

    MEDIA_TYPE: ClassVar = "text/csv"
    model_config = ConfigDict(defer_build=True)
