"""The zip that Lambda gets: everything it needs, nothing it cannot run."""

import platform
import re
import subprocess
import sys
from zipfile import ZipFile

import pytest

from infra.contents import complaints, shipped_files
from infra.package import ROOT
from infra.pruning import SERVICES
from infra.requirements import locked_versions, shipped_lock, shipped_names

RUNTIME = "python3.11"
IS_LAMBDA_LIKE = (platform.system(), platform.machine()) == ("Linux", "x86_64")
PURE = "Wheel-Version: 1.0\nTag: py3-none-any\n"


def test_every_file_of_ours_is_in_the_package(packaged) -> None:
    with ZipFile(packaged.archive) as archive:
        names = set(archive.namelist())

    ours = {name for name, _ in shipped_files(ROOT)}

    assert ours - names == set()
    assert {"app.py", "passes/apple.py", "passes/artwork/icon@3x.png"} <= ours


def test_what_only_a_developer_needs_is_not_shipped() -> None:
    names = shipped_names((ROOT / "requirements.in").read_text())

    assert {"pynamodb", "wallet-py3k", "cryptography", "cffi", "pydantic-core"} <= names
    assert not names & {"chalice", "pip", "setuptools", "inquirer", "pyyaml", "boto3"}


def test_every_shipped_requirement_is_pinned_with_its_hashes() -> None:
    lock = shipped_lock(ROOT)

    names = shipped_names((ROOT / "requirements.in").read_text())

    assert locked_versions(lock).keys() == names
    assert all("--hash=sha256:" in block for block in lock.split("==")[1:])


def test_every_handler_can_be_imported_from_the_package_alone(packaged, unpacked) -> None:
    functions = packaged.of_type("AWS::Serverless::Function")
    handlers = sorted(function["Handler"] for function in functions.values())
    script = "import importlib, sys\nfor name in sys.argv[1:]:\n" + (
        "    module, attribute = name.rsplit('.', 1)\n"
        "    assert callable(getattr(importlib.import_module(module), attribute)), name\n"
    )
    # Libraries are built for Lambda: elsewhere the project's own environment must do.
    isolation, folder = (["-S", "-E"], unpacked) if IS_LAMBDA_LIKE else ([], ROOT)

    done = subprocess.run(
        [sys.executable, *isolation, "-B", "-c", script, *handlers],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert handlers == [
        "app.app",
        "chalicelib.jobs.operator.add_till",
        "chalicelib.jobs.operator.open_merchant",
        "chalicelib.jobs.outbox.relay",
        "chalicelib.jobs.outbox.sweep",
        "chalicelib.jobs.schedule.tick",
        "chalicelib.jobs.schedule.work",
        "chalicelib.jobs.sms.send",
    ]


def test_what_is_left_out_of_libraries_is_never_asked_for(unpacked) -> None:
    script = (
        "import sys\nfrom botocore.session import get_session\n"
        "from chalicelib.web.formats import money\n"
        "for name in sys.argv[1:]:\n"
        "    get_session().create_client(name, region_name='eu-central-1')\n"
        "print(money(123450, 'RUB', 'ru'), money(123450, 'RUB', 'en'))\n"
    )
    isolation, folder = (["-S", "-E"], unpacked) if IS_LAMBDA_LIKE else ([], ROOT)

    done = subprocess.run(
        [sys.executable, *isolation, "-B", "-c", script, *SERVICES],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert "234" in done.stdout


def test_every_service_that_is_called_is_kept() -> None:
    sources = [path.read_text() for path in (ROOT / "chalicelib").rglob("*.py")]
    called = {name for text in sources for name in re.findall(r"client\(\s*\"([a-z]+)\"", text)}

    assert {"sqs", "secretsmanager"} <= called <= set(SERVICES)


@pytest.fixture
def project(tmp_path):
    """A project of two files and the files of its package; tests spoil one or the other."""
    (tmp_path / "chalicelib" / "web").mkdir(parents=True)
    (tmp_path / "vendor" / "passes").mkdir(parents=True)
    (tmp_path / "app.py").write_text("app = 1\n")
    (tmp_path / "chalicelib" / "web" / "page.html").write_text("<p>")
    (tmp_path / "vendor" / "passes" / "icon.png").write_bytes(b"png")
    files = {name: path.read_bytes() for name, path in shipped_files(tmp_path)}
    files |= {"six-1.0.dist-info/WHEEL": PURE, "six-1.0.dist-info/RECORD": "six.py,,\n"}
    return tmp_path, files


def complaints_about(project, changes) -> list[str]:
    root, files = project
    archive_path = root / "package.zip"
    with ZipFile(archive_path, "w") as archive:
        for name, content in (files | changes).items():
            if content is not None:
                archive.writestr(name, content)
    return complaints(archive_path, root, {"six": "1.0"}, RUNTIME)


def test_a_complete_package_is_not_complained_of(project) -> None:
    assert complaints_about(project, {}) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"passes/icon.png": None}, "passes/icon.png is missing"),
        ({"chalicelib/web/page.html": "<b>"}, "chalicelib/web/page.html is out of date"),
        ({"local/__main__.py": ""}, "local does not belong on Lambda"),
        ({"playwright/__init__.py": ""}, "playwright does not belong on Lambda"),
        (
            {"chalicelib/__pycache__/x.pyc": ""},
            "chalicelib/__pycache__/x.pyc does not belong on Lambda",
        ),
        ({"six-1.0.dist-info/WHEEL": None}, "six.so comes from no manylinux wheel"),
        (
            {"six-1.0.dist-info/WHEEL": "Tag: cp311-cp311-linux_x86_64\n"},
            "six-1.0.dist-info is built for linux_x86_64",
        ),
        (
            {"six-1.0.dist-info/WHEEL": "Tag: cp311-cp311-manylinux_2_34_x86_64\n"},
            "six-1.0.dist-info is built for manylinux_2_34_x86_64",
        ),
        (
            {"six-1.0.dist-info/WHEEL": None, "six-1.0.dist-info/RECORD": None},
            "six 1.0 is missing",
        ),
    ],
)
def test_a_package_that_lambda_cannot_run_is_complained_of(project, changes, complaint) -> None:
    is_about_library = "six.so" in complaint
    added = {"six.so": b"\x7fELF"} if is_about_library else {}

    found = complaints_about(project, changes | added)

    assert complaint in found
