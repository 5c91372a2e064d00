"""`hovedindgang plan courses`: who learns what when, from a TOML file."""

from __future__ import annotations

from pathlib import Path

import click

from hovedindgang.planning.commands import answering, as_json, language, print_json
from hovedindgang.planning.courses.drawing import draw
from hovedindgang.planning.courses.reading import read_training
from hovedindgang.planning.courses.solving import DatesCannotHold, plan_courses
from hovedindgang.planning.courses.words import as_data, lines
from hovedindgang.planning.language import gettext as _


@click.command(
    options_metavar=_("[VALG]"),
    help=_("""Læg en kursusplan: hvem lærer hvad hvornår.

Alle når politikkens mål for kompetence til tiden, så tidligt og billigt som det kan gøres, mens skrankerne er
bemandet. Kan datoerne ikke holdes, siges hvorfor, og hvad den tidligste dato er.

\b
Eksempel:
  hovedindgang plan courses docs/guide/examples/courses.toml --svg kurser.svg
"""),
)
@click.argument("file", metavar=_("FIL"), type=click.Path(path_type=Path))
@click.option("--seconds", default=30.0, type=click.FloatRange(min=1), help=_("Søg højst så længe (30)."))
@click.option(
    "--gap",
    default=0.5,
    type=click.FloatRange(min=0),
    help=_("Stop, når planen er så nær den bedste, i procent (0,5)."),
)
@click.option("--seed", default=1, type=click.IntRange(min=0), help=_("Frø for søgningen (1)."))
@click.option(
    "--repeatable", is_flag=True, help=_("Samme svar hver gang for samme frø: arbejdet tælles i stedet for tiden.")
)
@click.option("--svg", metavar=_("FIL"), type=click.Path(path_type=Path), help=_("Tegn planen i denne fil."))
@as_json
@language
def courses(
    file: Path,
    seconds: float,
    gap: float,
    seed: int,
    repeatable: bool,
    svg: Path | None,
    as_json: bool,
    language: str | None,
) -> None:
    with answering(language, as_json):
        training = read_training(file)
        try:
            plan = plan_courses(training, seconds=seconds, gap=gap / 100, seed=seed, repeatable=repeatable)
        except DatesCannotHold as problem:
            if not as_json:
                raise
            earliest = {
                goal: {"on": None if on is None else on.isoformat(), "proved": proved}
                for goal, (on, proved) in problem.earliest.items()
            }
            print_json({"problem": str(problem), "cure": problem.cure, "collide": problem.core, "earliest": earliest})
            raise SystemExit(1) from None
        if svg is not None:
            svg.write_text(draw(training, plan), encoding="utf-8")
        if as_json:
            print_json(as_data(training, plan))
            return
        for line in lines(training, plan):
            click.echo(line)
