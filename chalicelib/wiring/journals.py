"""What the outbox writes down for readers: the journal, the day-book, what waits."""

from functools import cached_property

from chalicelib.ports import Attention, DayBook, Journal
from chalicelib.wiring.deployment import Deployment


class Journals(Deployment):
    """Built on first use: no purchase needs them."""

    @cached_property
    def journal(self) -> Journal:
        """Which receipts each member was given."""
        from chalicelib.adapters.dynamo.journal import DynamoJournal

        return DynamoJournal(self.connection, due_shards=self.settings.due_shards)

    @cached_property
    def day_book(self) -> DayBook:
        """What was done at the tills, by day."""
        from chalicelib.adapters.dynamo.day_book import DynamoDayBook

        return DynamoDayBook(self.connection)

    @cached_property
    def attention(self) -> Attention:
        """What waits for somebody at the shop."""
        from chalicelib.adapters.dynamo.attention import DynamoAttention

        return DynamoAttention(self.connection, self.clock)
