"""Pass designs and their images; the document's own rules are checked by the domain."""

from typing import Any, Literal

from pydantic import ConfigDict, RootModel

from chalicelib.api.shapes import Body, Query
from chalicelib.api.versions import ChangeAnswer


class DesignBody(RootModel[dict[str, Any]]):
    """A pass design as docs/PASS_DESIGN.md describes it."""

    model_config = ConfigDict(defer_build=True)


class DesignAnswer(RootModel[dict[str, Any]]):
    """A pass design's document."""

    model_config = ConfigDict(defer_build=True)


class DesignDiffAnswer(Body):
    """What publishing the draft would change, in order of path."""

    object: Literal["pass_design_diff"]
    items: list[ChangeAnswer]


class DesignPublishedAnswer(Body):
    """What was published; passes show it from now on."""

    object: Literal["pass_design_version"]
    version: int


class DesignVersionAnswer(Body):
    """A version of the design."""

    object: Literal["pass_design_version"]
    version: int
    published_at: str


class DesignVersionsAnswer(Body):
    """Versions, newest first."""

    items: list[DesignVersionAnswer]
    next_cursor: str | None


class ImageQuery(Query):
    """What the image is for."""

    use: Literal["logo", "strip", "icon"]


class ImageFileAnswer(Body):
    """A PNG made of the upload, and its public address."""

    name: str
    width: int
    height: int
    bytes: int
    url: str


class ImageAnswer(Body):
    """An image: what was made of it, how much of every pass it takes, what to look at."""

    object: Literal["pass_image"]
    id: str
    use: Literal["logo", "strip", "icon"]
    width: int
    height: int
    pass_bytes: int
    files: list[ImageFileAnswer]
    warnings: list[Literal["busy_left", "enlarged", "few_colours"]]
    added_at: str


class ImagesAnswer(Body):
    """Every image, oldest first: there is no next page."""

    items: list[ImageAnswer]
    next_cursor: None
