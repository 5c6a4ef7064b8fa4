"""Events a test can look into."""

from collections.abc import Sequence

from chalicelib.domain.events import Event
from chalicelib.ports import StoreUnavailable


class FakeEvents:
    """The `Events` port."""

    def __init__(self) -> None:
        self.published: list[Event] = []
        self.is_down = False

    def publish(self, events: Sequence[Event]) -> None:
        """Keep the events."""
        if self.is_down:
            raise StoreUnavailable("event bus")
        self.published.extend(events)

    def names(self) -> list[str]:
        """Return the names of what was published, in order."""
        return [event.name for event in self.published]
