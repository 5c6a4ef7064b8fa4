"""Made-up phone numbers that a phone library holds for real.

No subscriber is called: the codes go to the local outbox.
"""

import phonenumbers

PHONES_MAX = 7_000_000
_SUBSCRIBERS = 10_000  # the last four digits
_SERVICE = 11  # what a service number's middle digits end in


def phone(number: int, country: str) -> str:
    """Return the made-up number for a counter from 0, in E.164.

    >>> phone(0, "US"), phone(0, "RU")
    ('+12122000000', '+79992000000')

    Raises:
        ValueError: there are not so many.
    """
    if not 0 <= number < PHONES_MAX:
        raise ValueError(f"{number} is not below {PHONES_MAX}")
    exchange, subscriber = divmod(number, _SUBSCRIBERS)
    prefix = "+1212" if country == "US" else "+7999"
    made_up = f"{prefix}{_exchange(exchange)}{subscriber:04d}"
    assert phonenumbers.is_valid_number(phonenumbers.parse(made_up)), made_up
    return made_up


def _exchange(index: int) -> int:
    """Return the three middle digits: 200 to 999 without 211, 311, … (service numbers)."""
    hundreds, rest = divmod(index, 99)
    return (hundreds + 2) * 100 + rest + (rest >= _SERVICE)
