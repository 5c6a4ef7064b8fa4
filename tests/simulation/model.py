"""A second, simple account book to compare with.

It is told the committed deeds in their order, the moment of each and the program it was
decided by, and shares no code with `chalicelib`.
"""

from collections.abc import Callable
from dataclasses import replace
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
        twin.codes, twin.coupons = self.codes, dict(self.coupons)  # codes are of the opening
        twin.counters = dict(self.counters)
        twin.seen = twin.counters
        twin.confirmations = dict(self.confirmations)
        twin.done = dict(self.done)
        return twin

    def refusals_of(self, deed: Deed, rules: Rules, at: datetime) -> set[str]:
        """Return the codes the deed may be refused with now.

        What a call reads one after the other may change in between, so each is asked alone.
        """
        codes = {self._refusal(deed, rules, at)}
        if deed.kind in deeds.SALES and deed.codes:
            codes.add(self._refusal(replace(deed, codes=()), rules, at))
        clerk = Clerk(self.copy(), deed, rules, at)
        if deed.kind == deeds.MOVE:  # before it is asked whether the key was used
            codes.add(_asked(lambda: refuse_move(clerk)))
            if "move_refused" in codes:  # found at the void: a return was faster
                codes.add("return_refused")
        elif deed.kind in deeds.SALES:
            codes.add(_asked(clerk.refuse_codes))
            codes.add(_asked(clerk.refuse_card))
        if deed.is_at_till:
            codes.add(_asked(clerk.refuse_unconfirmed))
        return {code for code in codes if code is not None}

    def _refusal(self, deed: Deed, rules: Rules, at: datetime) -> str | None:
        twin = self.copy()
        return _asked(lambda: twin.apply(deed, rules, at))

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


def _asked(do: Callable[[], object]) -> str | None:
    try:
        do()
    except Refused as refused:
        return refused.code
    return None
