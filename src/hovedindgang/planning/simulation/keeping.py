"""A scenario as plain data and back, so that a run can be stored with its inputs and repeated exactly."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from hovedindgang.planning.simulation.network import Came
from hovedindgang.planning.simulation.scenario import (
    Arrivals,
    ByDate,
    ByWeekday,
    Distribution,
    Employee,
    Flow,
    Line,
    Opening,
    Outcome,
    Scenario,
    Shift,
    Shrinkage,
    Surge,
)
from hovedindgang.planning.simulation.warm_up import WarmUp

_OF_DAYS = {"per_day", "shape", "days", "week"}  # fields that are told by weekday or by date

_KINDS = {
    kind.__name__: kind
    for kind in (
        *(Arrivals, Distribution, Employee, Flow, Line, Opening, Outcome, Scenario, Shift, Shrinkage, Surge),
        WarmUp,
    )
}


def as_data(value: Any) -> Any:
    """What JSON can hold: records say their kind, and what is as by default is left out."""
    if isinstance(value, Came):
        return {"came": value.name.lower()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        written = {
            field.name: as_data(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if field.default is dataclasses.MISSING or getattr(value, field.name) != field.default
        }
        return {"kind_of": type(value).__name__, **written}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, frozenset):
        return {"set": sorted(value)}
    if isinstance(value, Mapping):
        return {"map": [[key, as_data(one)] for key, one in value.items()]}
    if isinstance(value, ByWeekday):
        return {"by_weekday": [as_data(one) for one in value]}
    if isinstance(value, ByDate):  # each of them once: the days of a year are much alike
        each = {one: at for at, one in enumerate(dict.fromkeys(value))}
        return {"by_date": [[as_data(one) for one in each], [each[one] for one in value]]}
    if isinstance(value, tuple | list):
        return [as_data(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": str(value)}
    return value.item() if hasattr(value, "item") else value


def from_data(data: Any) -> Any:
    """The same again. Raises KeyError, TypeError or ValueError for what is none of ours."""
    if isinstance(data, list):
        return tuple(from_data(one) for one in data)
    if not isinstance(data, dict):
        return data
    if "kind_of" in data:
        fields = {key: from_data(one) for key, one in data.items() if key != "kind_of"}
        if data["kind_of"] != "Scenario" and any(type(fields.get(key)) is tuple for key in _OF_DAYS):
            raise ValueError(data["kind_of"])  # kept before the two were told apart
        return _KINDS[data["kind_of"]](**fields)
    (what, inner), *rest = data.items()
    if rest:
        raise ValueError(what)
    if what == "came":
        return Came[inner.upper()]
    if what == "date":
        return dt.date.fromisoformat(inner)
    if what == "set":
        return frozenset(inner)
    if what == "by_weekday":
        return ByWeekday(from_data(one) for one in inner)
    if what == "by_date":
        each = [from_data(one) for one in inner[0]]
        return ByDate(each[at] for at in inner[1])
    if what == "map":
        return {key: from_data(one) for key, one in inner}
    if what == "number":
        return float(inner)
    raise ValueError(what)
