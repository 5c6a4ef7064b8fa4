"""A second, simple account book to compare with.

It is told the committed deeds in their order, the moment of each and the program it was
decided by, and shares no code with `chalicelib`.
"""

from datetime import datetime

from tests.simulation import deeds
from tests.simulation.books import Answer, Books, Refused
from tests.simulation.clerk import Clerk, refuse_move
from tests.simulation.deeds import Deed
from tests.simulation.rules import Rules


class Model(Books):
    """The books, and what each deed was answered."""

    __slots__ = ("done",)

    def __init__(self) -> None:
        super().__init__()
        self.done: dict[str, tuple[str, Answer]] = {}  # key → body, answer

    def copy(self) -> "Model":
        """Return a copy that can go on by itself."""
        twin = Model()
        twin.accounts, twin.receipts = dict(self.accounts), dict(self.receipts)
        twin.cards, twin.friendships = dict(self.cards), dict(self.friendships)
        twin.rewards, twin.told = dict(self.rewards), dict(self.told)
        twin.done = dict(self.done)
        return twin

    def refusals_of(self, deed: Deed, rules: Rules, at: datetime) -> set[str]:
        """Return the codes the deed may be refused with now: of what it reads first."""
        codes = set()
        try:
            self.copy().apply(deed, rules, at)
        except Refused as refused:
            codes.add(refused.code)
        try:
            if deed.kind == deeds.MOVE:  # before it is asked whether the key was used
                refuse_move(Clerk(self, deed, rules, at))
            elif deed.card and deed.kind in deeds.SALES:  # after the member was read
                Clerk(self, deed, rules, at).refuse_card()
        except Refused as refused:
            codes.add(refused.code)
            if refused.code == "move_refused":  # found at the void: a return was faster
                codes.add("return_refused")
        return codes

    def apply(self, deed: Deed, rules: Rules, at: datetime) -> Answer:
        """Do the deed, or give the answer it was given before.

        Raises:
            Refused: the rules are against it; nothing has changed.
        """
        if deed.key in self.done:
            body, answer = self.done[deed.key]
            if body != deed.body:
                raise Refused("idempotency_key_reused")
            return answer
        answer = Clerk(self, deed, rules, at).do()
        if deed.key:
            self.done[deed.key] = (deed.body, answer)
        return answer
