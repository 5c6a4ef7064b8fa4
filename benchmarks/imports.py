"""How long the purchase function takes to import, against a botocore client alone.

Each in a fresh interpreter, in turn, best of several: CPU seconds of the child.
"""

import subprocess
import sys
from typing import Any

ROUNDS = 5
_CPU = "import time;t=time.process_time();{};print(time.process_time()-t)"
_CLIENT = (
    "from botocore.session import get_session;"
    "get_session().create_client('dynamodb', region_name='eu-central-1',"
    " aws_access_key_id='x', aws_secret_access_key='x')"
)


def measure() -> dict[str, Any]:
    """Import both, in turn."""
    app, client = [], []
    for _ in range(ROUNDS):
        app.append(_cpu_ms("import app"))
        client.append(_cpu_ms(_CLIENT))
    return {
        "app_import_cpu_ms": round(min(app)),
        "botocore_client_cpu_ms": round(min(client)),
        "ratio": round(min(app) / min(client), 2),
    }


def _cpu_ms(code: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", _CPU.format(code)], check=True, capture_output=True, text=True
    )
    return float(done.stdout) * 1000
