"""What is asked of a preview."""

from typing import ClassVar, Literal

from pydantic import RootModel

from chalicelib.api.shapes import Id, Query


class PreviewQuery(Query):
    """Which card to draw, by which design."""

    wallet: Literal["apple", "google"]
    of: Literal["draft", "published"] = "published"
    language: Literal["ru", "en"] | None = None
    member_id: Id | None = None


class PreviewPicture(RootModel[str]):
    """An SVG."""

    MEDIA_TYPE: ClassVar[str] = "image/svg+xml"
