"""The root of every error a user of the service can cause and we expect."""


class DomainError(Exception):
    """A request the rules refuse; never a bug, never retried.

    Subclasses live beside the function that raises them. `facts` are the numbers the
    edge adds to the problem document: never a phone number, name, token or serial.
    """

    code = "domain_error"  # stable, part of the public API

    def __init__(self, message: str, **facts: int | str | None) -> None:
        super().__init__(message)
        self.facts = facts
