"""The SMS queue: messages leave the table for an operator, apart from everything else.

A message of the queue only names the SMS; number and text stay sealed in the table. An
operator that hangs holds up this queue and nothing else (P18).
"""

import json
import logging
from typing import Any

from chalice import Blueprint

from chalicelib.usecases.outbox import send_sms
from chalicelib.wiring import services

sms = Blueprint(__name__)
log = logging.getLogger(__name__)


@sms.lambda_function()
def send(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Send every message; report those to be tried again."""
    ports = services()
    failed: list[dict[str, str]] = []
    for record in event["Records"]:
        try:
            named = json.loads(record["body"])
            is_settled = send_sms(
                named["merchant_id"],
                named["message_id"],
                at=ports.clock.now(),
                outbox=ports.sms_outbox,
                sender=ports.sms_sender,
                ledger=ports.ledger,
            )
        except Exception:  # one bad message must not hold back the others
            log.exception("sms failed")
            is_settled = False
        if not is_settled:
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
