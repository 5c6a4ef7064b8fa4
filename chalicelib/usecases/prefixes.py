"""Watch what becomes of the codes sent to each prefix: SMS pumping shows as codes unused."""

import logging
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.members import PrefixRecord, SentCode
from chalicelib.domain.sign_ups import (
    PrefixBlocked,
    SmsPolicy,
    prefix_of,
    refuse_pumping,
    with_code,
    with_verified,
)
from chalicelib.ports import CommitConflict, Pacer, PrefixMonitor

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixWatch:
    """What watching takes."""

    prefixes: PrefixMonitor
    pacer: Pacer
    policy: SmsPolicy


def guarded_record(
    merchant_id: str, prefix: str, at: datetime, watch: PrefixWatch
) -> PrefixRecord:
    """Return the prefix's record if codes may be sent there.

    Raises:
        PrefixBlocked: hardly any of the latest were used; an alarm counts these.
    """
    record = watch.prefixes.find(merchant_id, prefix)
    try:
        refuse_pumping(record, at, watch.policy)
    except PrefixBlocked:
        log.error("prefix blocked: its codes are not used", extra={"merchant": merchant_id})
        raise
    return record


def note_sent(record: PrefixRecord, code: SentCode, watch: PrefixWatch) -> None:
    """Remember that a code was sent; the record is advice and may lose a race."""
    for _ in watch.pacer.attempts():
        try:
            watch.prefixes.save(with_code(record, code, watch.policy))
        except CommitConflict:
            record = watch.prefixes.find(record.merchant_id, record.prefix)
            continue
        return


def note_verified(merchant_id: str, phone: str, sent_id: str, watch: PrefixWatch) -> None:
    """Remember that a code was used; `sent_id` is what it was sent for."""
    prefix = prefix_of(phone)
    for _ in watch.pacer.attempts():
        record = watch.prefixes.find(merchant_id, prefix)
        try:
            watch.prefixes.save(with_verified(record, sent_id))
        except CommitConflict:
            continue
        return
