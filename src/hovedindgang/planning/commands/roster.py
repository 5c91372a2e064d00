"""`hovedindgang plan roster`: who works where and when, from a TOML file."""

from __future__ import annotations

from pathlib import Path

import click

from hovedindgang.planning.commands import answering, as_json, language, print_json
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import number
from hovedindgang.planning.staffing.rosters.checking import broken_rules
from hovedindgang.planning.staffing.rosters.document import Question, Roster
from hovedindgang.planning.staffing.rosters.drawing import draw
from hovedindgang.planning.staffing.rosters.reading import read_question
from hovedindgang.planning.staffing.rosters.solving import Infeasible, Progress, solve_roster
from hovedindgang.planning.staffing.rosters.telling import as_csv, as_data
from hovedindgang.planning.staffing.rosters.words import lines, rule_text


@click.command(
    options_metavar=_("[VALG]"),
    help=_("""Læg en vagtplan: hvem arbejder hvor og hvornår.

Reglerne om arbejdstid holdes altid. Mangel på folk, uopfyldte ønsker, skæv fordeling af sene dage og ekstra timer
koster, hvad filen siger, og det billigste søges; hvor langt planen højst er fra den bedste, står altid i svaret.
Ctrl-C giver den bedste plan indtil nu.

\b
Eksempel:
  hovedindgang plan roster docs/guide/examples/roster.toml --svg vagtplan.svg
"""),
)
@click.argument("file", metavar=_("FIL"), type=click.Path(path_type=Path))
@click.option(
    "--needs", metavar=_("CSV"), type=click.Path(path_type=Path), help=_("Behovet, hvis det ikke står i filen.")
)
@click.option("--seconds", default=60.0, type=click.FloatRange(min=1), help=_("Søg højst så længe (60)."))
@click.option(
    "--gap",
    default=0.1,
    type=click.FloatRange(min=0),
    help=_("Stop, når planen er så nær den bedste, i procent (0,1)."),
)
@click.option("--seed", default=1, type=click.IntRange(min=0), help=_("Frø for søgningen (1)."))
@click.option("--workers", default=2, type=click.IntRange(min=1, max=64), help=_("Søgninger side om side (2)."))
@click.option(
    "--repeatable", is_flag=True, help=_("Samme svar hver gang for samme frø: arbejdet tælles i stedet for tiden.")
)
@click.option("--svg", metavar=_("FIL"), type=click.Path(path_type=Path), help=_("Tegn planen i denne fil."))
@click.option(
    "--csv", "csv_file", metavar=_("FIL"), type=click.Path(path_type=Path), help=_("Skriv vagterne i denne fil.")
)
@as_json
@language
def roster(
    file: Path,
    needs: Path | None,
    seconds: float,
    gap: float,
    seed: int,
    workers: int,
    repeatable: bool,
    svg: Path | None,
    csv_file: Path | None,
    as_json: bool,
    language: str | None,
) -> None:
    with answering(language, as_json):
        question = read_question(file, needs)
        try:
            found = solve_roster(
                question,
                seconds=seconds,
                gap=gap / 100,
                seed=seed,
                workers=workers,
                repeatable=repeatable,
                progress=_say_progress(),
            )
        except Infeasible as problem:
            if not as_json:
                raise
            said = {"problem": str(problem), "cure": problem.cure, "where": list(problem.where)}
            print_json({**said, "collide": problem.core, "give_up": problem.given_up})
            raise SystemExit(1) from None
        _write(question, found, svg, csv_file)
        if as_json:
            print_json(as_data(question, found))
            return
        for line in lines(question, found):
            click.echo(line.rstrip())
        for rule in broken_rules(question, found.duties):
            click.echo("  " + _("brudt: {rule}").format(rule=rule_text(question, rule)))


def _write(question: Question, found: Roster, svg: Path | None, csv_file: Path | None) -> None:
    if svg is not None:
        svg.write_text(draw(question, found), encoding="utf-8")
    if csv_file is not None:
        csv_file.write_text(as_csv(question, found), encoding="utf-8")


def _say_progress() -> Progress:
    """Speaks on standard error, each second second at most."""
    said_at = -10.0

    def say(price: float, bound: float, seconds: float) -> None:
        nonlocal said_at
        if seconds - said_at < 2:
            return
        said_at = seconds
        gap = number(100 * (price - bound) / price, 2) if 0 < bound <= price else "?"
        text = _("{seconds} s: {price} kr., højst {gap} % over den bedste")
        click.echo(text.format(seconds=number(seconds), price=number(price), gap=gap), err=True)

    return say
