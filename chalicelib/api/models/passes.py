"""What phones send to Apple's web service; unlike our own API, unknown fields may come."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

LOG_LINES_MAX = 20


class _FromPhone(BaseModel):
    """Apple may add a field with any release: what we do not know is left aside."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


class RegistrationBody(_FromPhone):
    """Where to push."""

    push_token: Annotated[str, Field(alias="pushToken", pattern=r"^[0-9A-Fa-f]{1,200}$")]


class LogBody(_FromPhone):
    """What went wrong on a phone."""

    logs: list[Any]


class UpdatedQuery(_FromPhone):
    """The tag of the last listing; unreadable means everything, so nothing is refused."""

    TAKES_ANYTHING: ClassVar = True
    since: Annotated[str, Field(alias="passesUpdatedSince")] = ""


class DownloadQuery(_FromPhone):
    """The secret part of the card's address."""

    token: str = ""
