"""DynamoDB JSON straight to and from values, by the attributes of pynamodb's own models.

A model stays the one description of its item: names, types, how a value is written. To
build one only to take it apart again costs ten times the writing, and a purchase writes
four; hence this short way for the items of the ledger. A test holds both ways together.
"""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, Generic, TypeVar, cast

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.items import Item

RawItem = dict[str, dict[str, Any]]  # attribute name → {type: value}

M = TypeVar("M", bound=Item)


class RawFormat(Generic[M]):
    """Writes and reads the items of one model."""

    def __init__(self, model: type[M]) -> None:
        attributes = dict(model.get_attributes())
        kind = attributes.pop("kind")
        self._kind = {kind.attr_type: kind.serialize(model)}
        self._writers: dict[str, tuple[str, str, Callable[[Any], Any]]] = {}
        self._readers: dict[str, tuple[str, Callable[[Any], Any]]] = {}
        for name, attribute in attributes.items():
            stored_as, of_type = attribute.attr_name, attribute.attr_type
            self._writers[name] = (stored_as, of_type, attribute.serialize)
            self._readers[stored_as] = (name, attribute.deserialize)
        self._absent = dict.fromkeys(attributes)

    def write(self, key: keys.Key, values: Mapping[str, Any]) -> RawItem:
        """Return the item with these values under their names in the model; None is absent."""
        raw: RawItem = {"pk": {"S": key[0]}, "sk": {"S": key[1]}, "kind": self._kind}
        for name, value in values.items():
            if value is not None:
                stored_as, of_type, serialize = self._writers[name]
                raw[stored_as] = {of_type: serialize(value)}
        return raw

    def read(self, raw: Mapping[str, Mapping[str, Any]]) -> M:
        """Return what reads like the model, absent values None; it cannot be written."""
        assert raw["kind"] == self._kind, "an item of another model"
        values: dict[str, Any] = self._absent.copy()
        readers = self._readers
        for stored_as, typed in raw.items():
            known = readers.get(stored_as)
            if known is not None:
                name, deserialize = known
                (value,) = typed.values()
                values[name] = deserialize(value)
        return cast("M", SimpleNamespace(**values))
