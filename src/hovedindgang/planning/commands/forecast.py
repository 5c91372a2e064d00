"""`hovedindgang plan forecast`: how many will call on a day, interval by interval, and how sure that is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hovedindgang.planning.commands import answering, as_json, each_flow, language, print_json
from hovedindgang.planning.commands.numbers import Number, Whole
from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.servicemodel.holidays import public_holidays

if TYPE_CHECKING:
    from hovedindgang.planning.demand import Change, Forecast, Series
    from hovedindgang.planning.demand.forecasting import Alternatives

HELP = gettext("""Hvor mange ringer en bestemt dag, interval for interval, og hvor sikkert er det?

FIL er CSV med interval_start,calls. Dagene før --day er det, der læres af; --until regner resten af dagen ud fra det,
der allerede er talt samme dag. Har filen også kolonnerne channel og service, forudsiges hver opgave i hver kanal, og
summerne af dem.""")

REPLICATIONS = 4000
LEVELS = (0.025, 0.10, 0.50, 0.80, 0.90, 0.975)

zone = click.option(
    "--zone", help=gettext("Tidszone, tiderne regnes om til, fx Europe/Copenhagen; ellers som skrevet.")
)
gaps = click.option(
    "--gaps",
    type=click.Choice(["refuse", "zero", "missing"]),
    default="refuse",
    show_default=True,
    help=gettext("Et interval, der mangler midt i en dag: fejl, nul opkald, eller ukendt."),
)
holidays = click.option(
    "--holidays",
    type=click.Choice(["none", "denmark"]),
    default="none",
    show_default=True,
    help=gettext("Helligdage, der kendes på forhånd."),
)
history = click.option("--history-days", type=Whole(10, 1100), help=gettext("Så mange åbne dage læres der af."))


@click.command("forecast", help=HELP)
@click.argument("file", type=click.Path(path_type=Path), metavar=gettext("FIL"))
@click.option("--day", required=True, help=gettext("Dagen, som 2026-03-02."))
@click.option("--until", help=gettext("Klokkeslæt; det, der er talt før, bruges til resten af dagen."))
@click.option(
    "--changes",
    metavar=gettext("FIL"),
    type=click.Path(path_type=Path),
    help=gettext("TOML-fil med det, der ventes, fx et valg, med spænd."),
)
@click.option(
    "--calls-per-day",
    metavar=gettext("TAL TAL TAL"),
    type=(Number(), Number(), Number()),
    help=gettext("Ny opgave, der ligner: midten, det laveste og det højeste antal opkald den dag."),
)
@holidays
@history
@zone
@gaps
@click.option(
    "--seed",
    type=Whole(0, 2**63 - 1),
    default=1,
    show_default=True,
    help=gettext("Tilfældets frø, til dagens sum."),
)
@as_json
@language
def forecast(
    file: Path,
    day: str,
    until: str | None,
    changes: Path | None,
    calls_per_day: tuple[float, float, float] | None,
    holidays: str,
    history_days: int | None,
    zone: str | None,
    gaps: str,
    seed: int,
    as_json: bool,
    language: str | None,
) -> None:
    with answering(language, as_json):
        # scipy: only who asks waits for it
        from hovedindgang.planning import demand
        from hovedindgang.planning.demand.changes import by_analogy, read_changes
        from hovedindgang.planning.demand.flows import is_long
        from hovedindgang.planning.demand.forecasting import MOST_DAYS

        asked, known_until = _day(day), None if until is None else _minutes(until)
        if is_long(file):
            for option, given in (("--until", until), ("--calls-per-day", calls_per_day)):
                if given is not None:
                    raise each_flow.only_for_one_series(option)
            told_of_each = each_flow.foretold(
                file,
                asked,
                levels=LEVELS,
                zone=zone,
                gaps=gaps,
                history_days=history_days or MOST_DAYS,
                danish=holidays == "denmark",
                changes=() if changes is None else read_changes(changes),
                seed=seed,
            )
            print_json(told_of_each) if as_json else click.echo("\n".join(each_flow.in_words(told_of_each)))
            return
        series = demand.read(file, zone=zone, gaps=gaps)
        each_flow.not_too_far(asked, series.days[-1])
        expected = () if changes is None else read_changes(changes)
        shut = holidays == "denmark" and _never_open_on_holidays(series) and asked in public_holidays(asked.year)
        foretold = demand.forecast(
            series,
            [asked],
            closed=[asked] if shut else [],
            history_days=history_days or MOST_DAYS,
            danish=holidays == "denmark",
            changes=expected,
        )
        if calls_per_day is not None:
            middle, low, high = calls_per_day
            foretold = by_analogy(foretold, calls_per_day=middle, low=low, high=high)
        told: Forecast | Alternatives = foretold
        counted = series.counted_on(asked)
        if known_until is not None:
            if counted is None:
                raise CannotPlan(
                    gettext("Der er ingen tal fra den {day} selv.").format(day=asked),
                    cure=gettext("Lad --until ude, eller læg dagens tal i filen."),
                )
            told = foretold.updated(counted, known_until)
        answer = _as_data(told, series, asked, known_until, expected, seed)
        answer["closed_for"] = public_holidays(asked.year)[asked] if shut else None
        if as_json:
            print_json(answer)
        else:
            click.echo("\n".join(_in_words(answer)))


def _never_open_on_holidays(series: Series) -> bool:
    return not any(day in public_holidays(day.year) for day in series.days)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CannotPlan(
            gettext("{text} er ingen dag.").format(text=text), cure=gettext("Skriv fx 2026-03-02.")
        ) from None


def _minutes(text: str) -> int:
    try:
        clock = dt.time.fromisoformat(text)
    except ValueError:
        raise CannotPlan(
            gettext("{text} er intet klokkeslæt.").format(text=text), cure=gettext("Skriv fx 10:30.")
        ) from None
    return clock.hour * 60 + clock.minute


def _as_data(
    told: Forecast | Alternatives,
    series: Series,
    day: dt.date,
    until: int | None,
    changes: tuple[Change, ...],
    seed: int,
) -> dict[str, Any]:
    import numpy as np

    counts = told.counts()
    quantiles = {level: counts.quantile(level) for level in LEVELS}
    over = np.zeros(len(told.starts_minutes), dtype=bool)
    so_far = 0.0
    counted = series.counted_on(day)
    if until is not None and counted is not None:
        over = np.array(told.starts_minutes) + told.interval_minutes <= until
        so_far = float(np.nansum(counted[over]))
    rest = told.open[0] & ~over
    sums = told.simulate(REPLICATIONS, seed=seed)[:, 0, rest].sum(axis=1)
    whole = so_far + np.quantile(sums, LEVELS)
    return {
        "day": str(day),
        "open": bool(told.open[0].any()),
        "history_days": told.history_days,
        "interval_minutes": told.interval_minutes,
        "until": None if until is None else _clock(until),
        "calls_so_far": so_far if until is not None else None,
        "calls_mean": so_far + float(counts.mean[rest].sum()),
        "calls": {_percent(level): float(value) for level, value in zip(LEVELS, whole, strict=True)},
        "changes": [
            {
                "name": change.name,
                "factor": change.factor,
                "low": change.low,
                "high": change.high,
                "source": change.source,
            }
            for change in changes
            if change.on(day)
        ],
        "intervals": [
            {
                "start": _clock(told.starts_minutes[place]),
                "calls_mean": float(counts.mean[place]),
                **{_percent(level): float(values[place]) for level, values in quantiles.items()},
            }
            for place in np.flatnonzero(rest)
        ],
    }


def _percent(level: float) -> str:
    """p2.5, p50, p97.5: the level as its name."""
    return f"p{100 * level:g}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _in_words(answer: dict[str, Any]) -> list[str]:
    if not answer["open"]:
        if answer["closed_for"]:
            return [gettext("{day}: lukket; det er helligdag.").format(day=answer["day"])]
        return [gettext("{day}: lukket; på den ugedag er der ingen tal.").format(day=answer["day"])]
    calls = answer["calls"]
    lines = [
        gettext("{day}: omkring {middle} opkald; med 95 % sikkerhed mellem {low} og {high}.").format(
            day=answer["day"], middle=number(calls["p50"]), low=number(calls["p2.5"]), high=number(calls["p97.5"])
        ),
        gettext("Lært af {days} dage før.").format(days=number(answer["history_days"])),
    ]
    if answer["until"] is not None:
        lines.append(
            gettext("Heraf er {so_far} talt før kl. {until}.").format(
                so_far=number(answer["calls_so_far"]), until=answer["until"]
            )
        )
    lines += each_flow.changes_in_words(answer["changes"])
    hours: dict[str, list[float]] = {}
    for interval in answer["intervals"]:
        hours.setdefault(interval["start"][:2], []).append(interval["calls_mean"])
    lines.append(gettext("Kl.  opkald i gennemsnit"))
    lines += [f"{hour}   {number(sum(means), 1)}" for hour, means in hours.items()]
    return lines
