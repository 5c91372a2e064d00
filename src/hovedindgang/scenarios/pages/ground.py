"""Every number that a trial rests on, with its source; and what it costs not to know."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hovedindgang.look.tables import Cell
from hovedindgang.planning.service.inputs import Figure, Inputs
from hovedindgang.planning.service.naming import figure_name
from hovedindgang.scenarios.comparing import (
    Unit,
)
from hovedindgang.scenarios.documents import in_her_language
from hovedindgang.scenarios.wordings import NOTHING, language, number, told
from hovedindgang.servicemodel.document import ServiceModel, SourceKind


def inputs_rows(
    inputs: Inputs, kinds: frozenset[SourceKind] | None = None, model: ServiceModel | None = None
) -> list[dict[str, Any]]:
    """Every number with its source, those that rest on least first."""
    order = {SourceKind.ASSUMED: 0, SourceKind.PUBLISHED: 1, SourceKind.MEASURED: 2, SourceKind.ADOPTED: 3}
    found = [(key, one) for key, one in inputs.figures() if kinds is None or one.kind in kinds]
    found.sort(key=lambda pair: order[pair[1].kind])
    return [
        {
            "label": place_label(key, model),
            "value": plain(one.value),
            "range": _range(one),
            "kind": one.kind.value,
            "reference": source_said(one),
        }
        for key, one in found
    ]


def source_said(one: Figure) -> str:
    """Where a number is from, in her language where it is known in that: what a file says, or one of our own starts."""
    with in_her_language():
        said = one.said
    return _(said) if said else ""


def plain(value: float | None) -> str:
    """With as many digits as a number has."""
    if value is None:
        return NOTHING
    decimals = 0 if float(value).is_integer() or abs(value) >= 1000 else 1 if abs(value) >= 10 else 3
    text = number(value, decimals)
    mark = "." if language() == "en" else ","
    return text.rstrip("0").rstrip(mark) if mark in text else text


def _range(one: Figure) -> str:
    """ "2–10"; nothing where none is given."""
    if one.low is None or one.high is None or one.low == one.high:
        return NOTHING
    return f"{plain(one.low)}–{plain(one.high)}"


def place_label(key: str, model: ServiceModel | None = None) -> str:
    """ "demand.contacts_per_year.phone" as "Henvendelser om året: Telefon"; places and services by name."""
    with in_her_language():
        return figure_name(key, model)


def counted_kinds(inputs: Inputs) -> dict[str, int]:
    """How many numbers rest on what."""
    found: dict[str, int] = dict.fromkeys(("measured", "published", "assumed"), 0)
    for _key, one in inputs.figures():
        found[one.kind.value] = found.get(one.kind.value, 0) + 1
    return found


def unsure_rows(inputs: Inputs, model: ServiceModel | None = None) -> list[dict[str, Any]]:
    """What it costs not to know: assumed numbers, the widest range first."""

    def width(one: Figure) -> float:
        if one.low is None or one.high is None or not one.value:
            return 0.0
        return (one.high - one.low) / one.value

    found = sorted(inputs.unsure(), key=lambda pair: -width(pair[1]))
    return [
        {
            "label": place_label(key, model),
            "value": plain(one.value),
            "range": _range(one),
            "reference": source_said(one),
        }
        for key, one in found
    ]


def team_rows(model: ServiceModel, inputs: Inputs) -> list[list[Cell]]:
    rows = []
    for team in inputs.staff.teams:
        name = model.centres[team.centre].name if team.centre in model.centres else team.centre
        rows.append(
            [
                Cell(name),
                Cell(number(team.number), number=True),
                Cell(number(team.hours_per_week, 1), number=True),
                Cell(told(team.generalist_share, Unit.SHARE), number=True),
            ]
        )
    return rows
