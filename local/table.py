"""The one table, made where no CloudFormation makes it: on one machine and in tests.

| part | keys |
|---|---|
| table | `pk`, `sk` |
| index `due` | `due`, `due_sk`: what the schedules must look at |
| index `dirty` | `dirty`, `dirty_sk`: what has not left the outbox |

Both indexes are sparse and KEYS_ONLY. `infra/` declares the same for AWS, and a test
compares the two.
"""

from typing import Any

from botocore.exceptions import ClientError

TTL_ATTRIBUTE = "ttl"  # epoch seconds

_STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
_KEY_ATTRIBUTES = ("pk", "sk", "due", "due_sk", "dirty", "dirty_sk")


def table_schema(name: str, *, stream: bool = True) -> dict[str, Any]:
    """Return the arguments of CreateTable."""
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": attribute, "AttributeType": "S"} for attribute in _KEY_ATTRIBUTES
        ],
        "KeySchema": _keys("pk", "sk"),
        "GlobalSecondaryIndexes": [
            {
                "IndexName": index,
                "KeySchema": _keys(index, f"{index}_sk"),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
            for index in ("due", "dirty")
        ],
        **({"StreamSpecification": _STREAM} if stream else {}),
    }


def create_table(client: Any, name: str, *, stream: bool = True) -> bool:
    """Create the table unless it exists; whether it is new. `client`: botocore, dynamodb.

    Tests that read no stream do without one: dynoxide's writes slow down with every
    stream record it keeps in memory (`local/engine_file.py`).
    """
    try:
        client.create_table(**table_schema(name, stream=stream))
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceInUseException":
            return False
        raise
    client.get_waiter("table_exists").wait(
        TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    client.update_time_to_live(
        TableName=name,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": TTL_ATTRIBUTE},
    )
    return True


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
