"""What `plan forecast` says of a long file: a day of every channel and service, with the sums they add up to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.servicemodel.holidays import public_holidays

if TYPE_CHECKING:
    from hovedindgang.planning.demand.forecasting import Change, Forecast
    from hovedindgang.planning.demand.sharing import ChannelDay, DayOfAll, Part

FURTHEST_DAYS = 400
METHOD = "top-down with forecast proportions, in every draw"


def foretold(
    file: Path,
    day: dt.date,
    *,
    levels: Sequence[float],
    zone: str | None,
    gaps: str,
    history_days: int,
    danish: bool,
    changes: tuple[Change, ...],
    seed: int,
) -> dict[str, Any]:
    """The answer as data. Raises CannotPlan."""
    from hovedindgang.planning.demand.flows import read_flows
    from hovedindgang.planning.demand.sharing import day_of_all

    flows = read_flows(file, zone=zone, gaps=gaps)
    last = max(one.total.days[-1] for one in flows.values())
    not_too_far(day, last)
    every_day = [one for flow in flows.values() for one in flow.total.days]
    shut = (
        danish and day in public_holidays(day.year) and not any(one in public_holidays(one.year) for one in every_day)
    )
    found = day_of_all(
        flows,
        day,
        levels=levels,
        seed=seed,
        history_days=history_days,
        danish=danish,
        closed=[day] if shut else [],
        changes=changes,
    )
    return {
        "day": str(day),
        "method": METHOD,
        "interval_minutes": next(iter(flows.values())).total.interval_minutes,
        "closed_for": public_holidays(day.year)[day] if shut else None,
        "arrivals_mean": sum(float(one.whole.mean.sum()) for one in found.channels.values()),
        "arrivals": _quantiles(found.days, levels),
        "busy_together": found.together,
        "channels": {channel: _channel(one, levels) for channel, one in found.channels.items()},
        "services": _services(found, levels),
        "left_out": [{"channel": channel, "days": days} for channel, days in found.left_out.items()],
        "changes": [
            {
                "name": one.name,
                "factor": one.factor,
                "low": one.low,
                "high": one.high,
                "source": one.source,
            }
            for one in changes
            if one.on(day)
        ],
    }


def not_too_far(day: dt.date, last: dt.date) -> None:
    """Raises CannotPlan for a day that lies far beyond the file's last."""
    if (day - last).days > FURTHEST_DAYS:
        raise CannotPlan(
            gettext("{day} ligger mere end {days} dage efter filens sidste dag.").format(day=day, days=FURTHEST_DAYS),
            cure=gettext("Spørg om en dag, der er nærmere, eller giv nyere tal."),
        )


def only_for_one_series(option: str) -> CannotPlan:
    return CannotPlan(
        gettext("{option} gælder en fil med én række tal.").format(option=option),
        cure=gettext("Lad den ude, eller giv en fil med interval_start,calls for den kanal, det drejer sig om."),
        where=(option,),
    )


def _channel(one: ChannelDay, levels: Sequence[float]) -> dict[str, Any]:
    services = {
        name: {
            **_part(one.forecast, part, levels),
            "model": "own" if one.shares.own[at] else "shared_curve",
            "counted": one.shares.counted[at],
        }
        for at, (name, part) in enumerate(one.services.items())
    }
    whole = _part(one.forecast, one.whole, levels)
    return {
        "open": bool(one.forecast.open[0].any()),
        "history_days": one.forecast.history_days,
        "level_days": one.shares.days,
        **whole,
        "services": services,
    }


def _part(told: Forecast, part: Part, levels: Sequence[float]) -> dict[str, Any]:
    import numpy as np

    return {
        "arrivals_mean": float(part.mean.sum()),
        "arrivals": _quantiles(part.days, levels),
        "intervals": [
            {
                "start": f"{told.starts_minutes[at] // 60:02d}:{told.starts_minutes[at] % 60:02d}",
                "arrivals_mean": float(part.mean[at]),
                **{_level(level): float(part.quantiles[level][at]) for level in levels},
            }
            for at in np.flatnonzero(told.open[0])
        ],
    }


def _services(found: DayOfAll, levels: Sequence[float]) -> dict[str, Any]:
    """Each service over all channels."""
    names = sorted({name for one in found.channels.values() for name in one.services})
    parts = {name: [one.services[name] for one in found.channels.values() if name in one.services] for name in names}
    return {
        name: {
            "arrivals_mean": sum(float(part.mean.sum()) for part in mine),
            "arrivals": _quantiles(sum(part.days for part in mine), levels),
        }
        for name, mine in parts.items()
    }


def _quantiles(draws: Any, levels: Sequence[float]) -> dict[str, float]:
    import numpy as np

    return {
        _level(level): float(value)
        for level, value in zip(levels, np.quantile(draws, levels, method="inverted_cdf"), strict=True)
    }


def _level(level: float) -> str:
    return f"p{100 * level:g}"


# --------------------------------------------------------------------------------------------------------- in words


def in_words(answer: dict[str, Any]) -> list[str]:
    if not any(one["open"] for one in answer["channels"].values()):
        if answer["closed_for"]:
            return [gettext("{day}: lukket; det er helligdag.").format(day=answer["day"])]
        return [gettext("{day}: lukket; på den ugedag er der ingen tal.").format(day=answer["day"])]
    lines = [
        gettext("{day}: omkring {middle} henvendelser; med 95 % sikkerhed mellem {low} og {high}.").format(
            day=answer["day"], middle=number(answer["arrivals"]["p50"]), **_ends(answer)
        ),
        "",
        f"{'':32}{gettext('middel'):>9}  {gettext('95 % mellem')}",
    ]
    shared = False
    for channel, one in answer["channels"].items():
        lines.append(_line(channel, one, "") if one["open"] else f"{channel:32}" + gettext("lukket"))
        services = sorted(one["services"].items(), key=lambda entry: -entry[1]["arrivals_mean"])
        for name, service in services if one["open"] else ():
            alike = service["model"] == "shared_curve"
            shared = shared or alike
            lines.append(_line(f"  {name}", service, " *" if alike else ""))
    if shared:
        lines += [
            "",
            gettext(
                "* for få til en model for sig: kanalens kurve med opgavens egen andel af de seneste {days} dage."
            ).format(days=max(one["level_days"] for one in answer["channels"].values())),
        ]
    lines += [
        gettext("{channel} er udeladt: {days} dage er for få til en prognose.").format(**one)
        for one in answer["left_out"]
    ]
    return lines + changes_in_words(answer["changes"])


def changes_in_words(changes: list[dict[str, Any]]) -> list[str]:
    return [
        gettext("{name}: ganget med {factor} (mellem {low} og {high}; kilde: {source}).").format(
            name=change["name"],
            factor=number(change["factor"], 2),
            low=number(change["low"], 2),
            high=number(change["high"], 2),
            source=change["source"],
        )
        for change in changes
    ]


def _line(name: str, one: dict[str, Any], mark: str) -> str:
    ends = gettext("{low} og {high}").format(**_ends(one))
    return f"{name:32}{number(one['arrivals_mean'], 1):>9}  {ends}{mark}"


def _ends(one: dict[str, Any]) -> dict[str, str]:
    return {"low": number(one["arrivals"]["p2.5"]), "high": number(one["arrivals"]["p97.5"])}
