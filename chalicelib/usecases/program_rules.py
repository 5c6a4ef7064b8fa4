"""What anybody may know of a program: its rules, and examples of what they come to."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.examples import Example, worked_examples
from chalicelib.domain.members import Merchant
from chalicelib.domain.program import Program
from chalicelib.ports import Merchants
from chalicelib.usecases.write_once import MerchantNotFound


@dataclass(frozen=True, slots=True)
class ProgramRules:
    """A program as its members should know it on a day."""

    merchant: Merchant
    program: Program
    on: date
    examples: tuple[Example, ...]


def rules_of(merchant_id: str, *, at: datetime, merchants: Merchants) -> ProgramRules:
    """Return the published rules with examples worked by the engine itself.

    Raises:
        MerchantNotFound.
    """
    merchant, program = merchants.find(merchant_id), merchants.program(merchant_id)
    if merchant is None or program is None:
        raise MerchantNotFound("there is no such merchant")
    on = program.local_date(at)
    return ProgramRules(merchant, program, on, worked_examples(program, on))
