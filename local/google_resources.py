"""Google Wallet's classes and objects in memory, judged as strictly as Google says it does.

Bodies against the discovery document; ids; what must exist; how often an object may ring.
Error bodies: Google Wallet API v1, "Errors", read 2026-11. A change merges objects and replaces
lists, an update replaces all.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.google_schema import faults

OBJECTS_MAX = 100_000
MESSAGES_MAX = 10
NOTICES_MAX = 3
NOTICE_SECONDS = 24 * 3600
_TYPES = {"loyaltyClass": "LoyaltyClass", "loyaltyObject": "LoyaltyObject"}
_NEEDED = {
    "loyaltyClass": ("id", "issuerName", "programName", "programLogo", "reviewStatus"),
    "loyaltyObject": ("id", "classId", "state"),
}
_NAME = re.compile(r"[A-Za-z0-9._-]+")

Answer = tuple[int, dict[str, Any]]


def error(status: int, reason: str, message: str) -> Answer:
    """Return an error as Google words it."""
    one = {"message": message, "domain": "walletobjects", "reason": reason}
    return status, {"error": {"code": status, "message": message, "errors": [one]}}


@dataclass(slots=True)
class Resources:
    """What one issuer has."""

    issuer_id: str
    now: Callable[[], float] = time.time
    kept: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {collection: {} for collection in _TYPES}
    )
    rings: dict[str, list[float]] = field(default_factory=dict)

    def handle(self, method: str, path: str, body: Any) -> Answer:
        """Answer one request; `path` is what follows `/walletobjects/v1/`."""
        collection, _, rest = path.partition("/")
        resource_id, _, action = rest.partition("/")
        if collection not in _TYPES:
            return error(404, "notFound", "no such collection")
        if method == "POST" and not resource_id:
            return self._insert(collection, body)
        if (method, action) == ("POST", "addMessage"):
            return self._add_message(collection, resource_id, body)
        if action or method not in ("GET", "PATCH", "PUT"):
            return error(404, "notFound", "no such method")
        return self._change(method, collection, resource_id, body)

    def _insert(self, collection: str, body: Any) -> Answer:
        if (refused := self._judged(collection, body)) is not None:
            return refused
        if body["id"] in self.kept[collection]:
            return error(409, "existingResource", "the resource exists already")
        return self._keep(collection, dict(body))

    def _change(self, method: str, collection: str, resource_id: str, body: Any) -> Answer:
        old = self.kept[collection].get(resource_id)
        if old is None:
            return error(404, "resourceNotFound", "the resource is unknown")
        if method == "GET":
            return 200, old
        named = isinstance(body, dict) and body.get("id", resource_id) == resource_id
        if not named:
            return error(400, "badRequest", "another id in the body")
        whole = merged(old, body) if method == "PATCH" else dict(body)
        if method == "PUT" and (refused := self._judged(collection, body)) is not None:
            return refused
        if method == "PATCH" and (found := faults(_TYPES[collection], body)):
            return error(400, "invalid", found[0])
        return self._keep(collection, whole)

    def _judged(self, collection: str, body: Any) -> Answer | None:
        if found := faults(_TYPES[collection], body):
            return error(400, "invalid", found[0])
        missing = [name for name in _NEEDED[collection] if not body.get(name)]
        if missing:
            return error(400, "required", f"missing: {', '.join(missing)}")
        start, dot, name = str(body["id"]).partition(".")
        if start != self.issuer_id or not dot or not _NAME.fullmatch(name):
            return error(400, "invalidResource", "the id is not one of this issuer")
        return None

    def _keep(self, collection: str, whole: dict[str, Any]) -> Answer:
        if collection == "loyaltyObject":
            if whole["classId"] not in self.kept["loyaltyClass"]:
                return error(404, "classNotFound", "the class of the object is unknown")
            balance = whole.get("loyaltyPoints", {}).get("balance", {"int": 0})
            if len(balance) != 1:
                return error(400, "invalid", "one form of balance, not more")
        if len(self.kept[collection]) >= OBJECTS_MAX:
            return error(503, "backendError", "full")
        self.kept[collection][whole["id"]] = whole
        return 200, whole

    def _add_message(self, collection: str, resource_id: str, body: Any) -> Answer:
        old = self.kept[collection].get(resource_id)
        if old is None:
            return error(404, "resourceNotFound", "the resource is unknown")
        if found := faults("AddMessageRequest", body):
            return error(400, "invalid", found[0])
        message = body["message"]
        if message.get("messageType") == "TEXT_AND_NOTIFY" and not self._may_ring(resource_id):
            return error(400, "quotaExceeded", "QuotaExceeded: it has rung three times")
        messages = [*old.get("messages", []), message][-MESSAGES_MAX:]
        return self._keep(collection, {**old, "messages": messages})

    def _may_ring(self, resource_id: str) -> bool:
        now = self.now()
        recent = [at for at in self.rings.get(resource_id, []) if at > now - NOTICE_SECONDS]
        if len(recent) >= NOTICES_MAX:
            return False
        self.rings[resource_id] = [*recent, now]
        return True


def merged(old: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource after a PATCH.

    >>> merged({"a": {"b": 1, "c": [1, 2]}}, {"a": {"c": [3]}})
    {'a': {'b': 1, 'c': [3]}}
    """
    made = dict(old)
    for name, value in change.items():
        before = old.get(name)
        both = isinstance(value, Mapping) and isinstance(before, Mapping)
        made[name] = merged(before or {}, value) if both else value
    return made
