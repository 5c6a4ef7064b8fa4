"""`python -m scenarios FILES… [--base-url URL]`: run scenario files, one verdict per line."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scenarios.calls import Refused, Unreachable
from scenarios.local_service import calling, reached
from scenarios.running import run_file


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the files; return 1 if any failed or could not be read."""
    parser = argparse.ArgumentParser(prog="scenarios", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--base-url", help="a running service; otherwise one is started")
    options = parser.parse_args(arguments)

    failed = 0
    try:
        with reached(options.base_url) as base_url, calling(base_url) as caller:
            for path in options.files:
                verdict = run_file(caller, path)
                failed += verdict.failure is not None
                print(verdict.line, flush=True)
            print(f"{len(options.files) - failed} passed, {failed} failed", flush=True)
    except (Refused, Unreachable) as error:
        print(f"the service cannot be used: {error}", file=sys.stderr)
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
