"""The kinds of rules a program can have. A new kind is a new file and a line here.

Each module's `read(reader, frame)` takes its own keys out of the program's document and
returns its rules; each rule says at which stage it acts. Within a stage the order is that
of this list, then that of the document: it never depends on the order of the lines.
"""

from chalicelib.domain.basket import Rule
from chalicelib.domain.document_reader import Reader
from chalicelib.domain.rules import (
    bundles,
    coupons,
    discounts,
    excluded,
    gift_card,
    promotions,
    stamps,
)
from chalicelib.domain.rules.frame import Frame

_KINDS = (gift_card, excluded, stamps, discounts, bundles, promotions, coupons)


def read_rules(reader: Reader, frame: Frame) -> tuple[Rule, ...]:
    """Read every rule of a document, in the order they act."""
    found: list[Rule] = []
    for kind in _KINDS:
        found.extend(kind.read(reader, frame))
    return tuple(sorted(found, key=lambda rule: rule.stage))
