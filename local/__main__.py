"""`python -m local`: the whole service on this machine, until Ctrl-C."""

import logging
import os
import sys

from local.errors import CannotStart


def main() -> int:
    """Run it; every way it cannot start is one sentence and exit code 1."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        from local.runtime import run  # late: what it imports takes most of a second

        return run(os.environ, lambda line: print(line, flush=True))
    except CannotStart as error:
        print(f"kopilka: {error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, SystemExit):  # before the server took over
        return 0


if __name__ == "__main__":
    sys.exit(main())
