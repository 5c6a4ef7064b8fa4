"""What members change of themselves. Built on first use: no sale needs any of it."""

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.wiring.messages import Messages
from chalicelib.wiring.stores import Stores

if TYPE_CHECKING:
    from chalicelib.ports import PhoneChanges
    from chalicelib.usecases.notices import NoticeDesk


class People(Messages, Stores):
    """Phones that are to become members', and what members are told of."""

    @cached_property
    def notice_desk(self) -> "NoticeDesk":
        """What members are told of their points through."""
        from chalicelib.adapters.dynamo.notices import DynamoNoticeBook
        from chalicelib.usecases.notices import NoticeDesk

        return NoticeDesk(
            merchants=self.merchants,
            members=self.members,
            ledger=self.ledger,
            notices=DynamoNoticeBook(self.connection, self.vault),
            keyring=self.keyring,
            pacer=self.pacer,
            policy=self.sms_policy,
        )

    @cached_property
    def phone_changes(self) -> "PhoneChanges":
        """Changes of phones, and the codes they wait for."""
        from chalicelib.adapters.dynamo.phone_changes import DynamoPhoneChanges

        return DynamoPhoneChanges(self.connection, self.vault, self.clock)
