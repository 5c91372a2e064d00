"""`hovedindgang plan staff`: how many each team needs, and who is needed where and when."""

from __future__ import annotations

import dataclasses
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hovedindgang.planning.commands import answering, as_json, language, print_json
from hovedindgang.planning.commands.numbers import Number, Whole
from hovedindgang.planning.commands.staffing import say_staffing, staffing_as_data
from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.servicemodel.wording import full_name_of

if TYPE_CHECKING:
    from hovedindgang.planning.service.inputs import Inputs
    from hovedindgang.planning.staffing.hourly import CompetenceNeed, HourlyNeed
    from hovedindgang.planning.staffing.promises import Standard
    from hovedindgang.planning.staffing.teams import Needed
    from hovedindgang.planning.staffing.worth import Worth
    from hovedindgang.servicemodel.document import ServiceModel

FEWEST_FOR_WORTH = 20  # replications: what one more does is small

HELP = gettext("""Hvor mange skal der være på hvert hold, for at løfterne om ventetid holder?

FIL er en plan: en servicemodel med det, man ved om efterspørgslen (se models/planning). Svaret findes ved simulering,
efterprøves med borgere, der ikke var med til at vælge det, og står ved siden af, hvad der mindst skal til, så man ser,
hvor langt det højst er fra det bedste. Flere løfter for samme kanal skal alle holde.

\b
Eksempel:
  hovedindgang plan staff models/planning/jammerbugt-2006.toml
      --answer-within phone=3:80 --answer-within in_person=15:80""")


@click.command("staff", help=HELP)
@click.argument("file", metavar=gettext("FIL"), type=click.Path(path_type=Path))
@click.option(
    "--answer-within",
    "promises",
    metavar=gettext("KANAL=MINUTTER:PROCENT"),
    multiple=True,
    help=gettext("Et løfte, fx phone=3:80. Ellers dem, modellen har."),
)
@click.option("--days", type=Whole(7, 3660), default=56, show_default=True, help=gettext("Dage, der simuleres."))
@click.option(
    "--replications",
    help=gettext("Så mange gentagelser leder søgningen i."),
    type=Whole(2, 500),
    default=5,
    show_default=True,
)
@click.option("--seed", type=Whole(0, 2**63 - 1), default=1, show_default=True, help=gettext("Tilfældets frø."))
@click.option(
    "--tries",
    type=Whole(0, 100_000),
    default=300,
    show_default=True,
    help=gettext("Så mange bemandinger mere prøves for at vise, at intet er billigere."),
)
@click.option(
    "--seconds",
    type=Number(1, 86_400),
    default=120,
    show_default=True,
    help=gettext("Efter så mange sekunder bevises og efterprøves der ikke mere."),
)
@click.option(
    "--worth",
    is_flag=True,
    help=gettext("Sig også, hvad én medarbejder, én kompetence eller én åben time mere er værd."),
)
@as_json
@language
def staff(
    file: Path,
    promises: tuple[str, ...],
    days: int,
    replications: int,
    seed: int,
    tries: int,
    seconds: float,
    worth: bool,
    as_json: bool,
    language: str | None,
) -> None:
    with answering(language, as_json):
        # numba and scipy: only who asks waits for them
        from hovedindgang.planning.service.changes import changed
        from hovedindgang.planning.service.reading import read_plan
        from hovedindgang.planning.service.warming import warmed
        from hovedindgang.planning.staffing.promises import standards_of
        from hovedindgang.planning.staffing.teams import staff_needed

        plan = read_plan(file)
        model, inputs = changed(plan.model, dataclasses.replace(plan.inputs, days=days), plan.changes)
        inputs = warmed(model, inputs)
        standards = tuple(_standard(promise) for promise in promises) or standards_of(model)
        found = staff_needed(
            model,
            inputs,
            standards,
            seed=seed,
            replications=replications,
            tries=tries,
            goes_on=_for_seconds(seconds),
            progress=_progress,
        )
        told = Told(found, interrupted=found.interrupted)
        if not found.interrupted:
            _look_closer(told, model, inputs, standards, seed, replications, seconds if worth else None)
        if as_json:
            first_day = inputs.first_day.isoformat()
            asked = {"seed": seed, "replications": replications, "days": days, "first_day": first_day}
            asked |= {"warm_up_days": inputs.warm_up.days if inputs.warm_up else 0}
            print_json(told.as_data() | asked | {"interrupted": told.interrupted})
            return
        told.say(model, inputs)


@dataclass
class Told:
    """What the answer says; whoever stops it has what was known by then."""

    found: Needed
    hourly: list[HourlyNeed] = field(default_factory=list)
    competences: list[CompetenceNeed] = field(default_factory=list)
    more: list[Worth] = field(default_factory=list)
    interrupted: bool = False

    def as_data(self) -> dict[str, Any]:
        return staffing_as_data(self.found, self.hourly, self.competences, self.more)

    def say(self, model: ServiceModel, inputs: Inputs) -> None:
        names = {key: full_name_of(one) for key, one in model.services.items()}
        names |= {key: full_name_of(one) for key, one in model.centres.items()}
        say_staffing(self.found, self.hourly, self.competences, self.more, names)
        click.echo(
            gettext("Der er regnet på {days} dage fra {first_day}; andre uger kan kræve andet (--days).").format(
                days=number(inputs.days), first_day=inputs.first_day.isoformat()
            )
        )
        if self.interrupted:
            click.echo(gettext("Afbrudt: svaret er det bedste indtil da."))


def _look_closer(
    told: Told,
    model: ServiceModel,
    inputs: Inputs,
    standards: Sequence[Standard],
    seed: int,
    replications: int,
    seconds: float | None,
) -> None:
    """Who is needed when, what they must know and, within `seconds` (None: not asked for), what one more is worth."""
    from hovedindgang.planning.service.building import scenario_of
    from hovedindgang.planning.simulation.outcome import Results
    from hovedindgang.planning.simulation.preparing import prepare
    from hovedindgang.planning.simulation.replications import tallies
    from hovedindgang.planning.staffing.hourly import competence_needs, hourly_needs
    from hovedindgang.planning.staffing.trying import sized

    try:
        best = sized(inputs, told.found.teams)
        scenario = scenario_of(model, best)
        done = tuple(tallies(scenario, seed=seed, replications=replications))
        results = Results(prepare(scenario), seed, done)
        told.hourly, told.competences = hourly_needs(results, standards), competence_needs(results, standards)
        if seconds is not None:
            _what_one_more_is_worth(told, model, best, standards, seed, replications, seconds)
    except KeyboardInterrupt:
        told.interrupted = True


def _what_one_more_is_worth(
    told: Told,
    model: ServiceModel,
    inputs: Inputs,
    standards: Sequence[Standard],
    seed: int,
    replications: int,
    seconds: float,
) -> None:
    from hovedindgang.planning.staffing.worth import worth_of_one_more

    for one in worth_of_one_more(
        model,
        inputs,
        standards,
        seed=seed,
        replications=max(FEWEST_FOR_WORTH, replications),
        goes_on=_for_seconds(seconds),
        progress=_progress,
    ):
        told.more.append(one)


def _for_seconds(seconds: float) -> Callable[[], bool]:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() < until


def _standard(promise: str) -> Standard:
    from hovedindgang.planning.staffing.promises import Standard
    from hovedindgang.servicemodel.document import Channel

    try:
        channel, _equals, rest = promise.partition("=")
        minutes, _colon, percent = rest.partition(":")
        made = Standard(Channel(channel), float(minutes), float(percent) / 100)
    except ValueError:
        made = None
    waited_for = (Channel.IN_PERSON, Channel.PHONE)  # letters have an agreed day instead
    if made is None or not (made.channel in waited_for and 0 <= made.within_minutes <= 1440 and 0 < made.share < 1):
        raise CannotPlan(
            gettext("Løftet {promise} kan ikke læses.").format(promise=promise),
            cure=gettext("Skriv KANAL=MINUTTER:PROCENT, fx phone=3:80; kanaler: in_person, phone."),
        )
    return made


def _progress(words: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"  {words}", err=True)
