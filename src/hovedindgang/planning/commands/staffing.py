"""What `hovedindgang plan staff` answers, in words and as data."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from hovedindgang.planning.language import gettext, gettext_noop, ngettext, number
from hovedindgang.planning.naming import queue_name

if TYPE_CHECKING:
    from hovedindgang.planning.simulation.outcome import Estimate
    from hovedindgang.planning.staffing.hourly import CompetenceNeed, HourlyNeed
    from hovedindgang.planning.staffing.teams import Needed
    from hovedindgang.planning.staffing.worth import Worth

_DAYS = (
    gettext_noop("man"),
    gettext_noop("tir"),
    gettext_noop("ons"),
    gettext_noop("tor"),
    gettext_noop("fre"),
    gettext_noop("lør"),
    gettext_noop("søn"),
)
_KEPT = {
    "surely": gettext_noop("holder sikkert"),
    "unsure": gettext_noop("usikkert"),
    "broken": gettext_noop("holder ikke"),
}
_FIGURES = {
    "wait_in_person_minutes": (gettext_noop("ventetid, personligt (min.)"), 1, 2),
    "wait_phone_minutes": (gettext_noop("ventetid, telefon (min.)"), 1, 2),
    "not_served": (gettext_noop("ikke betjent (procentpoint)"), 100, 1),
    "resolved_in_house": (gettext_noop("løst i Borgerservice (procentpoint)"), 100, 1),
    "first_contact_resolution": (gettext_noop("løst i én kontakt (procentpoint)"), 100, 1),
}
_MOST_SERVICES = 5  # of a queue; all are in the data
_MOST_SAID = 3  # of the competences, and of the open hours; all are in the data


def staffing_as_data(
    found: Needed, hourly: Sequence[HourlyNeed], competences: Sequence[CompetenceNeed], more: Sequence[Worth]
) -> dict[str, Any]:
    verified = found.verified
    return {
        "teams": dict(found.teams),
        "kr_per_year": found.kr_per_year,
        "bound": {
            "kr_per_year": found.bound_kr or None,
            "least_of_each_team": dict(found.least),
            "nothing_cheaper_than": dict(found.searched) if found.proved else None,
        },
        "gap": found.gap,
        "meets_the_standards": found.meets,
        "surely_kept": found.surely_kept,
        "verified_replications": verified.replications,
        "added_when_verified": sum(one for one in verified.added if one > 0),
        "taken_away_when_verified": -sum(one for one in verified.added if one < 0),
        "promises": {
            key: {
                "within_minutes": found.promises.standard(key).within_minutes,
                "promised": found.promises.standard(key).share,
                "served_in_time": one.as_dict(),
                "in_the_search": found.in_search[key].value if key in found.in_search else None,
                "kept": verified.kept[key].value if key in verified.kept else None,
            }
            for key, one in found.shares.items()
        },
        "hourly": [dataclasses.asdict(one) for one in hourly],
        "competences": [dataclasses.asdict(one) for one in competences],
        "one_more": [
            {
                "what": one.what,
                "kind": one.kind,
                "promises": {key: _data(each) for key, each in one.promises.items()},
                "figures": {key: _data(each) for key, each in one.figures.items()},
                "kr_per_year": one.kr_per_year.as_dict(),
            }
            for one in more
        ],
        "team_sizes_tried": found.simulated,
    }


def _data(one: Estimate | None) -> dict[str, float] | None:
    return None if one is None else one.as_dict()


def say_staffing(
    found: Needed,
    hourly: Sequence[HourlyNeed],
    competences: Sequence[CompetenceNeed],
    more: Sequence[Worth],
    names: Mapping[str, str],
) -> None:
    """`names`: of centres and services, by their keys; a team that belongs to a centre is called as it is."""
    click.echo(gettext("Så mange skal der være:"))
    for team, size in found.teams.items():
        click.echo(f"  {names.get(team, team):<40} {size}")
    if not found.meets:
        click.echo(gettext("De her er prøvet og er ikke nok til løfterne; det nærmeste, der blev nået."))
    _say_cost(found)
    _say_promises(found, names)
    if hourly:
        _say_hours(hourly, names)
        _say_competences(competences, names)
    if more:
        _say_worth(more, names)


def _say_cost(found: Needed) -> None:
    if found.gap is None:
        said = gettext("Det koster {kr} kr. om året; hvor langt det er fra det bedste, blev ikke nået.")
        click.echo(said.format(kr=number(found.kr_per_year)))
        return
    click.echo(
        gettext(
            "Det koster {kr} kr. om året. For under {bound} kr. holder løfterne ikke: højst {gap} % dyrere end det."
        ).format(kr=number(found.kr_per_year), bound=number(found.bound_kr), gap=number(100 * found.gap, 1))
    )
    if not found.proved:
        click.echo(
            gettext(
                "Det er ikke bevist, at intet er billigere: ikke alt blev prøvet. Grænsen bliver bedre med flere "
                "prøver (--tries) og mere tid (--seconds)."
            )
        )


def _say_promises(found: Needed, centres: Mapping[str, str]) -> None:
    verified = found.verified
    if not verified.replications:
        click.echo(gettext("Betjent i tide, i søgningens egne gentagelser; ikke efterprøvet, og derfor for godt:"))
    else:
        said = gettext("Betjent i tide, efterprøvet i {number} gentagelser, som ikke var med til at vælge (95 %):")
        click.echo(said.format(number=verified.replications))
    for key, one in found.shares.items():
        standard = found.promises.standard(key)
        promised = gettext("inden for {minutes} min. (lovet {share} %)").format(
            minutes=_short(standard.within_minutes), share=_short(100 * standard.share)
        )
        kept = gettext(_KEPT[verified.kept[key].value]) if key in verified.kept else ""
        name = queue_name(key.partition("<=")[0], centres)
        click.echo(f"  {name:<40} {promised:<32} {_share(one)}  {kept}".rstrip())
    _say_added(verified.added)
    if verified.kept and not found.surely_kept:
        click.echo(gettext("Ikke alle løfter er sikre. Lov lidt mindre, simulér længere (--days), eller læg én til."))


def _say_added(added: Sequence[int]) -> None:
    more, fewer = sum(one for one in added if one > 0), -sum(one for one in added if one < 0)
    if more:
        said = ngettext(
            "{number} af medarbejderne kom til ved efterprøvningen: søgningens egne tal var for gode.",
            "{number} af medarbejderne kom til ved efterprøvningen: søgningens egne tal var for gode.",
            more,
        )
        click.echo(said.format(number=more))
    if fewer:
        said = ngettext(
            "Så kunne {number} undværes et andet sted: løfterne holder uden.",
            "Så kunne {number} undværes andre steder: løfterne holder uden.",
            fewer,
        )
        click.echo(said.format(number=fewer))


def _short(value: float) -> str:
    return number(value, 0 if math.isclose(value, round(value)) else 1)


def _share(one: Estimate) -> str:
    low, high = max(0.0, one.low), min(1.0, one.high)
    return f"{number(100 * one.value, 1)} % ({number(100 * low, 1)} – {number(100 * high, 1)})"


def _say_hours(hourly: Sequence[HourlyNeed], centres: Mapping[str, str]) -> None:
    names = [gettext(day) for day in _DAYS]
    click.echo(gettext("Så mange skal betjene på samme tid (hver time for sig; tilnærmet):"))
    for channel, place in dict.fromkeys((one.channel, one.place) for one in hourly):
        here = [one for one in hourly if (one.channel, one.place) == (channel, place)]
        hours = sorted({one.hour for one in here})
        click.echo(f"  {queue_name(channel if place is None else f'{channel}:{place}', centres)}")
        click.echo("        " + " ".join(f"{hour:>3}" for hour in hours))
        for weekday in sorted({one.weekday for one in here}):
            of = {one.hour: one.employees for one in here if one.weekday == weekday}
            click.echo((f"    {names[weekday]} " + " ".join(f"{of.get(hour, ''):>3}" for hour in hours)).rstrip())


def _say_competences(competences: Sequence[CompetenceNeed], names: Mapping[str, str]) -> None:
    click.echo(gettext("Det skal de kunne (andel af arbejdet, og hvor mange af dem, der betjener, er generalister):"))
    for channel, place in dict.fromkeys((one.channel, one.place) for one in competences):
        here = [one for one in competences if (one.channel, one.place) == (channel, place)]
        click.echo(f"  {queue_name(channel if place is None else f'{channel}:{place}', names)}")
        for one in here[:_MOST_SERVICES]:
            of = gettext("{generalists} af {serving}").format(generalists=one.generalists, serving=one.serving)
            click.echo(f"    {names.get(one.service, one.service):<56} {number(100 * one.share):>3} %  {of}")
        if (rest := here[_MOST_SERVICES:]) and (share := number(100 * sum(one.share for one in rest))):
            click.echo(f"    {gettext('de øvrige'):<56} {share:>3} %")


def _say_worth(more: Sequence[Worth], centres: Mapping[str, str]) -> None:
    click.echo(gettext("Hvad én mere er værd, for de samme borgere (ændring, 95 %):"))
    for kind in dict.fromkeys(one.kind for one in more):
        those = [one for one in more if one.kind == kind]
        if kind != "employee":
            those = sorted(those, key=lambda one: -one.helps)[:_MOST_SAID]
        for one in those:
            click.echo(f"  {one.what}")
            for key, change in one.promises.items():
                _say_change(
                    gettext("{queue}: i tide (procentpoint)").format(queue=_promise(key, centres)), change, 100, 1
                )
            for key, change in one.figures.items():
                name, times, decimals = _FIGURES[key]
                _say_change(gettext(name), change, times, decimals)
            _say_change(gettext("kroner om året"), one.kr_per_year, 1, 0)
    if any(one.kind != "employee" for one in more):
        click.echo(
            gettext("Af kompetencer og åbne timer vises de {number}, der gør mest; alle står i --json.").format(
                number=_MOST_SAID
            )
        )


def _promise(key: str, centres: Mapping[str, str]) -> str:
    queue, _several, promise = key.partition("<=")
    name = queue_name(queue, centres)
    return f"{name} {promise}" if promise else name


def _say_change(name: str, change: Estimate | None, times: float, decimals: int) -> None:
    if change is None:
        return
    interval = ""
    if math.isfinite(change.low):
        interval = f" ({number(times * change.low, decimals)} – {number(times * change.high, decimals)})"
    chance = "" if change.low > 0 or change.high < 0 else "  " + gettext("kan være tilfældigt")
    click.echo(f"    {name:<56} {number(times * change.value, decimals)}{interval}{chance}")
