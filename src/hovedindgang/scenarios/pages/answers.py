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
from hovedindgang.scenarios.comparing import Unit
from hovedindgang.scenarios.documents import in_her_language
from hovedindgang.scenarios.labels import CHANNEL
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.replaying import Fit, Verdict, verdicts, worst
from hovedindgang.scenarios.wordings import NOTHING, interval, number, told


def replay_rows(run: Run) -> list[list[Cell]]:
    """What happened beside what the simulation came to, how far apart they are, and what that is good for."""
    return [_row(one) for one in _verdicts(run)]


def worst_rows(run: Run, most: int = 4) -> list[list[Cell]]:
    """Those rows of a replay that do not hold, the farthest off first."""
    return [_row(one) for one in worst(_verdicts(run), most)]


def _verdicts(run: Run) -> list[Verdict]:
    assert run.results is not None
    return verdicts((run.inputs.measured or {}).get("figures", {}), run.results["figures"])


def _row(one: Verdict) -> list[Cell]:
    return [
        Cell(_replayed(one.key)),
        Cell(told(one.happened, one.unit), number=True),
        Cell(interval(one.simulated, one.unit) if one.simulated else NOTHING, number=True),
        Cell(_how_close(one.happened, one.simulated, one.unit)),
        Cell(
            {
                Fit.HOLDS: _("kan bruges"),
                Fit.ROUGHLY: _("kun til et groft skøn"),
                Fit.NOT: _("kan ikke bruges endnu"),
            }[one.fit]
        ),
    ]


def _replayed(key: str) -> str:
    """What a figure is called in a replay, with its channel."""
    whole = {
        "sent:all": _("Overdraget eller henvist til en fagforvaltning om dagen"),
        "a:all": _("Løst i Borgerservice (A)"),
        "b:all": _("Løst i én henvendelse (B)"),
    }
    if key in whole:
        return whole[key]
    name, _colon, channel = key.partition(":")
    labels = {
        "served": _("henvendelser om dagen"),
        "minutes": _("minutter pr. henvendelse"),
        "wait": _("ventetid, gennemsnit"),
        "p80": _("ventetid, 80 % venter højst"),
        "p95": _("ventetid, 95 % venter højst"),
        "left": _("gik eller lagde på"),
    }
    return f"{CHANNEL[channel]}: {labels[name]}"


# The figures that people decide by: for each only one is told, so that nobody reads four sentences of one wait.
JUDGED = ("wait:in_person", "wait:phone", "left:in_person", "left:phone", "a:all", "b:all", "sent:all")


def trust_words(replay: Run | None) -> dict[str, Any]:
    """Whether a ground may be decided by: a sentence for each figure that does not hold, and one for the whole.

    `good`: nothing that people decide by is off. Without a replay nobody knows, and that is said.
    """
    if replay is None or replay.results is None:
        return {
            "good": False,
            "said": _("Grundlaget er ikke efterprøvet på det, der skete: ingen ved, hvor tæt på tallene er."),
            "sentences": [],
        }
    found = {one.key: one for one in _verdicts(replay)}
    off = [found[key] for key in JUDGED if key in found and found[key].fit is not Fit.HOLDS]
    fewer = [one for key, one in found.items() if key not in JUDGED and one.fit is Fit.NOT]
    if not found:
        said = _("Der er intet målt, som en efterprøvning kan holdes op imod.")
    elif not off and not fewer:
        said = _("Efterprøvet: ventetider, udfald og antal ramte det, der skete, så tæt, at de kan bruges.")
    elif not off:
        said = _("Efterprøvet: ventetider og udfald kan bruges, men {number} andre tal traf ikke.").format(
            number=len(fewer)
        )
    else:
        said = _("Efterprøvet: noget af det, man beslutter efter, traf ikke det, der skete.")
    return {"good": bool(found) and not off, "said": said, "sentences": [_judged(one) for one in off]}


def _judged(one: Verdict) -> str:
    """ "Ventetiden på telefonen kan ikke bruges til at beslutte efter endnu: simuleret 1,2 min., målt 4,0 min."."""
    names = {
        "wait:in_person": _("Ventetiden ved skranken"),
        "wait:phone": _("Ventetiden på telefonen"),
        "left:in_person": _("Hvor mange der går fra køen,"),
        "left:phone": _("Hvor mange der lægger på,"),
        "a:all": _("Andelen løst i Borgerservice (A)"),
        "b:all": _("Andelen løst i én henvendelse (B)"),
        "sent:all": _("Hvor meget der overdrages,"),
    }
    text = (
        _("{what} kan kun bruges til et groft skøn: simuleret {simulated}, målt {happened}")
        if one.fit is Fit.ROUGHLY
        else _("{what} kan ikke bruges til at beslutte efter endnu: simuleret {simulated}, målt {happened}")
    )
    simulated = told(one.simulated["value"], one.unit) if one.simulated else NOTHING
    said = text.format(what=names[one.key], simulated=simulated, happened=told(one.happened, one.unit))
    return f"{said.rstrip('.')}."  # "40,0 min." ends with a point of its own


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
    ("hours:own", Unit.HOURS),
    ("kr", Unit.KR),
    ("places_kr", Unit.KR),
)


def ground_words(base: Run | None, run: Run, replay: Run | None = None) -> str:
    """The run in a few figures, for whoever is to decide: now and after; and what may not be decided by.

    `replay`: of the run's own inputs, if there is one.
    """
    assert run.results is not None
    labels = {
        "wait:in_person": _("ventetid ved skranken"),
        "p95:in_person": _("95 % venter ved skranken højst"),
        "wait:phone": _("ventetid på telefonen"),
        "a:all": _("løst i Borgerservice"),
        "b:all": _("løst i én henvendelse"),
        "hours:own": _("lønnede timer om året"),
        "kr": _("løn om året"),
        "places_kr": _("steder om året, uden løn"),
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
    trust = trust_words(replay)
    return " ".join([f"{start} {'; '.join(said).rstrip('.')}.", trust["said"], *trust["sentences"]])


def compare_address(runs: Sequence[int]) -> str:
    return f"{reverse('compare_runs')}?{urlencode([('run', number) for number in runs])}"
