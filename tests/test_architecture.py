"""The dependency rules of docs/ARCHITECTURE.md, and the sizes that keep code readable.

Read from the source, so that a breach names its file. Layers: see `LAYERS`; a folder that
is not listed there is a fault too.
"""

import ast
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).parent.parent
NOT_SHIPPED = {"local", "infra", "benchmarks", "journeys", "scenarios", "replay", "tests"}
OURS = NOT_SHIPPED | {"chalicelib", "passes"}
AWS = {"boto3", "botocore", "pynamodb"}
NETWORK = {
    "asyncio", "ftplib", "http", "httpcore", "httpx", "requests", "shelve", "smtplib",
    "socket", "socketserver", "sqlite3", "ssl", "urllib3", *AWS, "chalice",
}  # fmt: skip
IMPURE = {"os", "random", "secrets", "time", "uuid", "subprocess", "threading", "pathlib"}
FUNCTION_LINES_MAX, FUNCTION_LINES_MEDIAN, FUNCTION_LINES_95TH = 50, 8, 30
MODULE_LINES_MAX = 300
# Words the glossary forbids for one thing that are right for another: an online order, the
# order of spending (R11), the verb to check, a receipt's status, a gift card.
OF_OTHER_THINGS = frozenset({"order", "spend", "check", "status", "gift"})
TOOLS = {
    "local",
    "infra",
    "benchmarks",
    "journeys",
}  # start processes, and hand them an environment
EXCEPTIONS = {
    ("chalicelib/api/openapi.py", "app"),  # the document lists every route there is
    # What a card shows is said once, in `api/cards.py`, though Google's phones fetch nothing.
    ("chalicelib/jobs/google.py", "chalicelib.api.google_cards.google_desk"),
}


@dataclass(frozen=True)
class Layer:
    """Which of our own folders a layer may import, and which outside packages."""

    ours: frozenset[str]
    outside: frozenset[str] | None = frozenset()  # besides the standard library; None: any
    never: frozenset[str] = frozenset()


def _layer(ours: str, outside: str | None = "", never: set[str] | None = None) -> Layer:
    packages = None if outside is None else frozenset(outside.split())
    return Layer(frozenset(ours.split()), packages, frozenset(never or ()))


LAYERS = {
    "domain": _layer("domain", never=NETWORK | IMPURE),
    "ports": _layer("ports domain", never=NETWORK | IMPURE),
    "usecases": _layer("usecases ports domain", never=NETWORK | IMPURE),
    "adapters": _layer("adapters ports domain", None, {"chalice"}),
    "api": _layer("api usecases domain ports passes wiring", None, AWS),
    "web": _layer("web api usecases domain ports passes wiring", None, AWS),
    "jobs": _layer("jobs usecases domain ports passes wiring", None, AWS),
    "wiring": _layer(
        "wiring adapters ports domain usecases passes settings logs", None, {"chalice"}
    ),
    "logs": _layer("domain", never=NETWORK),
    "settings": _layer("domain", never=NETWORK),
    "app": _layer("api web jobs", "chalice"),
    "passes": _layer(
        "passes domain",
        "wallet cryptography jwt qrcode aztec_code_generator pdf417gen PIL",
        NETWORK | {"urllib"},
    ),
    "local": Layer(frozenset(OURS | {"app", "settings", "wiring"}) - {"tests"}, None),
    "infra": Layer(frozenset({"infra", "app", "settings"}), None),
    "journeys": Layer(frozenset(OURS | {"app", "settings", "wiring"}), None),
    "benchmarks": Layer(frozenset(OURS | {"app", "settings", "wiring"}), None),
    "scenarios": Layer(frozenset({"scenarios", "local"}), None),
    "replay": Layer(frozenset({"replay", "local", "scenarios"}), None),
}
SHIPPED = [name for name in LAYERS if name not in NOT_SHIPPED]


def layer_of(file: Path) -> str:
    """Return the layer a source file belongs to."""
    first, *rest = file.relative_to(ROOT).with_suffix("").parts
    if first == "chalicelib":
        return rest[0] if rest[0] != "__init__" else "domain"
    return first


@cache
def sources() -> tuple[Path, ...]:
    """Return our own Python files, tests left out."""
    folders = [ROOT / name for name in sorted(OURS - {"tests"})]
    found = [file for folder in folders for file in folder.rglob("*.py")]
    return (ROOT / "app.py", *sorted(f for f in found if "__pycache__" not in f.parts))


@cache
def tree(file: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(file.read_text(encoding="utf-8"))


def imports(file: Path) -> set[str]:
    """Return the modules a file imports anywhere, as absolute names."""
    names: set[str] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{_origin(file, node)}.{alias.name}" for alias in node.names}
    return names


def breaches(file: Path) -> list[str]:
    """Return the imports of a file that its layer may not have."""
    layer, path = LAYERS[layer_of(file)], file.relative_to(ROOT).as_posix()
    found = (name for name in imports(file) if not _may(layer, name))
    return sorted(name for name in found if (path, name) not in EXCEPTIONS)


def of_layer(*names: str) -> list[Path]:
    """Return the files of some layers."""
    return [file for file in sources() if layer_of(file) in names]


class TestImports:
    def test_every_file_belongs_to_a_layer_with_rules(self) -> None:
        assert {layer_of(file) for file in sources()} <= LAYERS.keys()

    @pytest.mark.parametrize("layer", LAYERS)
    def test_a_layer_imports_only_what_it_may(self, layer: str) -> None:
        found = {str(file.relative_to(ROOT)): breaches(file) for file in of_layer(layer)}

        assert {file: names for file, names in found.items() if names} == {}

    def test_nothing_that_ships_imports_what_does_not(self) -> None:
        found = [
            (file.name, name)
            for file in of_layer(*SHIPPED)
            for name in imports(file)
            if name.partition(".")[0] in NOT_SHIPPED
        ]

        assert found == []

    def test_only_the_wiring_reads_the_environment(self) -> None:
        readers = {
            str(file.relative_to(ROOT))
            for file in sources()
            if layer_of(file) not in TOOLS and _reads_environment(file)
        }

        assert readers <= {"chalicelib/wiring/__init__.py"}

    @pytest.mark.parametrize(
        ("layer", "line"),
        [
            ("domain", "import boto3"),
            ("domain", "from chalicelib.ports import Ledger"),
            ("ports", "from chalicelib import usecases"),
            ("usecases", "from chalicelib.adapters.clock import SystemClock"),
            ("usecases", "from chalicelib.settings import Settings"),
            ("adapters", "from chalicelib.settings import Settings"),
            ("adapters", "from chalicelib.usecases import points"),
            ("api", "import pynamodb.models"),
            ("web", "from ..adapters import vault"),
            ("jobs", "from local.engine import Engine"),
            ("passes", "import socket"),
            ("passes", "from chalicelib.ports import Ledger"),
            ("settings", "from chalicelib.wiring import services"),
            ("wiring", "import local"),
            ("local", "from tests import builders"),
        ],
    )
    def test_a_planted_import_is_found(self, layer: str, line: str) -> None:
        node = ast.parse(line).body[0]
        assert isinstance(node, (ast.Import, ast.ImportFrom))
        file = ROOT / ("chalicelib" if layer not in OURS else "") / layer / "planted.py"
        origin = [f"{_origin(file, node)}."] if isinstance(node, ast.ImportFrom) else [""]

        names = [f"{origin[0]}{alias.name}" for alias in node.names]

        assert not all(_may(LAYERS[layer], name) for name in names)


class TestSizes:
    def test_no_shipped_module_is_longer_than_allowed(self) -> None:
        lengths = {str(f.relative_to(ROOT)): _lines(f) for f in of_layer(*SHIPPED)}

        assert {f: n for f, n in lengths.items() if n > MODULE_LINES_MAX} == {}

    def test_no_shipped_function_is_longer_than_allowed(self) -> None:
        lengths = {
            f"{file.relative_to(ROOT)}:{function.name}": _length(function)
            for file in of_layer(*SHIPPED)
            for function in functions(file)
        }

        assert {f: n for f, n in lengths.items() if n > FUNCTION_LINES_MAX} == {}

    def test_most_functions_are_short(self) -> None:
        lengths = [_length(f) for file in of_layer(*SHIPPED) for f in functions(file)]

        assert median(lengths) <= FUNCTION_LINES_MEDIAN
        assert quantiles(lengths, n=20)[-1] <= FUNCTION_LINES_95TH


class TestWords:
    def test_every_public_function_of_the_rules_says_what_it_does(self) -> None:
        silent = [
            f"{file.relative_to(ROOT)}:{node.name}"
            for file in of_layer("domain", "usecases", "ports")
            for node in ast.walk(tree(file))
            if isinstance(node, (ast.FunctionDef, ast.ClassDef))
            and not node.name.startswith("_")
            and not _is_inner(file, node)
            and not ast.get_docstring(node)
        ]

        assert silent == []

    def test_every_shipped_module_says_what_it_is(self) -> None:
        silent = [
            str(file.relative_to(ROOT))
            for file in of_layer(*SHIPPED)
            if file.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(file))
        ]

        assert silent == []

    @pytest.mark.parametrize("layer", ["domain", "ports", "usecases", "passes"])
    def test_no_word_that_the_glossary_forbids_is_used_in_a_name(self, layer: str) -> None:
        forbidden = forbidden_words()

        found = {
            f"{file.relative_to(ROOT)}: {name}"
            for file in of_layer(layer)
            for name in defined_names(file)
            if forbidden & set(_words(name))
        }

        assert found == set()


def functions(file: Path) -> list[ast.FunctionDef]:
    """Return the functions and methods of a file."""
    return [node for node in ast.walk(tree(file)) if isinstance(node, ast.FunctionDef)]


def forbidden_words() -> set[str]:
    """Return the single words of the glossary's last column that are nobody's own word.

    A word with an explanation in brackets is forbidden in one meaning only.
    """
    rows = [
        [cell.strip() for cell in line.strip().split("|")[1:-1]]
        for line in (ROOT / "docs" / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("|") and line.count("|") >= 4
    ][2:]
    own = {word for row in rows for word in re.findall(r"[a-z]+", " ".join(row[:2]).lower())}
    never = {word.strip().lower() for row in rows for word in row[2].split(",")}
    return {word for word in never if re.fullmatch(r"[a-z]+", word)} - own - OF_OTHER_THINGS


def defined_names(file: Path) -> set[str]:
    """Return the names a file gives: functions, classes, parameters, variables, fields."""
    names: set[str] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def _origin(file: Path, node: ast.ImportFrom) -> str:
    """Return the absolute module an import takes its names from."""
    if not node.level:
        return node.module or ""
    package = file.relative_to(ROOT).with_suffix("").parts[: -node.level]
    return ".".join((*package, *((node.module,) if node.module else ())))


def _may(layer: Layer, name: str) -> bool:
    first, *rest = name.split(".")
    if first in layer.never:
        return False
    if first == "chalicelib":
        return bool(rest) and (rest[0] in layer.ours or first in layer.ours)
    if first in OURS or first == "app":
        return first in layer.ours
    return layer.outside is None or first in sys.stdlib_module_names | layer.outside


def _reads_environment(file: Path) -> bool:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb"):
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            return any(alias.name in ("environ", "getenv") for alias in node.names)
    return False


def _length(function: ast.FunctionDef) -> int:
    """Return a function's lines without its docstring, as the models were measured."""
    own = (function.end_lineno or function.lineno) - function.lineno + 1
    if not ast.get_docstring(function):
        return own
    docstring = function.body[0]
    return own - ((docstring.end_lineno or 0) - docstring.lineno + 1)


def _lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def _is_inner(file: Path, node: ast.AST) -> bool:
    """Return whether a definition stands inside a function: nobody else can call it."""
    return any(
        node is inner
        for function in functions(file)
        for inner in ast.walk(function)
        if inner is not function
    )


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z]+", re.sub(r"([A-Z])", r"_\1", name).lower())
