"""The SMS port over Amazon SNS: `Publish` to a phone number.

`Publish` to a phone takes no id of ours, so a repeat would be a second message: the client asks
once. Delivery reports go to CloudWatch Logs, not to us. `max_price_usd` is the most one message
may cost. (Amazon SNS developer guide, "Publishing to a mobile phone", read 2026-11; error codes
from botocore's model, `OptedOut` not seen in practice.)
"""

import logging
from http import HTTPStatus
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.sdk import new_session
from chalicelib.ports import Sms, SmsReceipt, SmsRejected, SmsUnavailable

_REASONS = {
    "OptedOut": "number_refused",
    "AccessDenied": "account_refused",
    "AccessDeniedException": "account_refused",
    "AuthorizationError": "account_refused",
    "InvalidClientTokenId": "account_refused",
    "SignatureDoesNotMatch": "account_refused",
    "ExpiredToken": "account_refused",
    "UnrecognizedClientException": "account_refused",
}
_NUMBER_CODES = frozenset({"InvalidParameter", "InvalidParameterValue", "ValidationError"})
_TRANSIENT_CODES = frozenset({"InternalError", "InternalFailure", "ServiceUnavailable"})


class SnsSms:
    """Sends through SNS, as transactional messages."""

    def __init__(
        self,
        *,
        region: str,
        sender_id: str = "",
        max_price_usd: str = "0.20",
        route: str = "sns",
        endpoint_url: str | None = None,
        connect_ms: int = 3_000,
        read_ms: int = 5_000,
    ) -> None:
        self.route = route
        # At DEBUG botocore logs every request whole: number and text.
        logging.getLogger("botocore").setLevel(logging.INFO)
        self._client: Any = new_session().create_client(
            "sns",
            region_name=region,
            endpoint_url=endpoint_url,
            config=Config(
                connect_timeout=connect_ms / 1000,
                read_timeout=read_ms / 1000,
                retries={"total_max_attempts": 1},
            ),
        )
        attributes = {
            "SMSType": ("String", "Transactional"),
            "MaxPrice": ("Number", max_price_usd),
        }
        if sender_id:
            attributes["SenderID"] = ("String", sender_id)
        self._attributes = {
            f"AWS.SNS.SMS.{name}": {"DataType": kind, "StringValue": value}
            for name, (kind, value) in attributes.items()
        }

    def send(self, sms: Sms) -> SmsReceipt:
        """Hand the message over, once. Raises SmsRejected, SmsUnavailable."""
        try:
            answer = self._client.publish(
                PhoneNumber=sms.to, Message=sms.text, MessageAttributes=self._attributes
            )
            operator_id = str(answer["MessageId"])
        except ClientError as error:
            raise self._trouble(error) from None  # SNS repeats the number in its message
        except (BotoCoreError, KeyError) as error:  # KeyError: XML that is not Amazon's
            raise SmsUnavailable(f"{self.route}: {type(error).__name__}") from None
        return SmsReceipt(route=self.route, operator_id=operator_id)

    def _trouble(self, error: ClientError) -> SmsRejected | SmsUnavailable:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if (
            "Throttl" in code
            or code in _TRANSIENT_CODES
            or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        ):
            return SmsUnavailable(f"{self.route}: {code}")
        reason = _REASONS.get(code, "request_refused")
        # The same code stands for any bad parameter; only the message says which.
        if code in _NUMBER_CODES and "phone" in str(error).replace(" ", "").lower():
            reason = "number_refused"
        return SmsRejected(reason, is_number_at_fault=reason == "number_refused")
