"""One template out of the files of this folder: `chalice package` takes only one.

Files are YAML with CloudFormation's short tags (`!Ref`, `!Sub`, `!GetAtt` …). A name stands
in one file only: two that define the same would silently overwrite each other.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.alarms import alarms
from infra.functions import functions

STAGES = ("dev", "prod")
_FOLDER = Path(__file__).resolve().parent
_BARE_TAGS = frozenset({"Ref", "Condition"})  # all others are short for `Fn::`


class DefinedTwice(Exception):
    """Two files define the same name."""


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags."""


def template(stage: str, folder: Path = _FOLDER) -> dict[str, Any]:
    """Return everything that is not Chalice's, for one stage.

    Raises:
        DefinedTwice: two files define the same name.
    """
    merged: dict[str, Any] = {"Parameters": {"Stage": _stage_parameter(stage)}}
    for path in sorted(folder.glob("*.yaml")):
        _add(merged, read(path), path.name)
    _add(merged, {"Resources": functions()}, "functions.py")
    _add(merged, {"Resources": alarms()}, "alarms.py")
    return merged


def read(path: Path) -> dict[str, Any]:
    """Return one file, short tags written out."""
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    return found


def _add(merged: dict[str, Any], part: Mapping[str, Any], origin: str) -> None:
    for section, named in part.items():
        present = merged.setdefault(section, {})
        if twice := present.keys() & named.keys():
            raise DefinedTwice(f"{origin}: {', '.join(sorted(twice))}")
        present.update(named)


def _stage_parameter(stage: str) -> dict[str, Any]:
    """Return a parameter that has one value: a package is of one stage."""
    return {"Type": "String", "Default": stage, "AllowedValues": [stage]}


def _tagged(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in _BARE_TAGS else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        text = str(loader.construct_scalar(node))
        return {name: text.split(".", 1) if suffix == "GetAtt" else text}
    assert isinstance(node, yaml.SequenceNode), "no tag we use takes a mapping"
    return {name: loader.construct_sequence(node, deep=True)}


_Loader.add_multi_constructor("!", _tagged)
