"""Count a try of a day before anything is compared; a right one is given back by its caller."""

from collections.abc import Callable

from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import LimitCharge
from chalicelib.ports import CommitConflict, LimitReached, Trouble
from chalicelib.usecases.write_once import Book


def count_try(
    merchant_id: str, tries: LimitCharge, book: Book, locked: Callable[[], DomainError]
) -> None:
    """Take one of the tries; `locked` makes the refusal when none is left.

    Raises:
        DomainError: what `locked` makes.
        Trouble: ask again.
    """
    trouble: Trouble = CommitConflict("no attempt was made")
    for _ in book.pacer.attempts():
        try:
            book.confirmations.count_failure(merchant_id, tries)
        except LimitReached as error:
            raise locked() from error
        except Trouble as error:
            trouble = error
            continue
        return
    raise trouble
