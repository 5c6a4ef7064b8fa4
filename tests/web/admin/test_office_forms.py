"""Forms of the office: read as browsers send them, and no further."""

from urllib.parse import urlencode

import pytest

from chalicelib.api.parsing import BODY_BYTES_MAX, BadRequest
from chalicelib.web.admin.forms import FIELDS_MAX, URLENCODED_BYTES_MAX, read_form

URLENCODED = "application/x-www-form-urlencoded"
BOUNDARY = "----office"


def multipart(*parts: tuple[str, bytes]) -> bytes:
    body = b""
    for head, content in parts:
        body += f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode()
        body += content + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode()


def test_fields_are_read_with_the_spaces_around_them_taken_off() -> None:
    form = read_form(b"name=+%D0%90%D0%BD%D0%BD%D0%B0+&pin=4071&empty=", URLENCODED)

    assert form["name"] == "Анна"
    assert form["pin"] == "4071"
    assert (form["empty"], form["absent"]) == ("", "")
    assert form.has("pin")
    assert not form.has("empty")


def test_a_whole_document_fits_in_whatever_letters_it_is() -> None:
    document = "ж" * (BODY_BYTES_MAX // 2)

    form = read_form(urlencode({"document": document}).encode(), URLENCODED)

    assert form["document"] == document


def test_a_name_that_comes_twice_keeps_both() -> None:
    form = read_form(b"scopes=till&scopes=grants", URLENCODED)

    assert form["scopes"] == "till"
    assert form.all("scopes") == ("till", "grants")


def test_a_file_is_told_from_a_field() -> None:
    content = b"\x89PNG\r\n\x1a\n\x00\r\n--not the boundary"
    body = multipart(
        ('name="program_name"', "Лён".encode()),
        ('name="logo"; filename="l.png"\r\nContent-Type: image/png', content),
        ('name="strip"; filename=""\r\nContent-Type: application/octet-stream', b""),
    )

    form = read_form(body, f"multipart/form-data; boundary={BOUNDARY}")

    assert form["program_name"] == "Лён"
    assert form.files == {"logo": content}


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (b"{}", "application/json"),
        (b"a=1", None),
        (b"a=" + b"x" * URLENCODED_BYTES_MAX, URLENCODED),
        (b"&".join(b"a=1" for _ in range(FIELDS_MAX + 1)), URLENCODED),
        (b"a=%ff%fe", URLENCODED),
        ("a=ж".encode(), URLENCODED),
        (b"nothing at all", f"multipart/form-data; boundary={BOUNDARY}"),
        (b"", "multipart/form-data"),
    ],
    ids=["json", "no type", "large", "many", "no utf-8", "no ascii", "no parts", "no boundary"],
)
def test_what_is_no_form_is_refused(raw: bytes, content_type: str | None) -> None:
    with pytest.raises(BadRequest):
        read_form(raw, content_type)
