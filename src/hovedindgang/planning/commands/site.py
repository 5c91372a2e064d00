"""`hovedindgang plan site`: how many places, which kind and where, and who is how far from one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hovedindgang.planning.commands import answering, as_json, language
from hovedindgang.planning.commands.numbers import Number, Whole
from hovedindgang.planning.commands.options import refused
from hovedindgang.planning.commands.targets import must_be_writable, tell
from hovedindgang.planning.language import gettext
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.stopping import nothing_yet

if TYPE_CHECKING:
    from hovedindgang.planning.siting.places import Places
    from hovedindgang.planning.siting.sites import Asked, Ranked

QUESTIONS = ("travel", "coverage", "worst", "cover", "cost")
HELP = gettext("""Hvor mange steder, hvilke og hvor, og hvem har langt?

FIL er TOML: byer med indbyggere, steder der kan åbnes, hvad de koster, og hvor lang tid vejen tager.
Spørgsmålet (--question) er et af: travel, den korteste vej for alle under ét; coverage, flest mennesker inden for
--within minutter; worst, den korteste længste vej; cover, alle inden for --within minutter for færrest penge;
cost, færrest kroner i alt, borgernes tid regnet med. Med --now og --then sættes to valg af steder ved siden af
hinanden i stedet: hvem får længere, og hvem kortere.""")


@click.command("site", help=HELP)
@click.argument("file", metavar=gettext("FIL"), type=click.Path(path_type=Path))
@click.option(
    "--question", type=click.Choice(QUESTIONS), default="cost", show_default=True, help=gettext("Spørgsmålet.")
)
@click.option("--places", type=Whole(min=1), help=gettext("Så mange steder; ellers så mange, det betaler sig."))
@click.option("--within", type=Number(min=0), default=20.0, show_default=True, help=gettext("Minutter, én vej."))
@click.option(
    "--up-to",
    type=Whole(0),
    default=5,
    show_default=True,
    help=gettext("Vis det bedste for 1, 2, … så mange steder."),
)
@click.option("--next-best", type=Whole(0), default=10, show_default=True, help=gettext("Så mange næstbedste."))
@click.option("--now", metavar=gettext("STEDER"), help=gettext("Stederne i dag, fx aabybro:centre,pandrup:centre."))
@click.option("--then", metavar=gettext("STEDER"), help=gettext("Stederne bagefter; ellers de bedste, der findes."))
@click.option(
    "--svg", metavar=gettext("FIL"), type=click.Path(path_type=Path), help=gettext("Tegn kortet i denne fil.")
)
@as_json
@language
def site(
    file: Path,
    question: str,
    places: int | None,
    within: float,
    up_to: int,
    next_best: int,
    now: str | None,
    then: str | None,
    svg: Path | None,
    as_json: bool,
    language: str | None,
) -> None:
    with answering(language, as_json):
        # numpy and scipy: only who asks waits for them
        from hovedindgang.planning.siting.drawing import draw
        from hovedindgang.planning.siting.places import read_places
        from hovedindgang.planning.siting.sites import Asked, chosen, measured
        from hovedindgang.planning.siting.telling import as_data, beside_as_data, beside_in_words, in_words, resting

        must_be_writable(svg, read=(file,))
        plan = read_places(file)
        asked = Asked(question, places, within)
        today = None if now is None else measured(plan, chosen(plan, now), within)
        if then is not None:
            if today is None:
                raise CannotPlan(
                    gettext("--then siger, hvad der kommer efter --now."), cure=gettext("Skriv også --now STEDER.")
                )
            refused(
                ("question", "places", "up_to", "next_best"),
                gettext("Med --then er stederne valgt: {options} gør intet."),
                gettext("Udelad {options}, eller udelad --then, så stederne findes."),
            )
            after = measured(plan, chosen(plan, then), within)
            tell(
                lambda: beside_as_data(plan, asked, today, after),
                lambda: [*beside_in_words(plan, asked, today, after), *resting(plan)],
                as_json=as_json,
                files={svg: lambda: draw(plan, asked, after, today, [])},
            )
            return
        best, numbers, stopped = _solved(plan, asked, up_to=up_to, next_best=next_best)
        first = best.choices[0]
        drawn = [(count, found.choices[0]) for count, found in numbers]
        beside = {} if today is None else {"now": beside_as_data(plan, asked, today, first)}
        beside_lines = [] if today is None else ["", *beside_in_words(plan, asked, today, first)]
        tell(
            lambda: as_data(plan, asked, best, numbers) | beside | {"interrupted": stopped},
            lambda: [*in_words(plan, asked, best, numbers, stopped), *beside_lines],
            as_json=as_json,
            files={svg: lambda: draw(plan, asked, first, today, drawn)},
        )


def _solved(plan: Places, asked: Asked, *, up_to: int, next_best: int) -> tuple[Ranked, list[tuple[int, Ranked]], bool]:
    """The best and the next-best, the best for each number, and whether Ctrl-C ended it before all were found."""
    from hovedindgang.planning.siting.sites import Asked, ranked, unproved

    if asked.places is None and asked.question in {"travel", "coverage", "worst"}:
        raise CannotPlan(
            gettext("Uden et antal ville alle steder blive åbnet: det giver altid den korteste vej."),
            cure=gettext("Skriv --places 3, eller spørg med --question cost."),
        )
    best: Ranked | None = None
    numbers: list[tuple[int, Ranked]] = []
    try:
        best = ranked(plan, asked, count=1)
        for count in range(1, min(up_to, len(plan.candidates)) + 1):
            try:
                numbers.append((count, ranked(plan, Asked(asked.question, count, asked.within_minutes), count=1)))
            except CannotPlan:  # so few places, or so many, keep nobody's promise
                continue
        best = ranked(plan, asked, count=1 + next_best)
    except KeyboardInterrupt:
        best = best or unproved(plan, asked)
        if best is None:
            raise nothing_yet() from None
        return best, numbers, True
    return best, numbers, best.interrupted
