"""What is known to come, from a file; and a new service, which has no days behind it, by one that is like it."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from hovedindgang.planning.demand.forecasting import Change, Forecast, changed_by
from hovedindgang.planning.documents import toml_of
from hovedindgang.planning.language import gettext
from hovedindgang.planning.problems import CannotPlan

SOURCES = ("adopted", "published", "measured", "assumed")
WIDEST = 1000.0


def read_changes(file: Path) -> tuple[Change, ...]:
    """The `[[change]]` tables of a TOML file: name, from, to, factor, low, high and source. Raises CannotPlan."""
    document = toml_of(file)
    tables = document.get("change", [])
    if not isinstance(tables, list) or not tables or set(document) - {"change"}:
        raise CannotPlan(
            gettext("{file} skal have [[change]]-afsnit og intet andet.").format(file=file.name),
            cure=gettext("Se eksemplet i docs/guide/planning-forecast.md."),
        )
    return tuple(_change(table, f"{file.name}: [[change]] {place}") for place, table in enumerate(tables, start=1))


def _change(table: Any, where: str) -> Change:
    if not isinstance(table, dict):
        raise _wrong(where, "[[change]]")
    for key in ("name", "from", "to", "factor", "low", "high"):
        if key not in table:
            raise _wrong(where, key)
    for key in ("from", "to"):
        if not isinstance(table[key], dt.date) or isinstance(table[key], dt.datetime):
            raise _wrong(where, key)
    numbers = [table[key] for key in ("low", "factor", "high")]
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in numbers):
        raise _wrong(where, "factor, low, high")
    low, factor, high = (float(value) for value in numbers)
    source = table.get("source", "assumed")
    if not (1 / WIDEST <= low <= factor <= high <= WIDEST) or table["to"] < table["from"] or source not in SOURCES:
        raise _wrong(where, "low ≤ factor ≤ high; from ≤ to; source")
    unknown = set(table) - {"name", "from", "to", "factor", "low", "high", "source"}
    if unknown:
        raise _wrong(where, ", ".join(sorted(unknown)))
    return Change(
        name=str(table["name"]),
        first=table["from"],
        last=table["to"],
        factor=factor,
        low=low,
        high=high,
        source=source,
    )


def _wrong(where: str, key: str) -> CannotPlan:
    return CannotPlan(
        gettext("Ændringen er ikke skrevet rigtigt: {key}.").format(key=key),
        cure=gettext("Skriv name, from, to, factor, low og high; low ≤ factor ≤ high, alle over 0."),
        where=(where,),
    )


def by_analogy(like: Forecast, *, calls_per_day: float, low: float, high: float) -> Forecast:
    """A new service whose days look like those of `like`, with another volume that lies in [low, high] (95 %).

    `calls_per_day` is the middle of what is assumed for the first day of `like`. Raises CannotPlan for a range that is
    none.
    """
    if not 0 < low <= calls_per_day <= high < math.inf:
        raise CannotPlan(
            gettext("Antallet af opkald skal ligge i sit eget spænd, over 0."),
            cure=gettext("Skriv fx --calls-per-day 40 20 80: midten, det laveste og det højeste."),
        )
    usual = float(like.counts(0).mean.sum())
    scaled = Change(
        name="analogy",
        first=like.days[0],
        last=like.days[-1],
        factor=calls_per_day / usual,
        low=low / usual,
        high=high / usual,
    )
    return changed_by(replace(like), scaled)
