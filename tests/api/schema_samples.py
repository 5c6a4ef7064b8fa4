"""Random documents that are valid under a JSON Schema of ours."""

import re
from typing import Any

from hypothesis import strategies as st

TEXT_CHARS_MAX = 100
ITEMS_MAX = 3


def some_fields(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return documents of a few valid fields each."""
    every = {name: samples(one) for name, one in schema["properties"].items()}
    return st.sets(st.sampled_from(sorted(every)), max_size=4).flatmap(
        lambda names: st.fixed_dictionaries({name: every[name] for name in sorted(names)})
    )


def samples(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return what is valid under the few keywords the schemas use."""
    if "anyOf" in schema:
        return st.one_of(*[samples(one) for one in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    of_kind = {
        "null": lambda _: st.none(),
        "boolean": lambda _: st.booleans(),
        "integer": lambda one: st.integers(one["minimum"], one["maximum"]),
        "number": _numbers,
        "string": _texts,
        "array": _lists,
        "object": _objects,
    }
    return of_kind[schema["type"]](schema)


def _numbers(schema: dict[str, Any]) -> st.SearchStrategy[float]:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    return st.integers(100 * low + 1, 100 * schema["maximum"]).map(lambda n: n / 100)


def _texts(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    if schema.get("format") == "date":
        return st.dates().map(str)
    longest = schema.get("maxLength", TEXT_CHARS_MAX)
    if "pattern" in schema:
        shape = re.compile(schema["pattern"].removesuffix("$") + r"\Z", re.ASCII)
        return st.from_regex(shape).filter(lambda text: len(text) <= longest)
    return st.text(min_size=1, max_size=longest)


def _lists(schema: dict[str, Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(
        samples(schema["items"]),
        min_size=schema.get("minItems", 0),
        max_size=min(ITEMS_MAX, schema.get("maxItems", ITEMS_MAX)),
    )


def _objects(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    extra = schema["additionalProperties"]
    if extra:
        return st.dictionaries(st.text(min_size=1, max_size=5), samples(extra), max_size=2)
    fields = {name: samples(one) for name, one in schema["properties"].items()}
    must = {name: fields.pop(name) for name in schema.get("required", ())}
    return st.fixed_dictionaries(must, optional=fields)
