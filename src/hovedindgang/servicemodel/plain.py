"""A service model as plain data (for JSON), in the form of the document: what TOML would say."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from enum import Enum
from typing import Any

from hovedindgang.servicemodel.document import Period, Sourced
from hovedindgang.servicemodel.reading import required_of
from hovedindgang.servicemodel.walking import fields_of, step


def plain(value: object) -> Any:
    """Dicts, lists, texts and numbers with the document's keys; dates as ISO texts.

    What is not said (None, empty tables and lists) is left out, so that `json_schema` holds for a whole model.
    """
    if isinstance(value, Period):
        return f"{value.opens:%H:%M}-{value.closes:%H:%M}"
    if isinstance(value, Sourced):
        said = plain(value.value)
        return {**said, "source": value.source} if isinstance(said, dict) else {"value": said, "source": value.source}
    if dataclasses.is_dataclass(value):
        required = required_of(type(value))
        parts = ((name, plain(part)) for name, part in fields_of(value))
        return {name: part for name, part in parts if name in required or part not in (None, {}, [])}
    if isinstance(value, Mapping):
        return {step(key): plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value
