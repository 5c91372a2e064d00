"""`hovedindgang plan backtest`: would the forecast have been right, and better than what is simpler?"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hovedindgang.planning.commands import answering, as_json, language, print_json
from hovedindgang.planning.commands.forecast import gaps, history, holidays, zone
from hovedindgang.planning.commands.numbers import Whole
from hovedindgang.planning.language import gettext, gettext_noop, number
from hovedindgang.planning.problems import CannotPlan

if TYPE_CHECKING:
    from hovedindgang.planning.demand import Backtest, Series

HELP = gettext("""Ville prognosen have holdt, og bedre end noget enklere?

De sidste --days dage forudsiges én for én, hver kun af dagene før, og holdes op mod det, der kom. FIL er CSV med
interval_start,calls. Ved siden af står samme ugedag sidste uge, gennemsnit af de sidste uger, og MSTL og AutoETS fra
statsforecast, hvor det er installeret.""")

NAMES = {
    "model": gettext_noop("modellen"),
    "seasonal_naive": gettext_noop("sidste uge"),
    "mean_of_weeks": gettext_noop("otte ugers gennemsnit"),
    "mstl": gettext_noop("MSTL"),
    "auto_ets": gettext_noop("AutoETS"),
}


@click.command("backtest", help=HELP)
@click.argument("file", type=click.Path(path_type=Path), metavar=gettext("FIL"))
@click.option("--days", type=Whole(1, 1000), default=20, show_default=True, help=gettext("Så mange dage prøves."))
@holidays
@history
@zone
@gaps
@click.option("--channel", help=gettext("Kanalen, der prøves, i en fil med kolonnerne channel og service."))
@click.option("--service", help=gettext("Opgaven, der prøves, i kanalen; ellers alle dens opgaver."))
@click.option("--simple", is_flag=True, help=gettext("Uden statsforecast, som tager op mod et sekund for hver dag."))
@as_json
@language
def backtest(
    file: Path,
    days: int,
    holidays: str,
    history_days: int | None,
    zone: str | None,
    gaps: str,
    channel: str | None,
    service: str | None,
    simple: bool,
    as_json: bool,
    language: str | None,
) -> None:
    with answering(language, as_json):
        # scipy and statsforecast: only who asks waits for them
        from hovedindgang.planning import demand
        from hovedindgang.planning.demand.backtesting import HISTORY_DAYS
        from hovedindgang.planning.demand.flows import is_long

        series = (
            _one_flow(file, channel, service, zone=zone, gaps=gaps)
            if channel is not None or service is not None or is_long(file)
            else demand.read(file, zone=zone, gaps=gaps)
        )
        if not (series.counts > 0).any():
            raise CannotPlan(
                gettext("Der er intet opkald i filen: alle antal er 0."),
                cure=gettext(
                    "Se efter, om det er den rigtige kolonne. En kanal uden henvendelser har intet at forudsige."
                ),
            )
        with click.progressbar(length=days, label=gettext("Dage"), file=sys.stderr, hidden=as_json) as bar:
            found = demand.backtest(
                series,
                days=days,
                history_days=history_days or HISTORY_DAYS,
                danish=holidays == "denmark",
                with_statsforecast=not simple,
                each=lambda done: bar.update(1),
            )
        answer = _as_data(found, series.interval_minutes, history_days or HISTORY_DAYS)
        if as_json:
            print_json(answer)
        else:
            click.echo("\n".join(_in_words(answer)))


def _one_flow(file: Path, channel: str | None, service: str | None, *, zone: str | None, gaps: str) -> Series:
    """The series of one channel, or of one service in it. Raises CannotPlan for names that the file does not have."""
    from hovedindgang.planning.demand.flows import read_flows

    flows = read_flows(file, zone=zone, gaps=gaps)
    if channel not in flows:
        raise CannotPlan(
            gettext("{file} har flere kanaler; én ad gangen kan prøves.").format(file=file.name)
            if channel is None
            else gettext("{file} har ingen kanal {channel}.").format(file=file.name, channel=channel),
            cure=gettext("Skriv --channel og et af navnene: {names}.").format(names=", ".join(flows)),
            where=("--channel",),
        )
    if service is None:
        return flows[channel].total
    if service not in flows[channel].services:
        raise CannotPlan(
            gettext("{channel} har ingen opgave {service}.").format(channel=channel, service=service),
            cure=gettext("Skriv --service og et af navnene: {names}.").format(names=", ".join(flows[channel].services)),
            where=("--service",),
        )
    return flows[channel].of(service)


def _as_data(found: Backtest, interval_minutes: int, history_days: int) -> dict[str, Any]:
    low, high = found.coverage_interval()
    scores = {
        name: {
            "rmse": scores.rmse,
            "mape": 100 * scores.mean("share_off"),
            "crps": scores.mean("crps"),
            "coverage95": 100 * scores.mean("covered"),
            "coverage95_even": 100 * scores.mean("covered_evenly"),
            "cpu_seconds_per_day": scores.mean("cpu_seconds"),
        }
        for name, scores in found.scores.items()
    }
    return {
        "first_day": str(found.days[0]),
        "last_day": str(found.days[-1]),
        "days": len(found.days),
        "history_days_at_most": history_days,
        "interval_minutes": interval_minutes,
        "intervals": found.intervals,
        "intervals_unforeseen": found.unforeseen[0],
        "calls_unforeseen": found.unforeseen[1],
        "model": scores.pop("model"),
        "baselines": scores,
        "not_installed_or_left_out": list(found.missing),
        "best_baseline": found.best_baseline,
        "crps_to_best_baseline": found.crps_ratio,
        "poisson_floor_crps": found.floor_mean,
        "gap_to_floor_closed_percent": 100 * found.gap_closed,
        "coverage95_interval": [100 * low, 100 * high],
        "interrupted": found.interrupted,
    }


def _in_words(answer: dict[str, Any]) -> list[str]:
    lines = [
        gettext("{days} dage fra {first} til {last}, {intervals} intervaller på {minutes} minutter.").format(
            days=number(answer["days"]),
            first=answer["first_day"],
            last=answer["last_day"],
            intervals=number(answer["intervals"]),
            minutes=answer["interval_minutes"],
        ),
        f"{'':24}{'RMSE':>8}{'MAPE %':>8}{'CRPS':>8}{gettext('dækket %'):>11}",
    ]
    for name, scores in {"model": answer["model"], **answer["baselines"]}.items():
        figures = f"{number(scores['rmse'], 2):>8}{_known(scores['mape'], 1):>8}{number(scores['crps'], 2):>8}"
        lines.append(f"{gettext(NAMES[name]):24}{figures}{number(scores['coverage95'], 1):>11}")
    low, high = answer["coverage95_interval"]
    lines += [
        gettext("Modellens CRPS er {percent} % af den bedstes ved siden af ({name}).").format(
            percent=_known(100 * answer["crps_to_best_baseline"], 1), name=gettext(NAMES[answer["best_baseline"]])
        ),
        gettext("Den lukker {percent} % af afstanden til det, tilfældet alene gør (CRPS {floor}).").format(
            percent=_known(answer["gap_to_floor_closed_percent"]), floor=number(answer["poisson_floor_crps"], 2)
        ),
        gettext("Dækningen er med 95 % sikkerhed mellem {low} og {high} % (dage trukket om).").format(
            low=number(low, 1), high=number(high, 1)
        ),
    ]
    if answer["intervals_unforeseen"]:
        lines.append(
            gettext(
                "Ikke målt: {intervals} intervaller ({calls} opkald), hvor der altid var lukket før; "
                "ingen af metoderne kunne vente dem."
            ).format(intervals=number(answer["intervals_unforeseen"]), calls=number(answer["calls_unforeseen"]))
        )
    if answer["not_installed_or_left_out"]:
        lines.append(
            gettext("Uden {names}: {how}").format(
                names=", ".join(gettext(NAMES[name]) for name in answer["not_installed_or_left_out"]),
                how="pip install 'hovedindgang[baselines]'",
            )
        )
    if answer["interrupted"]:
        lines.append(gettext("Afbrudt: svaret er af det, der blev nået."))
    return lines


def _known(value: float, decimals: int = 0) -> str:
    """A dash where there is no such figure: a share of no calls."""
    return number(value, decimals) if math.isfinite(value) else "-"
