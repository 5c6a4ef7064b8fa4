"""What a newcomer can meet before the service is ready."""


class CannotStart(Exception):
    """The service cannot start; the message is one sentence with the way out."""
