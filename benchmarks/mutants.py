"""`python -m benchmarks.mutants`: what the last mutation run left alive, by module.

Reads what mutmut leaves beside each mutated file: `<module>.py.meta`, JSON with the exit
code of the tests by mutant (mutmut 3.8, read 2026-11). A mutant that was killed is one the
tests fail for or never end with; one that no test reaches counts as alive.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

MUTANTS = Path("mutants/chalicelib")
_KILLED = {1, 3, 24, -24, 36, 152, 255}  # failed, stopped, or ran out of time
_FAILED = 1


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of one module's mutants."""

    module: str
    killed: int
    alive: tuple[str, ...]  # names, for `mutmut show`

    @property
    def mutants(self) -> int:
        """Return how many were tried."""
        return self.killed + len(self.alive)

    @property
    def percent(self) -> str:
        """Return the part that was killed, rounded down."""
        tenths = self.killed * 1000 // self.mutants
        return f"{tenths // 10}.{tenths % 10}"


def tally(path: Path) -> Tally | None:
    """Count one module's mutants; None if none was tried."""
    codes: dict[str, int | None] = json.loads(path.read_text())["exit_code_by_key"]
    tried = {name: code for name, code in codes.items() if code is not None}
    if not tried:
        return None
    alive = tuple(name for name, code in tried.items() if code not in _KILLED)
    module = str(path.relative_to(MUTANTS)).removesuffix(".py.meta")
    return Tally(module, len(tried) - len(alive), alive)


def main() -> int:
    """Print the table and the names of the survivors; 1 if nothing was tried."""
    found = [one for one in map(tally, sorted(MUTANTS.rglob("*.meta"))) if one]
    if not found:
        print("no mutant was tried: `make mutants` makes them", file=sys.stderr)
        return _FAILED
    for one in found:
        for name in one.alive:
            print(name)
    print(f"{'module':32} {'mutants':>7} {'killed':>7} {'alive':>6} {'%':>6}")
    for one in found:
        alive = len(one.alive)
        print(f"{one.module:32} {one.mutants:>7} {one.killed:>7} {alive:>6} {one.percent:>6}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
