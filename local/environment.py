"""The settings and secrets of one machine: what a deployment sets, made on the first start.

Whatever the user's environment names already is kept (`SMS_LIMIT_PER_IP=1000 make run`).
"""

import base64
import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from chalicelib.adapters.private_files import write_private
from local.certificates import Certificates

TABLE_NAME = "kopilka"
PASS_TYPE_IDENTIFIER = "pass.app.kopilka"
TEAM_IDENTIFIER = "KOPILKA000"
SECRET_BYTES = 32
DEMO_MERCHANT = "demo"


def ensure_secrets(path: Path) -> None:
    """Write random secrets, once. Without them no stored hash or profile opens again."""
    if path.exists():
        return
    fresh = {
        "pepper_index": _secret(),
        "pepper_tokens": [_secret()],
        "master_key": _secret(),
    }
    write_private(path, json.dumps(fresh, indent=2))


def local_settings(
    *,
    given: Mapping[str, str],
    folder: Path,
    base_url: str,
    endpoint: str,
    certificates: Certificates,
    apns_port: int,
    google: Mapping[str, str],
) -> dict[str, str]:
    """Return every setting that differs from a deployment's, under those given."""
    ours = {
        "TABLE_NAME": TABLE_NAME,
        "AWS_REGION": "local",
        "AWS_DEFAULT_REGION": "local",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
        "PUBLIC_URL": base_url,
        "SECRETS_FILE": str(folder / "secrets.json"),
        "TASK_QUEUE": "memory",
        "CLOCK": "movable",
        "SMS_SENDER": "console",
        "MAIL_SENDER": "console",
        "STAGE": "local",
        "PASS_TYPE_IDENTIFIER": PASS_TYPE_IDENTIFIER,
        "TEAM_IDENTIFIER": TEAM_IDENTIFIER,
        "PASS_CERTIFICATE_FILE": str(certificates.pass_certificate),
        "PASS_KEY_FILE": str(certificates.pass_key),
        "WWDR_CERTIFICATE_FILE": str(certificates.wwdr),
        "APNS_HOST": "127.0.0.1",
        "APNS_PORT": str(apns_port),
        "APNS_CA_FILE": str(certificates.pass_ca),
        **google,
        "POWERTOOLS_SERVICE_NAME": "kopilka",
        "POWERTOOLS_METRICS_NAMESPACE": "Kopilka",
    }
    # The engine is ours, and so are the keys to it: the user's AWS account is never asked.
    fixed = {"DYNAMODB_ENDPOINT": endpoint, "TABLE_NAME": TABLE_NAME}
    fixed |= {name: value for name, value in ours.items() if name.startswith("AWS_")}
    return {**ours, **{name: given[name] for name in ours if given.get(name)}, **fixed}


def _secret() -> str:
    return base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
