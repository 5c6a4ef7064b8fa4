"""The segments a member belongs to: names the staff give, which promotions may ask for.

A change is an entry of the ledger without points, so that a promotion's receipt can be
understood later, and who changed what is known. Setting the same list again is an entry
too: an operation that wrote nothing could not answer its repeat after the next change.
"""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain.account import Account
from chalicelib.domain.entries import EntryKind, LedgerChange, LedgerEntry
from chalicelib.domain.ledger import change_of
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.posting import Posting

SEGMENTS_MAX = 8  # of one member
SEGMENT_LENGTH_MAX = 32
_BETWEEN = "\n"  # names of segments are printable text


def set_segments(account: Account, names: Iterable[str], occasion: Occasion) -> LedgerChange:
    """Put the member into these segments and into no other; each counts once."""
    segments = tuple(sorted(set(names)))
    assert len(segments) <= SEGMENTS_MAX, "the edge bounds the list"
    posting = Posting(account, occasion)
    posting.expire_due()
    posting.account = replace(posting.account, segments=segments)
    facts = {
        "segments": _BETWEEN.join(segments),
        "segments_before": _BETWEEN.join(account.segments),
    }
    return change_of(posting, EntryKind.SEGMENTS, facts=facts)


def segments_of(entry: LedgerEntry) -> tuple[str, ...]:
    """Return the segments an entry of `set_segments` left the member in."""
    listed = str(entry.facts["segments"])
    return tuple(listed.split(_BETWEEN)) if listed else ()
