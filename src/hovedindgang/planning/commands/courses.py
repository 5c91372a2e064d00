"""`hovedindgang plan courses`: who learns what when, from a TOML file."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from hovedindgang.planning.commands import answering, as_json, language
from hovedindgang.planning.commands.numbers import Number, Whole
from hovedindgang.planning.commands.options import refused
from hovedindgang.planning.commands.targets import must_be_writable, tell
from hovedindgang.planning.courses.drawing import draw
from hovedindgang.planning.courses.reading import read_training
from hovedindgang.planning.courses.solving import plan_courses
from hovedindgang.planning.courses.words import as_data, lines
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan

if TYPE_CHECKING:
    from hovedindgang.planning.courses.along import Point, Tie
    from hovedindgang.planning.courses.document import Plan, Training
    from hovedindgang.planning.service.inputs import Inputs
    from hovedindgang.servicemodel.document import ServiceModel


@click.command(
    options_metavar=_("[VALG]"),
    help=_("""Læg en kursusplan: hvem lærer hvad hvornår.

Alle når politikkens mål for kompetence til tiden, så tidligt og billigt som det kan gøres, mens skrankerne er
bemandet. Kan datoerne ikke holdes, siges hvorfor, og hvad den tidligste dato er.

\b
Eksempel:
  hovedindgang plan courses docs/guide/examples/courses.toml --svg kurser.svg
  hovedindgang plan courses docs/guide/examples/courses.toml --in models/planning/jammerbugt-2006.toml
"""),
)
@click.argument("file", metavar=_("FIL"), type=click.Path(path_type=Path))
@click.option("--seconds", default=30, show_default=True, type=Number(min=1), help=_("Søg højst så mange sekunder."))
@click.option(
    "--gap",
    default=0.5,
    type=Number(min=0),
    show_default=True,
    help=_("Stop, når planen er så nær den bedste, i procent."),
)
@click.option("--seed", default=1, show_default=True, type=Whole(0, 2**31 - 1), help=_("Frø for søgningen."))
@click.option(
    "--repeatable", is_flag=True, help=_("Samme svar hver gang for samme frø: arbejdet tælles i stedet for tiden.")
)
@click.option(
    "--in",
    "within",
    metavar=_("PLAN"),
    type=click.Path(path_type=Path),
    help=_("Simulér planen for tjenesten (models/planning) undervejs: hvad kurserne gør ved begge mål."),
)
@click.option(
    "--unknown",
    type=click.Choice(["trainee", "none"]),
    default="trainee",
    show_default=True,
    help=_("Hvad hun er i det, hun ikke kan: under oplæring, eller uden opgaven."),
)
@click.option("--days", type=Whole(7, 3660), help=_("Dage, der simuleres; ellers planens."))
@click.option("--replications", type=Whole(2, 500), default=10, show_default=True, help=_("Så mange gentagelser."))
@click.option("--svg", metavar=_("FIL"), type=click.Path(path_type=Path), help=_("Tegn planen i denne fil."))
@as_json
@language
def courses(
    file: Path,
    seconds: float,
    gap: float,
    seed: int,
    repeatable: bool,
    within: Path | None,
    unknown: str,
    days: int | None,
    replications: int,
    svg: Path | None,
    as_json: bool,
    language: str | None,
) -> None:
    with answering(language, as_json):
        must_be_writable(svg, read=(file, *([within] if within else [])))
        if within is None:
            refused(
                ("unknown", "days", "replications"),
                _("{options} gælder, hvad kurserne gør ved tjenesten, og den er ikke nævnt."),
                _("Skriv også --in PLAN, eller udelad {options}."),
            )
        training = read_training(file)
        service = None if within is None else _service(within, training, days)
        plan = plan_courses(training, seconds=seconds, gap=gap / 100, seed=seed, repeatable=repeatable)
        told = None if service is None else _along(training, plan, service, unknown, seed, replications)
        tell(
            lambda: as_data(training, plan) | (told.data if told else {}),
            lambda: lines(training, plan) + (told.lines if told else []),
            as_json=as_json,
            files={svg: lambda: draw(training, plan, told.points if told else ())},
        )


class Told(NamedTuple):
    """Both indicators along the plan."""

    points: tuple[Point, ...]
    lines: list[str]
    data: dict[str, Any]


def _service(path: Path, training: Training, days: int | None) -> tuple[ServiceModel, Inputs, Tie]:
    """The plan of the service, and how it belongs with the question; refused before anything is looked for."""
    # numpy and numba: only who asks waits for them
    from hovedindgang.planning.commands.simulating import after_changes, plan_of
    from hovedindgang.planning.courses.along import tied

    plan = plan_of(path)
    if plan is None:
        raise CannotPlan(
            _("{file} er et scenarie, ikke en plan.").format(file=path),
            cure=_("Brug en plan, der nævner en servicemodel; se models/planning."),
        )
    if days is not None:
        plan = dataclasses.replace(plan, inputs=dataclasses.replace(plan.inputs, days=days))
    model, inputs = after_changes(plan)
    return model, inputs, tied(training, model, inputs)


def _along(
    training: Training,
    plan: Plan,
    service: tuple[ServiceModel, Inputs, Tie],
    unknown: str,
    seed: int,
    replications: int,
) -> Told:
    from hovedindgang.planning.commands.simulating import simulated
    from hovedindgang.planning.courses import along
    from hovedindgang.planning.simulation.running import Asked

    model, inputs, tie = service
    dates = along.dates_of(training, plan)
    scenarios, which = along.scenarios_along(
        training, plan, tie, model, inputs, weeks=[week for week, _why in dates], unknown=unknown
    )
    results, _seconds = simulated(scenarios, Asked(seed=seed, replications=replications))
    points = along.points_of(training, plan, dates, which, results)
    done = min(len(one.tallies) for one in results)
    stopped = any(one.interrupted for one in results)
    words = along.lines(points, tie, unknown=unknown, replications=done)
    words += [_("Afbrudt: svaret er af det, der blev nået.")] if stopped else []
    data = along.as_data(points, tie, unknown=unknown, replications=done)
    return Told(points, words, {"in_plan": {**data, "interrupted": stopped}})
