"""What each of Chalice's functions is told, and its log.

Memory, time-out and policy of a function are in `.chalice/`. This is not in CloudFormation's
`Globals`, because cfn-lint does not look there. A log is named by us: one that is named after
its function could not stand in the function's own policy.
"""

from typing import Any

# Resource → name in .chalice/config.json, but for the API's, which Chalice calls api_handler.
FUNCTIONS = {
    "APIHandler": "api",
    "Relay": "relay",
    "Sweep": "sweep",
    "Send": "send",
    "Tick": "tick",
    "Work": "work",
    "OpenMerchant": "open_merchant",
    "AddTill": "add_till",
}
LOG_DAYS = 30

# AWS_REGION comes from Lambda itself. An empty variable is a setting left at its default.
ENVIRONMENT: dict[str, Any] = {
    "STAGE": {"Ref": "Stage"},
    "TABLE_NAME": {"Ref": "Table"},
    "PUBLIC_URL": {"Ref": "PublicUrl"},
    "SECRET_NAME": {"Fn::Sub": "kopilka/${Stage}/keyring"},
    "KMS_KEY_ID": {"Fn::GetAtt": ["ProfileKey", "Arn"]},
    "TASK_QUEUE": "sqs",
    "SMS_QUEUE_URL": {"Ref": "SmsQueue"},
    "SCHEDULE_QUEUE_URL": {"Ref": "ScheduleQueue"},
    "EVENT_BUS": {"Ref": "EventBus"},
    "SMS_SENDER": {"Ref": "SmsSender"},
    "SMS_SENDER_ID": {"Ref": "SmsSenderId"},
    "MAIL_SENDER": {"Ref": "MailSender"},
    "MAIL_HOST": {"Ref": "MailHost"},
    "MAIL_FROM": {"Ref": "MailFrom"},
    "SMS_ROUTES": {"Ref": "SmsRoutes"},
    "PASS_TYPE_IDENTIFIER": {"Ref": "PassTypeIdentifier"},
    "TEAM_IDENTIFIER": {"Ref": "TeamIdentifier"},
    "PASS_SECRET_NAME": {"Fn::Sub": "kopilka/${Stage}/pass"},
    "PASS_CERTIFICATES_PREFIX": {"Fn::Sub": "kopilka/${Stage}/pass-of/"},
    "APNS_KEY_ID": {"Ref": "ApnsKeyId"},
    "GOOGLE_ISSUER_ID": {"Ref": "GoogleIssuerId"},
    "GOOGLE_SECRET_NAME": {"Fn::Sub": "kopilka/${Stage}/google"},
    "POWERTOOLS_SERVICE_NAME": "kopilka",
    "POWERTOOLS_METRICS_NAMESPACE": "Kopilka",
    "POWERTOOLS_LOG_LEVEL": "INFO",
}


def functions() -> dict[str, Any]:
    """Return what is merged into the functions, and their logs, as resources."""
    made: dict[str, Any] = {}
    for function, name in FUNCTIONS.items():
        log = f"{function}Log"
        made[log] = {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {
                "LogGroupName": {"Fn::Sub": f"/kopilka/${{Stage}}/{name}"},
                "RetentionInDays": LOG_DAYS,
            },
        }
        made[function] = {
            "Properties": {
                "Environment": {"Variables": ENVIRONMENT},
                "LoggingConfig": {
                    "LogGroup": {"Ref": log},
                    "LogFormat": "JSON",  # which also makes the runtime log at INFO
                    "ApplicationLogLevel": "INFO",
                    "SystemLogLevel": "WARN",
                },
            }
        }
    return made
