"""`hovedindgang plan hours`: what a change of opening hours does to whom, and the best hours for a budget."""

from __future__ import annotations

from pathlib import Path

import click

from hovedindgang.planning.commands import answering, as_json, language, print_json
from hovedindgang.planning.commands.numbers import Number, Whole
from hovedindgang.planning.hours.choosing import best_hours
from hovedindgang.planning.hours.reading import read_question
from hovedindgang.planning.hours.words import as_data, change_lines, choice_lines, hours_lines
from hovedindgang.planning.language import gettext as _


@click.command(
    options_metavar=_("[VALG]"),
    help=_("""Sig, hvad en ændring af åbningstiden gør for hvem, og find de bedste åbningstider for et budget.

Filen siger, hvornår grupper af borgere har brug for skranken, hvad en time koster, og hvad der må vælges. Det bedste
valg er bevist, og de ti næste står ved siden af.

\b
Eksempel:
  hovedindgang plan hours docs/guide/examples/hours.toml
"""),
)
@click.argument("file", metavar=_("FIL"), type=click.Path(path_type=Path))
@click.option("--seconds", default=60, show_default=True, type=Number(min=1), help=_("Søg højst så mange sekunder."))
@click.option(
    "--next-best",
    "--next",
    "next_best",
    default=10,
    show_default=True,
    type=Whole(min=0, max=100),
    help=_("Så mange næstbedste; --next er det samme."),
)
@as_json
@language
def hours(file: Path, seconds: float, next_best: int, as_json: bool, language: str | None) -> None:
    with answering(language, as_json):
        question = read_question(file)
        found = best_hours(question, count=1 + next_best, seconds=seconds) if question.choice else None
        if as_json:
            print_json(as_data(question, found))
            return
        said = [question.title, "", _("I dag:"), *hours_lines(question, question.hours), ""]
        if question.changed is not None:
            said += [_("Efter ændringen:"), *hours_lines(question, question.changed), ""]
            said += [*change_lines(question, question.hours, question.changed), ""]
        if found:
            said += choice_lines(question, found)
        for line in said:
            click.echo(line)
