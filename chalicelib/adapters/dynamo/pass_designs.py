"""The `PassDesigns` port: what passes look like now, and every design there was.

| item    | pk            | sk                  |
|---------|---------------|---------------------|
| look    | T#{merchant}  | LOOK                |
| version | T#{merchant}  | DESIGN#{version:06} |
| draft   | T#{merchant}  | DESIGN              |

The look holds the published document, and its revision moves in the same transaction: that
of a published design here, that of a published program in `merchants.py`. So no pass can be
new under an old version or old under a new one. It also lists the look in the index `dirty`
(partition LOOK), which stays until somebody has begun to tell the phones.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.pass_image_items import ImageItem, image_key
from chalicelib.adapters.dynamo.reading import find, listed
from chalicelib.adapters.dynamo.staff_items import audit_item
from chalicelib.domain.audit import AuditRecord
from chalicelib.domain.design_document import read_design
from chalicelib.domain.pass_designs import DesignVersion, Look, PassDesign
from chalicelib.ports import CommitConflict

VERSION_MAX = 999_999
LOOK_DIRTY = "LOOK"  # partition of the index
DESIGNS_KEPT_MAX = 256  # read ones: a look is asked for by every phone


class LookItem(Item, discriminator="D"):
    """The published design, and the revision of what all passes show."""

    revision = IntegerAttribute()
    version = IntegerAttribute(null=True)  # of the design; without one it is the default
    document = UnicodeAttribute(null=True)
    program_version = IntegerAttribute(null=True)  # that passes of this revision show


class DesignItem(Item, discriminator="d"):
    """A design's document: a version, or the draft (version 0)."""

    version = IntegerAttribute()
    document = UnicodeAttribute()
    published_at = MomentAttribute(null=True)


class DynamoPassDesigns:
    """Looks in the table.

    `catch_up` is told of the program version a look needs, before the look is answered.
    """

    def __init__(self, connection: Connection, catch_up: Callable[[str, int], None]) -> None:
        self._connection = connection
        self._catch_up = catch_up

    def look(self, merchant_id: str) -> Look:
        """Return the look; from now on the program is none that is older."""
        item = find(LookItem, look_key(merchant_id))
        if item is None:
            return Look()
        self._catch_up(merchant_id, item.program_version or 0)
        if item.document is None:
            return Look(revision=item.revision)
        return Look(_design(item.document, item.version or 0), item.revision)

    def renew(self, merchant_id: str) -> int:
        """Move the revision alone."""
        item = LookItem(*look_key(merchant_id))
        with store_errors():
            item.update(_next_revision(merchant_id, None))
        return item.revision

    def untold(self, limit: int = 100) -> tuple[str, ...]:
        """Return merchants whose phones nobody has begun to tell, the longest waiting first."""
        rows = listed("dirty", LOOK_DIRTY, None, limit)
        return tuple(keys.last_parts(row.index_sk)[0] for row in rows)

    def mark_told(self, merchant_id: str, revision: int) -> None:
        """Take the look from the index, unless it has moved."""
        item = LookItem(*look_key(merchant_id))
        with suppress(CommitConflict), store_errors():
            item.update(
                [LookItem.dirty.remove(), LookItem.dirty_sk.remove()],
                LookItem.revision == revision,
            )

    def document(
        self, merchant_id: str, version: int | None = None
    ) -> Mapping[str, Any] | None:
        """Return a published document, never from memory."""
        if version is None:
            look = find(LookItem, look_key(merchant_id))
            return json.loads(look.document) if look and look.document else None
        item = find(DesignItem, _version_key(merchant_id, version))
        return json.loads(item.document) if item else None

    def versions(
        self, merchant_id: str, *, before: int | None = None, limit: int
    ) -> tuple[DesignVersion, ...]:
        """Return the published versions, newest first."""
        last = VERSION_MAX if before is None else before - 1
        if last < 1:
            return ()
        pk, lowest = _version_key(merchant_id, 1)
        between = DesignItem.sk.between(lowest, _version_key(merchant_id, last)[1])
        with store_errors():
            items = DesignItem.query(pk, between, scan_index_forward=False, limit=limit)
            return tuple(DesignVersion(item.version, item.published_at) for item in items)

    def save_draft(self, merchant_id: str, document: Mapping[str, Any]) -> None:
        """Replace the draft."""
        item = DesignItem(*_draft_key(merchant_id), version=0, document=_text(document))
        with store_errors():
            item.save()

    def draft(self, merchant_id: str) -> Mapping[str, Any] | None:
        """Return the draft, never from memory."""
        item = find(DesignItem, _draft_key(merchant_id))
        return json.loads(item.document) if item else None

    def publish(
        self,
        merchant_id: str,
        document: Mapping[str, Any],
        version: int,
        *,
        at: datetime,
        record: AuditRecord | None = None,
    ) -> None:
        """Write the version, make it the look and end the draft, in one transaction."""
        text = _text(document)
        transaction = Transaction(self._connection)
        numbered = DesignItem(
            *_version_key(merchant_id, version), version=version, document=text, published_at=at
        )
        transaction.put("version", numbered, DesignItem.pk.does_not_exist())
        actions = [
            *_next_revision(merchant_id, at),
            LookItem.version.set(version),
            LookItem.document.set(text),
        ]
        look, is_next = unmoved_design(merchant_id, version - 1)
        transaction.update("look", look, actions, is_next)
        draft = DesignItem(*_draft_key(merchant_id))
        is_same = DesignItem.document == text  # nobody saved another
        transaction.delete("draft", draft, DesignItem.pk.does_not_exist() | is_same)
        for image_id in set(filter(None, _image_ids(_design(text, version)))):
            item = ImageItem(*image_key(merchant_id, image_id))
            transaction.check(image_id, item, ImageItem.pk.exists())
        if record is not None:
            transaction.put("audit", audit_item(record), None)
        try:
            transaction.commit()
        except Cancelled as error:
            raise CommitConflict(f"{version} is not the next version of the draft") from error


def look_key(merchant_id: str) -> keys.Key:
    """Return where a merchant's look lies."""
    return f"T#{keys.part(merchant_id)}", "LOOK"


def unmoved_design(merchant_id: str, version: int) -> tuple[LookItem, Condition]:
    """Return the look, and that its design is of that version; 0: there is none."""
    is_same = LookItem.version == version
    absent = LookItem.version.does_not_exist()
    return LookItem(*look_key(merchant_id)), is_same if version else absent


def add_renewal(
    write: Transaction, merchant_id: str, program_version: int, at: datetime | None
) -> None:
    """Let every pass show a new program, in the transaction that publishes it."""
    actions = [*_next_revision(merchant_id, at), LookItem.program_version.set(program_version)]
    is_newer = LookItem.program_version < program_version
    is_first = LookItem.program_version.does_not_exist()
    write.update("look", LookItem(*look_key(merchant_id)), actions, is_first | is_newer)


def _next_revision(merchant_id: str, at: datetime | None) -> list[Action]:
    """Return what moves the look; with a moment it waits in the index for its phones."""
    actions: list[Action] = [LookItem.kind.set(LookItem), LookItem.revision.add(1)]
    if at is not None:
        place = keys.dirty_sk(at, merchant_id, LOOK_DIRTY)
        actions += [LookItem.dirty.set(LOOK_DIRTY), LookItem.dirty_sk.set(place)]
    return actions


def _version_key(merchant_id: str, version: int) -> keys.Key:
    return f"T#{keys.part(merchant_id)}", f"DESIGN#{version:06d}"


def _draft_key(merchant_id: str) -> keys.Key:
    return f"T#{keys.part(merchant_id)}", "DESIGN"


def _image_ids(design: PassDesign) -> tuple[str, str, str]:
    return design.logo, design.strip, design.icon


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=DESIGNS_KEPT_MAX)
def _design(text: str, version: int) -> PassDesign:
    return read_design(json.loads(text), version)
