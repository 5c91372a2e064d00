"""Runs in rows: every figure, the goals, the waits as a chart, and queues without end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hovedindgang.look.charts import bar_chart
from hovedindgang.look.scales import Point, Series
from hovedindgang.look.tables import Cell
from hovedindgang.policy.queries import model_of
from hovedindgang.scenarios.comparing import (
    MANY_LEFT,
    Goal,
    Met,
    Shown,
    Unit,
    apart,
    figure_keys,
    goals,
    helped_alone,
    met,
    promised_waits,
)
from hovedindgang.scenarios.documents import in_words, kept_inputs
from hovedindgang.scenarios.labels import CHANNEL
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.rules import RunKind
from hovedindgang.scenarios.wordings import NOTHING, apart_words, better, interval, language, number, told


def figure_label(shown: Shown, key: str) -> str:
    """What a figure is called where its channel stands above it."""
    if key == "busy:department":
        return _("Travlhed i fagforvaltningerne (andel af tiden)")
    if key == "left:all":
        return _("Gik eller lagde på uden hjælp, af dem, der kom eller ringede")
    return {
        "came": _("Kommer om dagen"),
        "wait": _("Ventetid, gennemsnit"),
        "p80": _("Ventetid, 80 % venter højst"),
        "p95": _("Ventetid, 95 % venter højst"),
        "left": _("Går eller lægger på uden hjælp"),
        "days": _("Dage, til der er en ledig tid, gennemsnit (regnet for sig, af hvor mange tider der er)"),
        "days_p90": _("Dage, til der er en ledig tid, 90 % højst (regnet for sig, af hvor mange tider der er)"),
        "times_short": _("Tider, der mangler om dagen: ventetiden vokser uden ende (regnet for sig)"),
        "within": _("Hjulpet inden for det lovede"),
        "kept": _("Svar givet til den lovede dag"),
        "a": _("Løst i Borgerservice (A)"),
        "b": _("Løst i én henvendelse (B)"),
        "sent": _("Overdraget eller henvist til en fagforvaltning om dagen"),
        "sent_on": _("Borgeren selv sendt et andet sted hen, eller fra en lukket dør"),
        "busy": _("Travlhed i Borgerservice (andel af tiden)"),
        "hours": _("Lønnede timer om året"),
        "overtime": _("Heraf over tid"),
        "kr": _("Løn om året, med fravær"),
        "places_kr": _("Steder om året, uden løn"),
        "total_kr": _("Løn og steder om året"),
        "contact_kr": _("Henvendelser × kroner pr. henvendelse"),
    }[shown.name]


def where_words(channel: str, place: str, names: Mapping[str, str]) -> str:
    """ "Personligt, Borgerservice Pandrup"."""
    said = str(CHANNEL.get(channel, channel))
    return f"{said}, {names.get(place, place)}" if place else said


def names_of(results: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {key: one["name"] for found in results for key, one in found["places"].items()}


def changes_words(run: Run) -> list[str]:
    """What it tried, a sentence for each change; none for the policy as it is."""
    return in_words(model_of(run.version_id), kept_inputs(run.inputs.text), run.changes) if run.changes else []


# ------------------------------------------------------------------------------------------------------ figures in rows


def figure_tables(base: Run | None, runs: Sequence[Run]) -> list[dict[str, Any]]:
    """A table for each channel (and the whole): a row for each figure, a column for each run, and what differs."""
    every = ([base] if base else []) + [run for run in runs if base is None or run.pk != base.pk]
    results = [run.results for run in every if run.results]
    names, model = names_of(results), model_of(every[0].version_id)
    tables: dict[str, list[list[Cell]]] = {}
    for key, channel, place, shown in figure_keys(results, promised_waits(model)):
        label = figure_label(shown, key)
        label = f"{names.get(place, place)}: {label}" if place else label
        tables.setdefault(channel, []).append([Cell(label), *_cells(key, shown, base, every)])
    head = [_("Tal"), *(heading(run) for run in every)]
    return [
        {"key": channel, "title": str(CHANNEL[channel]), "head": head, "rows": rows} for channel, rows in tables.items()
    ]


def heading(run: Run) -> str:
    return _("Som det er nu") if run.kind == RunKind.AS_IS else run.title


def _cells(key: str, shown: Shown, base: Run | None, every: Sequence[Run]) -> Iterator[Cell]:
    for run in every:
        assert run.results is not None
        figure = run.results["figures"].get(key)
        if figure is None:
            yield Cell(NOTHING, number=len(every) == 1)
            continue
        text = interval(figure, shown.unit)
        if base is not None and base.results and run.pk != base.pk:
            found = apart(base.results, run.results, key)
            good = better(found, shown)
            mark = "" if good is None else f" {_('bedre')}" if good else f" {_('ringere')}"
            text = f"{text}: {apart_words(found, shown)}{',' if mark else ''}{mark}"
        yield Cell(text, number=len(every) == 1)  # with words in it, it breaks like text, and the table fits a screen


def goal_table(base: Run | None, runs: Sequence[Run]) -> dict[str, Any]:
    """Whether each goal and promise of the model would be met."""
    every = ([base] if base else []) + [run for run in runs if base is None or run.pk != base.pk]
    model = model_of(every[0].version_id)
    words = {
        Met.YES: _("nået"),
        Met.NO: _("ikke nået"),
        Met.UNSURE: _("kan ikke afgøres"),
        Met.UNKNOWN: NOTHING,
    }
    rows = []
    for goal in goals(model, language() == "en"):
        cells = [Cell(goal.text), Cell(told(goal.target, Unit.SHARE), number=True)]
        for run in every:
            assert run.results is not None
            figure = run.results["figures"].get(goal.figure)
            cells.append(Cell(_goal_met(goal, run.results, words) if figure else NOTHING))
        rows.append(cells)
    return {"head": [_("Mål i politikken"), _("Måltal"), *(heading(run) for run in every)], "rows": rows}


def _goal_met(goal: Goal, results: Mapping[str, Any], words: Mapping[Met, str]) -> str:
    """Whether it is met; of those who were helped alone, how many were not is told beside it."""
    said = interval(results["figures"][goal.figure], Unit.SHARE)
    left, verdict = helped_alone(goal, results), words[met(goal, results)]
    if left is None:
        return f"{verdict}: {said}"
    if left >= MANY_LEFT and met(goal, results) is Met.YES:
        verdict = _("nået alene for dem, der blev hjulpet")
    return _("{verdict}: {figure} af dem, der blev hjulpet; {left} gik uden hjælp").format(
        verdict=verdict, figure=said, left=told(left, Unit.SHARE)
    )


def growing_words(run: Run) -> list[str]:
    """Queues that grow without end: their mean waits say nothing."""
    assert run.results is not None
    names = names_of([run.results])
    said = []
    for one in run.results["growing"]:
        channel, _colon, place = one["where"].partition(":")
        text = _("Køen vokser uden ende: {where}. Hver dag venter {number} flere, så ventetiderne her siger intet.")
        said.append(text.format(where=where_words(channel, place, names), number=number(one["a_day"], 1)))
    return said


def wait_chart(base: Run | None, runs: Sequence[Run]) -> SafeString:
    """Mean waits in person by place, and by phone, a bar for each run."""
    every = ([base] if base else []) + [run for run in runs if base is None or run.pk != base.pk]
    results = [run.results for run in every if run.results]
    names = names_of(results)
    keys = [
        (f"wait:{channel}" + (f":{place}" if place else ""), channel, place)
        for key, channel, place, shown in figure_keys(results, frozenset())
        if shown.name == "wait"
    ]
    series = []
    for run, found in zip(every, results, strict=True):
        points = []
        for key, channel, place in keys:
            one = found["figures"].get(key)
            points.append(
                Point(
                    label=names.get(place, place) if place else str(CHANNEL[channel]),
                    value=one["value"] if one else None,
                    low=max(0.0, one["low"]) if one else None,
                    high=one["high"] if one else None,
                )
            )
        series.append(Series(name=heading(run), points=points))
    return bar_chart(
        title=_("Ventetid i gennemsnit, minutter"),
        series=series,
        label_head=_("Hvor"),
        language=language(),
    )
