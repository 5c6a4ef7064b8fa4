"""The `NoticeBook` port: messages that tell members of their points, with their limits."""

from collections.abc import Sequence

from pynamodb.connection import Connection

from chalicelib.adapters.dynamo.connection import Cancelled, Transaction
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.sms_limits import add_charges, refuse_if_full
from chalicelib.adapters.dynamo.sms_outbox import sms_item
from chalicelib.adapters.vault import Vault
from chalicelib.domain.members import LimitCharge, OutgoingSms
from chalicelib.ports import CommitConflict


class DynamoNoticeBook:
    """Messages in the table, sealed by the vault, in the outbox of all messages."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def promise(self, sms: OutgoingSms, charges: Sequence[LimitCharge]) -> None:
        write = Transaction(self._connection)
        write.put("sms", sms_item(sms, self._vault), Item.pk.does_not_exist())
        add_charges(write, sms.merchant_id, charges)
        try:
            write.commit()
        except Cancelled as error:
            if "sms" in error.failed:  # promised before, whatever the limits say now
                return
            refuse_if_full(error, charges)
            raise CommitConflict(", ".join(error.failed)) from error
