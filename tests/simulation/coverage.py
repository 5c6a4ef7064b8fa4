"""What a number of schedules has tried: the table of operations and faults."""

from collections import Counter
from collections.abc import Iterable

from tests.simulation.deeds import KINDS
from tests.simulation.running import FAULTS, IMPOSSIBLE

Covered = Counter[tuple[str, str]]
_NAME_WIDTH = max(len(kind) for kind in KINDS)


def missing(covered: Covered) -> list[tuple[str, str]]:
    """Return the pairs that can happen and did not."""
    pairs = ((kind, fault) for kind in KINDS for fault in FAULTS)
    return [pair for pair in pairs if pair not in IMPOSSIBLE and not covered[pair]]


def table(covered: Covered) -> str:
    """Return the pairs as a table of counts; a dash is what cannot happen."""
    return "\n".join(_rows(covered))


def _rows(covered: Covered) -> Iterable[str]:
    widths = {fault: len(fault) for fault in FAULTS}
    yield "  ".join([" " * _NAME_WIDTH, *FAULTS])
    for kind in KINDS:
        counts = (
            "-" if (kind, fault) in IMPOSSIBLE else str(covered[kind, fault])
            for fault in FAULTS
        )
        cells = (
            count.rjust(widths[fault]) for count, fault in zip(counts, FAULTS, strict=True)
        )
        yield "  ".join([kind.ljust(_NAME_WIDTH), *cells])
