"""A JSON Schema (draft 2020-12) of the document, made from its dataclasses: editors complete and check by it.

Begin a model with ``#:schema servicemodel.schema.json`` and an editor with TOML support (taplo) uses it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from enum import Enum
from typing import Any, get_args, get_origin

from hovedindgang.servicemodel.checks_values import CHOICES, PATTERNS, bounds_of
from hovedindgang.servicemodel.document import Channel, Open, ServiceModel, Sourced
from hovedindgang.servicemodel.labels import field_label, kind_label
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.reading import KEY, WEEKDAYS, hints_of, is_week, required_of, without_none

Schema = dict[str, Any]

# TOML knows dates and times; taplo and most converters show them to a schema as text of these formats.
_SCALARS: dict[type, Schema] = {
    str: {"type": "string", "minLength": 1},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    dt.date: {"type": "string", "format": "date"},
    dt.time: {"type": "string", "format": "time"},
}


def json_schema(*, catalogue: bool = False) -> Schema:
    """The schema of a whole model; with `catalogue` of a shared file, in which nothing is required."""
    definitions: dict[str, Schema] = {}
    model = _table(ServiceModel, definitions)
    properties = {
        "include": {
            "type": "array",
            "items": {"type": "string", "pattern": r"^\w[\w.-]*\.toml$"},
            "description": _("Filer i samme mappe, hvis opgaver, myndigheder, medier og kilder tages med."),
        },
        **model["properties"],
    }
    required = [] if catalogue else model["required"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _("Servicemodel"),
        **model,
        "properties": properties,
        "required": required,
        "$defs": dict(sorted(definitions.items())),
    }


def _table(kind: Any, definitions: dict[str, Schema]) -> Schema:
    """A dataclass as an object; a `key` is not among the properties where the table's own name gives it."""
    keyed = "key" in hints_of(kind) and kind is not Open
    properties = {}
    for name, hint in hints_of(kind).items():
        if keyed and name == "key":
            continue
        found = _of(hint, definitions, name)
        if (kind.__name__, name) in CHOICES:
            found = {"type": "string", "enum": list(CHOICES[kind.__name__, name])}
        if (kind.__name__, name) in PATTERNS:
            found = {**found, "pattern": f"^{PATTERNS[kind.__name__, name]}$"}
        properties[name] = {**found, "description": field_label(name)}
    return {
        "type": "object",
        "description": kind_label(kind),
        "properties": properties,
        "required": [name for name in required_of(kind) if name in properties],
        "additionalProperties": False,
    }


def _of(hint: Any, definitions: dict[str, Schema], name: str) -> Schema:
    hint = without_none(hint)
    origin = get_origin(hint)
    if origin is Sourced:
        return _sourced(get_args(hint)[0], definitions, name)
    if origin is tuple:
        return {"type": "array", "items": _of(get_args(hint)[0], definitions, name)}
    if is_week(hint):
        definitions["WeekHours"] = _week()
        return {"$ref": "#/$defs/WeekHours"}
    if origin is Mapping:
        key_hint, part_hint = get_args(hint)
        part = _of(part_hint, definitions, name)
        if key_hint is Channel:
            return {
                "type": "object",
                "properties": {channel.value: part for channel in Channel},
                "additionalProperties": False,
            }
        return {"type": "object", "patternProperties": {f"^{KEY.pattern}$": part}, "additionalProperties": False}
    if dataclasses.is_dataclass(hint):
        definition: str = hint.__name__  # type: ignore[union-attr]
        if definition not in definitions:
            definitions[definition] = {}
            definitions[definition] = _table(hint, definitions)
        return {"$ref": f"#/$defs/{definition}"}
    if issubclass(hint, Enum):
        return {"type": "string", "enum": [member.value for member in hint]}
    return _scalar(hint, name)


def _scalar(hint: Any, name: str) -> Schema:
    found = dict(_SCALARS[hint])
    least, most = bounds_of(name) if hint in (int, float) else (None, None)
    if least is not None:
        found["minimum"] = least
    if most is not None:
        found["maximum"] = most
    return found


def _sourced(hint: Any, definitions: dict[str, Schema], name: str) -> Schema:
    """A number with its source; a number for each channel stands in one table with its source."""
    source = {"type": "string", "minLength": 1, "description": field_label("source")}
    inner = _of(hint, definitions, name)
    if inner.get("type") in ("integer", "number"):
        inner = {"minimum": 0, **inner}
    if get_origin(hint) is Mapping:
        properties = {**inner["properties"], "source": source}
        return {"type": "object", "properties": properties, "required": ["source"], "additionalProperties": False}
    return {
        "type": "object",
        "properties": {"value": {**inner, "description": field_label("value")}, "source": source},
        "required": ["value", "source"],
        "additionalProperties": False,
    }


def _week() -> Schema:
    period = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"}
    return {
        "type": "object",
        "properties": {day: {"type": "array", "items": period} for day in WEEKDAYS},
        "additionalProperties": False,
    }
