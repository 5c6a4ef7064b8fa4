"""What a problem is; the list of them is in `problems.py`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What a code means: for programs the status, for people cause and cure."""

    status: int
    title: str
    cause: str
    cure: str
    is_retryable: bool = False
