"""`hovedindgang plan staff`: how many each team needs, and who is needed where and when."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hovedindgang.planning.commands import answering, as_json, language, print_json
from hovedindgang.planning.commands.naming import queue_name
from hovedindgang.planning.commands.numbers import Whole
from hovedindgang.planning.commands.widths import enough, too_wide
from hovedindgang.planning.language import gettext, gettext_noop, number
from hovedindgang.planning.problems import CannotPlan

if TYPE_CHECKING:
    from hovedindgang.planning.simulation.outcome import Estimate
    from hovedindgang.planning.staffing.hourly import HourlyNeed
    from hovedindgang.planning.staffing.teams import Needed, Standard, Worth

_DAYS = (
    gettext_noop("man"),
    gettext_noop("tir"),
    gettext_noop("ons"),
    gettext_noop("tor"),
    gettext_noop("fre"),
    gettext_noop("lør"),
    gettext_noop("søn"),
)

HELP = gettext("""Hvor mange skal der være på hvert hold, for at løfterne om ventetid holder?

FIL er en plan: en servicemodel med det, man ved om efterspørgslen (se models/planning). Svaret findes ved simulering og
står ved siden af, hvad der mindst skal til, så man ser, hvor langt det højst er fra det bedste.

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
@click.option("--replications", help=gettext("Så mange gentagelser."), type=Whole(2, 500), default=5, show_default=True)
@click.option("--seed", type=Whole(0, 2**63 - 1), default=1, show_default=True, help=gettext("Tilfældets frø."))
@click.option("--worth", is_flag=True, help=gettext("Sig også, hvad én mere på hvert hold er værd."))
@as_json
@language
def staff(
    file: Path,
    promises: tuple[str, ...],
    days: int,
    replications: int,
    seed: int,
    worth: bool,
    as_json: bool,
    language: str | None,
) -> None:
    with answering(language, as_json):
        # numba and scipy: only who asks waits for them
        from hovedindgang.planning.service.building import scenario_of
        from hovedindgang.planning.service.changes import changed
        from hovedindgang.planning.service.reading import read_plan
        from hovedindgang.planning.simulation.outcome import Results
        from hovedindgang.planning.simulation.preparing import prepare
        from hovedindgang.planning.simulation.replications import tallies
        from hovedindgang.planning.staffing.hourly import hourly_needs
        from hovedindgang.planning.staffing.teams import sized, staff_needed, standards_of, worth_of_one_more

        plan = read_plan(file)
        model, inputs = changed(plan.model, dataclasses.replace(plan.inputs, days=days), plan.changes)
        standards = tuple(_standard(promise) for promise in promises) or standards_of(model)
        found = staff_needed(model, inputs, standards, seed=seed, replications=replications, progress=_progress)
        best = sized(inputs, found.teams)
        hourly: list[HourlyNeed] = []
        more: list[Worth] = []
        stopped = found.interrupted
        try:
            if not stopped:
                scenario = scenario_of(model, best)
                done = tuple(tallies(scenario, seed=seed, replications=replications))
                hourly = hourly_needs(Results(prepare(scenario), seed, done), standards)
                if worth:
                    more = worth_of_one_more(model, best, standards, seed=seed, replications=2 * replications)
        except KeyboardInterrupt:
            stopped = True
        if as_json:
            data = _as_data(found, hourly, more, seed=seed, replications=replications, days=days)
            print_json(data | {"interrupted": stopped})
            return
        _say(found, hourly, more, {key: one.name for key, one in model.centres.items()})
        if (wide := too_wide(list(found.met.values()), replications, NEAR_SHARE)) is not None:
            click.echo(wide)
        if stopped:
            click.echo(gettext("Afbrudt: svaret er det bedste indtil da."))


NEAR_SHARE = 0.05  # of a share served in time, to each side


def _standard(promise: str) -> Standard:
    from hovedindgang.planning.staffing.teams import Standard
    from hovedindgang.servicemodel.document import Channel

    try:
        channel, _equals, rest = promise.partition("=")
        minutes, _colon, percent = rest.partition(":")
        made = Standard(Channel(channel), float(minutes), float(percent) / 100)
    except ValueError:
        made = None
    if made is None or not 0 <= made.within_minutes <= 1440 or not 0 < made.share < 1:
        raise CannotPlan(
            gettext("Løftet {promise} kan ikke læses.").format(promise=promise),
            cure=gettext("Skriv KANAL=MINUTTER:PROCENT, fx phone=3:80; kanaler: in_person, phone."),
        )
    return made


def _progress(words: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"  {words}", err=True)


def _as_data(
    found: Needed, hourly: list[HourlyNeed], more: list[Worth], *, seed: int, replications: int, days: int
) -> dict[str, Any]:
    return {
        "teams": dict(found.teams),
        "kr_per_year": found.kr_per_year,
        "bound": {
            "teams": dict(found.bound_teams),
            "employees_in_all": found.bound_in_all,
            "kr_per_year": found.bound_kr,
        },
        "gap": found.gap if found.bound_kr and found.meets else None,
        "meets_the_standards": found.meets,
        "replications_for_narrower": enough(list(found.met.values()), replications, NEAR_SHARE),
        "share_served_in_time": {key: one.as_dict() for key, one in found.met.items()},
        "hourly": [dataclasses.asdict(one) for one in hourly],
        "one_more": [
            {
                "what": one.what,
                "change": {k: e.as_dict() for k, e in one.change.items()},
                "kr_per_year": one.kr_per_year,
            }
            for one in more
        ],
        "seed": seed,
        "replications": replications,
        "days": days,
        "team_sizes_tried": found.simulated,
    }


def _say(found: Needed, hourly: list[HourlyNeed], more: list[Worth], centres: Mapping[str, str]) -> None:
    click.echo(gettext("Så mange skal der være:"))
    for team, size in found.teams.items():
        click.echo(f"  {team:<20} {size}")
    if not found.meets:
        click.echo(gettext("De her er prøvet og er ikke nok til løfterne; det nærmeste, der blev nået."))
    if not found.meets or not found.bound_kr:
        said = gettext("Det koster {kr} kr. om året; hvor langt det er fra det bedste, blev ikke nået.")
        click.echo(said.format(kr=number(found.kr_per_year)))
    else:
        _say_bound(found)
    click.echo(gettext("Betjent i tide (med 95 % sikkerhed):"))
    for key, one in found.met.items():
        click.echo(f"  {queue_name(key, centres):<40} {_share(one)}")
    if hourly:
        _say_hours(hourly, centres)
    for worth in more:
        click.echo(f"{worth.what}:")
        for key, change in worth.change.items():
            points = gettext("procentpoint")
            click.echo(
                f"  {queue_name(key, centres):<40} {number(100 * change.value, 1)} {points} "
                f"({number(100 * change.low, 1)} – {number(100 * change.high, 1)})"
            )


def _say_bound(found: Needed) -> None:
    click.echo(
        gettext(
            "Det koster {kr} kr. om året. For under {bound} kr. kan det ikke gøres: højst {gap} % dyrere end det."
        ).format(kr=number(found.kr_per_year), bound=number(found.bound_kr), gap=number(100 * found.gap, 1))
    )


def _share(one: Estimate) -> str:
    low, high = max(0.0, one.low), min(1.0, one.high)
    return f"{number(100 * one.value, 1)} % ({number(100 * low, 1)} – {number(100 * high, 1)})"


def _say_hours(hourly: list[HourlyNeed], centres: Mapping[str, str]) -> None:
    names = [gettext(day) for day in _DAYS]
    click.echo(gettext("Så mange skal betjene på samme tid (hver time for sig; tilnærmet):"))
    for channel, place in dict.fromkeys((one.channel, one.place) for one in hourly):
        here = [one for one in hourly if (one.channel, one.place) == (channel, place)]
        hours = sorted({one.hour for one in here})
        click.echo(f"  {queue_name(channel if place is None else f'{channel}:{place}', centres)}")
        click.echo("        " + " ".join(f"{hour:>3}" for hour in hours))
        for weekday in sorted({one.weekday for one in here}):
            of = {one.hour: one.employees for one in here if one.weekday == weekday}
            click.echo(f"    {names[weekday]} " + " ".join(f"{of.get(hour, ''):>3}" for hour in hours))
