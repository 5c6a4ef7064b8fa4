"""One real package for all tests of a worker; workers share what was built."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from infra.package import TEMPLATE_NAME, ZIP_NAME, package


@dataclass(frozen=True, slots=True)
class Packaged:
    """What `make package` leaves."""

    folder: Path

    @property
    def archive(self) -> Path:
        return self.folder / ZIP_NAME

    @property
    def template(self) -> dict[str, Any]:
        """A new copy: a test may spoil it."""
        return json.loads((self.folder / TEMPLATE_NAME).read_text())

    @property
    def resources(self) -> dict[str, Any]:
        return self.template["Resources"]

    def properties(self, name: str) -> dict[str, Any]:
        return self.resources[name]["Properties"]

    def of_type(self, kind: str) -> dict[str, Any]:
        """Return the properties of all resources of a type, by name."""
        found = self.resources.items()
        return {name: value["Properties"] for name, value in found if value["Type"] == kind}


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Packaged:
    folder = tmp_path_factory.mktemp("package")
    package(folder, "dev")
    return Packaged(folder)


@pytest.fixture(scope="session")
def unpacked(packaged: Packaged, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with ZipFile(packaged.archive) as archive:
        archive.extractall(folder)
    return folder
