"""What a rule's reader needs to know of the rest of the document."""

from dataclasses import dataclass


@dataclass(slots=True)
class Frame:
    """The program around a rule."""

    exponent: int  # minor digits of the currency
    tiers: tuple[str, ...]
    limited: int = 0  # offers with limits so far
