"""What a form was drawn from: of two tabs, or owners, the second does not undo the first."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.web.admin.visit import Visit

FIELD: Final = "base"
BASE_CHARS: Final = 16


def base_of(document: Mapping[str, Any]) -> str:
    """Return what a form carries of the document it shows."""
    text = json.dumps(document, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:BASE_CHARS]


def is_overtaken(visit: Visit, document: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Return whether another form was saved since this one was drawn.

    The same form sent once more, after a lost answer, changes nothing and is let pass.
    """
    base = visit.form[FIELD]
    return bool(base) and base != base_of(document) and base_of(after) != base_of(document)
