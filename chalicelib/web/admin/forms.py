"""Forms as browsers send them: fields by name, and files.

`application/x-www-form-urlencoded` up to 200 KB: a program's document may have 64 KB, and
letters other than Latin take three times their bytes here. `multipart/form-data`, where a
form carries a file, up to what a function takes: each file is judged by who wants it. Text is
kept as it was typed, with the spaces around it taken off and line ends as one sign.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Final
from urllib.parse import parse_qsl

from chalicelib.api.parsing import BODY_BYTES_MAX, BadRequest

URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
FIELDS_MAX: Final = 200
URLENCODED_BYTES_MAX: Final = 3 * BODY_BYTES_MAX + 8192  # the other fields of its form


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed and chosen; of a name that comes several times `all` has every one."""

    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """Return a field; empty if it was not sent."""
        return self.values.get(name, "")

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a name."""
        return self.lists.get(name, ())

    def has(self, name: str) -> bool:
        """Return whether a field was sent and is not empty: a ticked box, a chosen one."""
        return bool(self.values.get(name))


def read_form(raw: bytes, content_type: str | None) -> Form:
    """Return the fields of a request's body.

    Raises:
        BadRequest: too large, too many fields, or no form.
    """
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind == URLENCODED:
        return _urlencoded(raw)
    if kind == MULTIPART:
        return _multipart(raw, content_type or "")
    raise BadRequest("unsupported_media_type", f"the body must be {URLENCODED}")


def _urlencoded(raw: bytes) -> Form:
    if len(raw) > URLENCODED_BYTES_MAX:
        said = f"{len(raw)} bytes, at most {URLENCODED_BYTES_MAX}"
        raise BadRequest("body_too_large", said)
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=FIELDS_MAX,
        )
    except ValueError as error:
        raise BadRequest("bad_input", "the form cannot be read") from error
    return _form(pairs, {})


def _multipart(raw: bytes, content_type: str) -> Form:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = message_from_bytes(head + raw, policy=policy.HTTP)
    parts = list(message.iter_parts()) if message.is_multipart() else []
    if not 0 < len(parts) <= FIELDS_MAX:
        raise BadRequest("bad_input", "the form cannot be read")
    pairs: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise BadRequest("bad_input", "the form cannot be read")
        if part.get_filename() is None:
            pairs.append((name, content.decode("utf-8", "replace")))
        elif content:
            files[name] = content
    return _form(pairs, files)


def _form(pairs: list[tuple[str, str]], files: Mapping[str, bytes]) -> Form:
    lists: dict[str, tuple[str, ...]] = {}
    for name, text in pairs:
        value = text.replace("\r\n", "\n").strip()
        lists[name] = (*lists.get(name, ()), value)
    return Form({name: found[0] for name, found in lists.items()}, lists, files)
