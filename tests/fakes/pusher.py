"""Apple's push service, as a test wants it."""

from collections.abc import Mapping, Sequence

from chalicelib.ports import PushKind, PushOutcome

ACCEPTED = PushOutcome(PushKind.ACCEPTED, 200)


class FakePusher:
    """The ports of pushers; accepts every token `outcomes` does not name."""

    def __init__(self) -> None:
        self.pushed: list[str] = []
        self.pass_types: list[str] = []
        self.outcomes: dict[str, PushOutcome] = {}

    def of(self, pass_type: str) -> "FakePusher":
        """Push for every pass type: the `DevicePushers` port as well."""
        self.pass_types.append(pass_type)
        return self

    def push_many(self, tokens: Sequence[str]) -> Mapping[str, PushOutcome]:
        """Answer for each token."""
        self.pushed.extend(tokens)
        return {token: self.outcomes.get(token, ACCEPTED) for token in tokens}
