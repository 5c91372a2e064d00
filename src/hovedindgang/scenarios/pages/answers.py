"""A replay beside what happened, and a run as data, as a file, and as the ground of a decision."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from hovedindgang.look.tables import Cell
from hovedindgang.scenarios.comparing import (
    Unit,
)
from hovedindgang.scenarios.documents import in_her_language
from hovedindgang.scenarios.labels import CHANNEL
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.wordings import NOTHING, interval, number, told

REPLAYED: tuple[tuple[str, Unit], ...] = (
    ("served", Unit.A_DAY),
    ("minutes", Unit.MINUTES),
    ("wait", Unit.MINUTES),
    ("p80", Unit.MINUTES),
    ("p95", Unit.MINUTES),
    ("left", Unit.SHARE),
)


def replay_rows(run: Run) -> list[list[Cell]]:
    """What happened beside what the simulation came to, and how far apart they are."""
    assert run.results is not None
    happened = (run.inputs.measured or {}).get("figures", {})
    labels = {
        "served": _("henvendelser om dagen"),
        "minutes": _("minutter pr. henvendelse"),
        "wait": _("ventetid, gennemsnit"),
        "p80": _("ventetid, 80 % venter højst"),
        "p95": _("ventetid, 95 % venter højst"),
        "left": _("gik eller lagde på"),
    }
    keys = [
        (f"{name}:{channel}", f"{CHANNEL[channel]}: {labels[name]}", unit)
        for channel in ("in_person", "phone", "written", "digital")
        for name, unit in REPLAYED
    ]
    keys.append(("sent:all", _("Overdraget til en fagforvaltning om dagen"), Unit.A_DAY))
    keys += [
        ("a:all", _("Løst i Borgerservice (A)"), Unit.SHARE),
        ("b:all", _("Løst i én henvendelse (B)"), Unit.SHARE),
    ]
    rows = []
    for key, label, unit in keys:
        if key not in happened:
            continue
        figure = run.results["figures"].get(key)
        simulated = interval(figure, unit) if figure else NOTHING
        rows.append(
            [
                Cell(label),
                Cell(told(happened[key], unit), number=True),
                Cell(simulated, number=True),
                Cell(_how_close(happened[key], figure, unit)),
            ]
        )
    return rows


def _how_close(happened: float, figure: Mapping[str, Any] | None, unit: Unit) -> str:
    if figure is None:
        return NOTHING
    if figure["low"] <= happened <= figure["high"]:
        return _("inden for usikkerheden")
    off = figure["value"] - happened
    if unit is Unit.SHARE:
        text = _("{number} procentpoint for højt") if off > 0 else _("{number} procentpoint for lavt")
        return text.format(number=number(100 * abs(off), 1))
    if not happened:
        return _("for højt")
    if abs(off) < 0.01 * happened:
        return _("under 1 % fra")
    text = _("{number} % for højt") if off > 0 else _("{number} % for lavt")
    return text.format(number=number(100 * abs(off) / happened))


# --------------------------------------------------------------------------------------------- as data, and as a ground


def as_data(run: Run) -> dict[str, Any]:
    """A run for other programs: all that it depends on, and all that it came to. Figures are null until it is done."""
    results = run.results or {}
    return {
        "run": run.pk,
        "kind": run.kind,
        "title": run.title,
        "state": run.state,
        "version": run.version_id,
        "model_digest": run.model_digest,
        "inputs": run.inputs_id,
        "inputs_digest": run.inputs.digest,
        "changes": run.changes,
        "seed": run.seed,
        "replications": run.replications,
        "program": run.program,
        "days": results.get("days"),
        "figures": results.get("figures"),
        "growing": results.get("growing"),
        "places": results.get("places"),
    }


def as_csv(run: Run) -> str:
    """A line for each figure: its key in parts, value and interval. Decimal points, semicolons, UTF-8 with a mark."""
    out = io.StringIO()
    write = csv.writer(out, delimiter=";")
    write.writerow(["figure", "channel", "place", "weekday", "value", "low", "high"])
    for key, one in ((run.results or {}).get("figures", {})).items():
        parts = [*key.split(":"), "", "", ""][:4]
        write.writerow([*parts, one["value"], one["low"], one["high"]])
    return "\ufeff" + out.getvalue()


GROUNDS = (
    ("wait:in_person", Unit.MINUTES),
    ("p95:in_person", Unit.MINUTES),
    ("wait:phone", Unit.MINUTES),
    ("a:all", Unit.SHARE),
    ("b:all", Unit.SHARE),
    ("kr", Unit.KR),
)


def ground_words(base: Run | None, run: Run) -> str:
    """The run in a few figures, for whoever is to decide: now and after."""
    assert run.results is not None
    labels = {
        "wait:in_person": _("ventetid ved skranken"),
        "p95:in_person": _("95 % venter ved skranken højst"),
        "wait:phone": _("ventetid på telefonen"),
        "a:all": _("løst i Borgerservice"),
        "b:all": _("løst i én henvendelse"),
        "kr": _("løn om året"),
    }
    said = []
    for key, unit in GROUNDS:
        figure = run.results["figures"].get(key)
        if figure is None:
            continue
        before = base.results["figures"].get(key) if base and base.results else None
        now = f"{told(before['value'], unit)} → " if before else ""
        said.append(f"{labels[key]} {now}{interval(figure, unit)}")
    with in_her_language():
        start = _("Simuleret {replications} gange med frø {seed}, grundlag {inputs}:").format(
            replications=run.replications, seed=run.seed, inputs=run.inputs_id
        )
    return f"{start} {'; '.join(said)}."


def compare_address(runs: Sequence[int]) -> str:
    return f"{reverse('compare_runs')}?{urlencode([('run', number) for number in runs])}"
