"""One way out for promised messages: to a phone by SMS, to an e-mail address as a letter.

A letter's text begins with its subject and an empty line.
"""

from chalicelib.ports import (
    Letter,
    Mailer,
    MailRejected,
    MailUnavailable,
    Sms,
    SmsReceipt,
    SmsRejected,
    SmsSender,
    SmsUnavailable,
)

ROUTE = "email"


class ByAddress:
    """The `SmsSender` port over both."""

    def __init__(self, sms: SmsSender, mailer: Mailer) -> None:
        self._sms = sms
        self._mailer = mailer

    def send(self, sms: Sms, *, after: str | None = None) -> SmsReceipt:
        """Send by what the address is for; a letter has one route."""
        if "@" not in sms.to:
            return self._sms.send(sms, after=after)
        if after is not None:
            raise SmsRejected("routes_exhausted", is_number_at_fault=False)
        subject, _, text = sms.text.partition("\n\n")
        try:
            self._mailer.send(Letter(sms.message_id, sms.to, subject, text))
        except MailRejected as error:
            raise SmsRejected(str(error), is_number_at_fault=True) from error
        except MailUnavailable as error:
            raise SmsUnavailable(str(error)) from error
        return SmsReceipt(route=ROUTE, operator_id=sms.message_id)
