"""What Google Wallet calls back with; Google may add a field at any time."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_Text = Annotated[str, Field(max_length=20_000)]


class _FromGoogle(BaseModel):
    """What we do not know is left aside."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


class SigningKey(_FromGoogle):
    """The key that signed the message, and who vouches for it."""

    signed_key: Annotated[_Text, Field(alias="signedKey")]
    signatures: Annotated[list[_Text], Field(max_length=10)]


class CallbackBody(_FromGoogle):
    """A signed message; see adapters/google_callbacks.py."""

    signature: _Text
    signing_key: Annotated[SigningKey, Field(alias="intermediateSigningKey")]
    protocol_version: Annotated[_Text, Field(alias="protocolVersion")]
    signed_message: Annotated[_Text, Field(alias="signedMessage")]
