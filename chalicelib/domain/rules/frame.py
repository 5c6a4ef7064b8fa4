"""What a rule's reader needs to know of the rest of the document."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Frame:
    """The program around a rule."""

    exponent: int  # minor digits of the currency
    tiers: tuple[str, ...]
    categories: set[str] = field(default_factory=set)  # named by the program so far
    limited: int = 0  # offers with limits so far

    def note_category(self, category: str) -> None:
        """Remember a category the program names."""
        if category:
            self.categories.add(category)
