"""Changes one thing of a value that chance picks, by its type hint: for tests that no change is silent."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin

from hypothesis import strategies as st

from hovedindgang.servicemodel.document import Channel, Period, Sourced
from hovedindgang.servicemodel.reading import hints_of, required_of, without_none

_SCALARS: dict[type, st.SearchStrategy[Any]] = {
    str: st.sampled_from(["apart", "closed", "kort", "x" * 200 + "a", "x" * 200 + "b"]),
    int: st.integers(0, 3),
    float: st.sampled_from([0.0, 0.5, 1.0, 100.0]),
    bool: st.booleans(),
    dt.date: st.sampled_from([dt.date(2026, 1, 1), dt.date(2026, 7, 1)]),
    dt.time: st.sampled_from([dt.time(9), dt.time(10), dt.time(12, 30)]),
}
_KEYS = st.sampled_from(["a", "b"])
_WEEKS = st.dictionaries(
    st.integers(0, 6),
    st.lists(st.sampled_from([Period(dt.time(9), dt.time(12)), Period(dt.time(13), dt.time(15))]), max_size=2).map(
        tuple
    ),
    max_size=2,
)


@cache
def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type hint of `document`; small, so that two of them are often nearly alike."""
    if without_none(hint) is not hint:
        return st.none() | values(without_none(hint))
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Sourced:
        return st.builds(Sourced, values(inner[0]), _KEYS)
    if origin is tuple:
        return st.lists(values(inner[0]), max_size=2).map(tuple)
    if origin is Mapping:
        if inner[0] is int:
            return _WEEKS
        if inner[0] is Channel:
            return st.dictionaries(st.sampled_from(Channel), values(inner[1]), max_size=2)
        return st.dictionaries(_KEYS, values(inner[1]), max_size=2).map(_with_keys)
    if dataclasses.is_dataclass(hint):
        parts = {name: values(part) for name, part in hints_of(hint).items()}
        # Not every part at once: an example stays small enough to be read.
        needed = required_of(hint)
        return st.fixed_dictionaries(
            {name: parts[name] for name in needed},
            optional={name: part for name, part in parts.items() if name not in needed},
        ).map(lambda given: hint(**given))
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    return _SCALARS[hint]


def _with_keys(mapping: dict[str, Any]) -> dict[str, Any]:
    """A thing's own `key` is the name of its table."""
    keyed = {name: hasattr(part, "key") for name, part in mapping.items()}
    return {name: dataclasses.replace(part, key=name) if keyed[name] else part for name, part in mapping.items()}


def changed(draw: st.DrawFn, hint: Any, value: Any) -> Any:
    """`value` with one thing in it changed; never equal to `value`."""
    hint = without_none(hint)
    origin = get_origin(hint)
    deeper = draw(st.booleans())
    if deeper and value and origin is Mapping and get_args(hint)[0] is not int:
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: changed(draw, get_args(hint)[1], value[key])}
    if deeper and value is not None and origin is Sourced:
        if draw(st.booleans()):
            return Sourced(value.value, value.source + "x")
        return Sourced(changed(draw, get_args(hint)[0], value.value), value.source)
    if value is not None and dataclasses.is_dataclass(hint):
        names = [name for name in hints_of(hint) if name != "key" or hint.__name__ == "Open"]
        name = draw(st.sampled_from(names))
        return dataclasses.replace(value, **{name: changed(draw, hints_of(hint)[name], getattr(value, name))})
    return draw(values(hint).filter(lambda other: other != value))
