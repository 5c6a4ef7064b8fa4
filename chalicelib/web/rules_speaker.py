"""How the rules page speaks: a program's numbers in one language, in sections of plain text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chalicelib.domain.program import Program
from chalicelib.web import formats
from chalicelib.web.rules_words import RULES_WORDS
from passes.wording import Language, percent_text, points_text


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; the first cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    texts: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Return whether it says nothing."""
        return not self.texts and not self.tables


@dataclass(frozen=True, slots=True)
class Speaker:
    """A program's numbers in one language."""

    program: Program
    on: date
    language: Language

    def say(self, word: str, **values: object) -> str:
        """Return a sentence."""
        return str(self.words[word]).format(**values)

    @property
    def words(self) -> Mapping[str, Any]:
        """Return the words."""
        return RULES_WORDS[self.language]

    def name(self, code: str) -> str:
        """Return what a category, a margin class or a unit is called here."""
        return str(self.words["names"].get(code, code))

    def names(self, codes: Iterable[str]) -> str:
        """Return what several are called, one after the other."""
        return ", ".join(sorted(map(self.name, codes)))

    def money(self, minor: int) -> str:
        """Write money."""
        return formats.money(minor, self.program.currency, self.language)

    def percent(self, ppm: int) -> str:
        """Write millionths as percent."""
        return percent_text(ppm, self.language)

    def decimal(self, parts: int, of: int) -> str:
        """Write a number that is so many parts of one."""
        return formats.decimal(parts, of, self.language)

    def points(self, points: int) -> str:
        """Write points."""
        return points_text(points, self.language)

    def day(self, on: date) -> str:
        """Write a day."""
        return formats.day(on, self.on, self.language)

    def days(self, count: int) -> dict[str, object]:
        """Return a number of days, to fill in a sentence."""
        return self.counted("days", count)

    def counted(self, noun: str, count: int) -> dict[str, object]:
        """Return a number and the form of a noun that goes with it, to fill in a sentence."""
        return {"count": count, noun: formats.plural(count, self.words[noun], self.language)}
