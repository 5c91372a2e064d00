"""`hovedindgang plan roster`: who works where and when, from a TOML file."""

from __future__ import annotations

from pathlib import Path

import click

from hovedindgang.planning.commands import answering, as_json, language
from hovedindgang.planning.commands.numbers import Number, Whole
from hovedindgang.planning.commands.targets import must_be_writable, tell
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import number
from hovedindgang.planning.staffing.rosters.checking import broken_rules
from hovedindgang.planning.staffing.rosters.document import Question, Roster
from hovedindgang.planning.staffing.rosters.drawing import draw
from hovedindgang.planning.staffing.rosters.reading import read_question
from hovedindgang.planning.staffing.rosters.solving import Progress, solve_roster
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
    "--needs",
    metavar=_("CSV"),
    type=click.Path(path_type=Path),
    help=_("Behovet, når det ikke står i filen; aldrig begge."),
)
@click.option("--seconds", default=60, show_default=True, type=Number(min=1), help=_("Søg højst så mange sekunder."))
@click.option(
    "--gap",
    default=0.1,
    type=Number(min=0),
    show_default=True,
    help=_("Stop, når planen er så nær den bedste, i procent."),
)
@click.option("--seed", default=1, show_default=True, type=Whole(0, 2**31 - 1), help=_("Frø for søgningen."))
@click.option("--workers", default=2, show_default=True, type=Whole(min=1, max=64), help=_("Søgninger side om side."))
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
        must_be_writable(svg, csv_file, read=(file, needs))
        question = read_question(file, needs)
        found = solve_roster(
            question,
            seconds=seconds,
            gap=gap / 100,
            seed=seed,
            workers=workers,
            repeatable=repeatable,
            progress=_say_progress(),
        )
        tell(
            lambda: as_data(question, found),
            lambda: [*lines(question, found), *_broken(question, found)],
            as_json=as_json,
            files={svg: lambda: draw(question, found), csv_file: lambda: as_csv(question, found)},
        )


def _broken(question: Question, found: Roster) -> list[str]:
    return [
        "  " + _("brudt: {rule}").format(rule=rule_text(question, rule))
        for rule in broken_rules(question, found.duties)
    ]


def _say_progress() -> Progress:
    """Speaks on standard error, each second second at most."""
    said_at = -10.0

    def say(price: float, bound: float, seconds: float) -> None:
        nonlocal said_at
        if seconds - said_at < 2:
            return
        said_at = seconds
        said = {"seconds": number(seconds), "price": number(price)}
        if price <= bound:
            text = _("{seconds} s: {price} kr., ingen er billigere")
        elif bound > 0:
            text = _("{seconds} s: {price} kr., højst {gap} % over den bedste")
            said["gap"] = number(100 * (price - bound) / price, 2)
        else:
            text = _("{seconds} s: {price} kr.; hvor langt det er fra den bedste, vides ikke endnu")
        click.echo(text.format(**said), err=True)

    return say
