"""`hovedindgang plan courses`: who learns what when, from a TOML file."""

from __future__ import annotations

from pathlib import Path

import click

from hovedindgang.planning.commands import answering, as_json, language
from hovedindgang.planning.commands.numbers import Number, Whole
from hovedindgang.planning.commands.targets import must_be_writable, tell
from hovedindgang.planning.courses.drawing import draw
from hovedindgang.planning.courses.reading import read_training
from hovedindgang.planning.courses.solving import plan_courses
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
@click.option("--seconds", default=30.0, type=Number(min=1), help=_("Søg højst så længe (30)."))
@click.option(
    "--gap",
    default=0.5,
    type=Number(min=0),
    help=_("Stop, når planen er så nær den bedste, i procent (0,5)."),
)
@click.option("--seed", default=1, type=Whole(min=0), help=_("Frø for søgningen (1)."))
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
        must_be_writable(svg, read=(file,))
        training = read_training(file)
        plan = plan_courses(training, seconds=seconds, gap=gap / 100, seed=seed, repeatable=repeatable)
        tell(
            lambda: as_data(training, plan),
            lambda: lines(training, plan),
            as_json=as_json,
            files={svg: lambda: draw(training, plan)},
        )
