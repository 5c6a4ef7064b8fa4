"""A second, simple account book to compare with.

It is told the committed deeds in their order and the moment of each, and shares no code
with `chalicelib`.
"""

from datetime import datetime

from tests.simulation.books import Answer, Books, Refused, Rules
from tests.simulation.clerk import Clerk
from tests.simulation.deeds import Deed


class Model(Books):
    """The books, and what each deed was answered."""

    __slots__ = ("done",)

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules)
        self.done: dict[str, tuple[str, Answer]] = {}  # key → body, answer

    def copy(self) -> "Model":
        """Return a copy that can go on by itself."""
        twin = Model(self.rules)
        twin.accounts = dict(self.accounts)
        twin.receipts, twin.done = dict(self.receipts), dict(self.done)
        return twin

    def refusal_of(self, deed: Deed, at: datetime) -> str | None:
        """Return the code the deed would be refused with now; None if it would be done."""
        try:
            self.copy().apply(deed, at)
        except Refused as refused:
            return refused.code
        return None

    def apply(self, deed: Deed, at: datetime) -> Answer:
        """Do the deed, or give the answer it was given before.

        Raises:
            Refused: the rules are against it; nothing has changed.
        """
        if deed.key in self.done:
            body, answer = self.done[deed.key]
            if body != deed.body:
                raise Refused("idempotency_key_reused")
            return answer
        answer = Clerk(self, deed, at).do()
        if deed.key:
            self.done[deed.key] = (deed.body, answer)
        return answer
