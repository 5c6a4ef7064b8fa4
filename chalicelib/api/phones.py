"""Phone numbers as people write them, to E.164; only those that can receive a code.

A number without a country code is read as one of the merchant's country. Importing the
number plans takes 30 ms: only sign-ups and look-ups by phone pay for it.
"""

from collections.abc import Sequence

from chalicelib.domain.errors import DomainError

TYPED_CHARS_MAX = 40


class PhoneInvalid(DomainError):
    """Not a number that a mobile phone can have."""

    code = "phone_invalid"

    def __init__(self) -> None:
        super().__init__("not a number that a mobile phone can have")


class PhoneNotAllowed(DomainError):
    """A good number of a country that codes are not sent to."""

    code = "phone_not_allowed"

    def __init__(self, countries: Sequence[str]) -> None:
        super().__init__(
            "codes are not sent to that country; a card needs no phone to earn",
            countries=",".join(countries),
        )


def parse_phone(text: str, country: str) -> str:
    """Return the number as E.164, read as one of `country` if it names none.

    Raises:
        PhoneInvalid: impossible, premium, short, or surely not a mobile phone's.
    """
    return _parsed(text, country)[0]


def parse_allowed_phone(text: str, country: str, allowed: Sequence[str]) -> str:
    """Return the number as E.164 if codes may be sent to its country.

    Raises:
        PhoneInvalid: as `parse_phone`.
        PhoneNotAllowed: its country is not one of `allowed`.
    """
    number, region = _parsed(text, country)
    if region not in allowed:
        raise PhoneNotAllowed(allowed)
    return number


def _parsed(text: str, country: str) -> tuple[str, str]:
    import phonenumbers  # lazy: see above
    from phonenumbers import PhoneNumberFormat, PhoneNumberType

    if len(text) > TYPED_CHARS_MAX:
        raise PhoneInvalid
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise PhoneInvalid from None
    kind = phonenumbers.number_type(number)
    mobile = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
    region = phonenumbers.region_code_for_number(number)
    if kind not in mobile or number.extension or region is None:
        raise PhoneInvalid
    return phonenumbers.format_number(number, PhoneNumberFormat.E164), region
