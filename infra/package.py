"""`python -m infra.package FOLDER [--stage dev]`: the package and template for AWS, checked.

Chalice works in a copy, `.cache/package`, for three reasons: it would ship `__pycache__`,
its own tools (requirements.py), and files that only their owner may read. Downloads stay in
pip's cache, and a package of unchanged code is used again.
"""

import argparse
import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra.contents import complaints
from infra.merge import STAGES, template
from infra.pruning import prune
from infra.requirements import locked_versions, shipped_lock

ROOT = Path(__file__).resolve().parent.parent
WORKSHOP = ROOT / ".cache" / "package"
ZIP_NAME, TEMPLATE_NAME = "deployment.zip", "sam.json"
MINUTES_MAX = 15  # a first package downloads every wheel
_RUN_CHALICE = "from chalice.cli import main; main()"


class PackageFailed(Exception):
    """There is no package, or one that must not be deployed."""


def package(out: Path, stage: str = "dev", *, workshop: Path = WORKSHOP) -> dict[str, Any]:
    """Write zip and template into `out`; return the template.

    Raises:
        PackageFailed: what Chalice said, or what is wrong with the package.
    """
    with _alone_in(workshop):
        lock = _lay_out(workshop)
        (workshop / "merge.json").write_text(json.dumps(template(stage)))
        _run_chalice(workshop, stage, out.resolve())
        _forget_older(workshop / ".chalice" / "deployments")
        prune(out / ZIP_NAME)
        packaged: dict[str, Any] = json.loads((out / TEMPLATE_NAME).read_text())
        runtime = packaged["Resources"]["APIHandler"]["Properties"]["Runtime"]
        wrong = complaints(out / ZIP_NAME, workshop, locked_versions(lock), runtime)
    if wrong:
        raise PackageFailed("the package must not be deployed: " + "; ".join(wrong))
    return packaged


@contextmanager
def _alone_in(workshop: Path) -> Iterator[None]:
    """Keep other packagers out: test workers share the folder."""
    workshop.mkdir(parents=True, exist_ok=True)
    (workshop / ".gitignore").write_text("*\n")
    with (workshop / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed
        yield


def _lay_out(workshop: Path) -> str:
    """Copy what ships, as Chalice wants it; return the lock file of what Lambda needs."""
    for name in ("chalicelib", "vendor"):
        shutil.rmtree(workshop / name, ignore_errors=True)
        shutil.copytree(
            ROOT / name,
            workshop / name,
            ignore=shutil.ignore_patterns("__pycache__"),
            copy_function=_copy_readable,
        )
    _copy_readable(ROOT / "app.py", workshop / "app.py")
    (workshop / ".chalice").mkdir(exist_ok=True)
    for path in (ROOT / ".chalice").glob("*.json"):
        _copy_readable(path, workshop / ".chalice" / path.name)
    lock = shipped_lock(ROOT)
    (workshop / "requirements.txt").write_text(lock)
    return lock


def _copy_readable(source: str | Path, target: str | Path) -> str:
    """Copy a file so that Lambda's user may read it, whatever the umask here."""
    shutil.copyfile(source, target)
    Path(target).chmod(0o644)
    return str(target)


def _run_chalice(workshop: Path, stage: str, out: Path) -> None:
    command = ["package", "--stage", stage, "--merge-template", "merge.json", str(out)]
    environ = {
        **os.environ,
        "AWS_DEFAULT_REGION": "eu-central-1",  # asked for, and not used in the template
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", _RUN_CHALICE, *command],
        cwd=workshop,
        env=environ,
        capture_output=True,
        text=True,
        timeout=MINUTES_MAX * 60,
        check=False,
    )
    if done.returncode != 0:
        raise PackageFailed(f"chalice package failed: {done.stdout}{done.stderr}")


def _forget_older(deployments: Path) -> None:
    """Keep the package of this code only: each takes tens of megabytes."""
    newest_first = sorted(deployments.glob("*.zip"), key=lambda path: -path.stat().st_mtime)
    for path in newest_first[1:]:
        path.unlink()


def main() -> int:
    """Package, and say where it is."""
    parser = argparse.ArgumentParser(prog="python -m infra.package")
    parser.add_argument("out", type=Path)
    parser.add_argument("--stage", choices=STAGES, default="dev")
    arguments = parser.parse_args()
    try:
        package(arguments.out, arguments.stage)
    except PackageFailed as error:
        print(f"kopilka: {error}", file=sys.stderr)
        return 1
    megabytes = (arguments.out / ZIP_NAME).stat().st_size / 1e6
    print(f"{arguments.out / ZIP_NAME}: {megabytes:.1f} MB, stage {arguments.stage}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
