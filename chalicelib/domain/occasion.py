"""What a decision is made under: the merchant's rules, the moment, and the operation."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.entries import Operation
from chalicelib.domain.program import Program


@dataclass(frozen=True, slots=True)
class Occasion:
    """What every decision is made under: the rules, the moment, and who asks."""

    program: Program
    at: datetime  # aware, UTC
    operation: Operation

    @property
    def on(self) -> date:
        """Return the business day."""
        return self.program.local_date(self.at)
