"""Other ways in for a shopper whom no code by SMS reaches."""

from chalicelib.wiring import services


def alternatives() -> list[str]:
    """Return what a sign-up may send instead of `phone`, the better way first."""
    has_mail = services().settings.mail_sender != "off"
    return ["email", "card_only"] if has_mail else ["card_only"]
