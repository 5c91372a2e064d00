"""What one replication came to, as pairs above and below a line; and what all of them came to, with intervals.

The first half reads a simulation and is called by the worker alone; it is handed the classes that it needs, so that
this module loads neither numpy nor numba. A figure's key is "wait:phone" or "wait:in_person:pandrup:4": the figure,
the channel, the place, the weekday (0 = Monday).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Pair = tuple[float, float]
DAYS_A_YEAR = 365.0
MET = ("in_person", "appointment", "assisted")  # at the counters
FEW, BY_WEEKDAY = 30, {"left", "kept", "a", "b"}  # cases in all: of fewer a share of a weekday says nothing
SHARES = {"p50": 0.5, "p80": 0.8, "p95": 0.95}


def counted(results: Any, *, model: Any = None, kept: Sequence[Any] = (), inputs: Any = None) -> dict[str, Pair]:
    """The pairs of one replication. `results`: `planning.simulation.outcome.Results` of one tally; `kept`: the places
    that cost something (`planning.service.costs.kept_places`); `model`: whose prices of a contact hold; `inputs`: which
    say how many booked times there are."""
    found: dict[str, Pair] = {}
    flows = results.prepared.scenario.flows
    places: dict[tuple[str, str], list[int]] = {}
    for number, key in enumerate(results.prepared.flows):
        flow = flows[key]
        for place in {"", flow.centre or ""}:
            places.setdefault((flow.channel, place), []).append(number)
    for (channel, place), numbers in sorted(places.items()):
        where = f"{channel}:{place}" if place else channel
        found |= {f"{name}:{where}": pair for name, pair in _of_flows(results, numbers)}
    own = [
        number for place, numbers in places.items() if place[0] != "department" and not place[1] for number in numbers
    ]
    met = [number for channel in ("in_person", "phone") for number in places.get((channel, ""), ())]
    found["left:all"] = dict(_of_flows(results, met))["left"] if met else (0.0, 0.0)
    found |= {
        f"{name}:all": pair for name, pair in _of_flows(results, own) if name in {"came", "a", "b", "sent", "sent_on"}
    }
    found |= dict(_of_people(results, kept))
    found |= dict(_of_hours(results))
    found |= dict(_of_weekdays(results))
    if model is not None:
        found["contact_kr"] = (_contacts_kr(results, model), 1.0)
    if inputs is not None:
        found |= _of_times(results, inputs)
    return found


def _of_times(results: Any, inputs: Any) -> dict[str, Pair]:
    """Days until a free time, over all centres; where times are too few, how many a day too few instead."""
    from hovedindgang.planning.service.free_times import SHARE, pooled, quantile, total_and_count

    days, lacking = pooled(results, inputs)
    if lacking:
        return {"times_short:appointment": (lacking / 7, 1.0)}
    if not days:
        return {}
    return {"days:appointment": total_and_count(days), "days_p90:appointment": (quantile(days, SHARE), 1.0)}


def _of_flows(results: Any, numbers: Sequence[int]) -> Iterator[tuple[str, Pair]]:
    # numpy and the simulation are loaded in the worker alone.
    from hovedindgang.planning.simulation.network import Came, Of
    from hovedindgang.planning.simulation.waits import quantile_of

    (tally,) = results.tallies

    def of(column: Of) -> float:
        return float(tally.by_flow[numbers, column].sum())

    served, gone = of(Of.SERVED), of(Of.GAVE_UP) + of(Of.UNSERVED)
    handed = 0.0
    for flow in numbers:
        ways = results.prepared.outcomes[flow]
        handed += sum(float(tally.outcomes[flow, at]) for at, way in enumerate(ways) if way.came == Came.HANDED_OVER)
    yield "came", (of(Of.ARRIVED), results.days)
    yield "served", (served, results.days)
    yield "wait", (of(Of.WAITED), served)
    yield "left", (gone, served + gone)
    yield "within", (of(Of.WITHIN), served + gone)
    yield "kept", (of(Of.KEPT), of(Of.KEPT) + of(Of.BROKEN))
    yield "minutes", (of(Of.HANDLED), served)
    yield "a", (of(Of.IN_HOUSE), of(Of.MATTERS))
    yield "b", (of(Of.AT_ONCE), of(Of.MATTERS))
    yield "sent", (handed, results.days)
    asked = results.by_citizens(numbers)
    yield "sent_on", (float(results.sent_on(asked).sum()), float(results.column(Of.SERVED, asked).sum()))
    counts = tally.waits[numbers].sum(axis=0)
    for name, share in SHARES.items():
        minutes = quantile_of(counts, share)
        yield name, (minutes, 1.0) if math.isfinite(minutes) else (0.0, 0.0)


def _contacts_kr(results: Any, model: Any) -> float:
    from hovedindgang.planning.service.costs import contacts_kr

    return float(contacts_kr(results, model).value)


def _of_people(results: Any, kept: Sequence[Any]) -> Iterator[tuple[str, Pair]]:
    from hovedindgang.planning.service.costs import cost_of

    (tally,) = results.tallies
    scenario = results.prepared.scenario
    own = [number for number, one in enumerate(scenario.employees) if one.own]
    others = [number for number, one in enumerate(scenario.employees) if not one.own]
    for name, who in (("own", own), ("department", others)):
        yield f"busy:{name}", (float(tally.busy[who].sum()), float(tally.duty[who].sum()))
    cost = cost_of(results, kept)
    yield "hours:own", (cost.paid_hours, 1.0)
    yield "overtime:own", (cost.overtime_hours.value, 1.0)
    for place, hours in cost.paid_at.items():
        yield f"hours:own:{place}", (hours, 1.0)
    yield "kr", (cost.wages_kr.value, 1.0)
    yield "places_kr", (cost.places_kr[0], 1.0)
    yield "total_kr", (cost.kr.value, 1.0)


def of_homes(results: Any, went: Mapping[str, Mapping[str, float]]) -> dict[str, Pair]:
    """Minutes waited by those who belong to each place, wherever they went, and the share of those who set out that
    gave up or found the door shut. `went`: home → place → contacts a year."""
    from hovedindgang.planning.simulation.network import Of

    waits: dict[str, float] = {}
    lost: dict[str, float] = {}
    flows = results.prepared.scenario.flows
    (tally,) = results.tallies
    for place in {place for to in went.values() for place in to}:
        of_place = (at for at, key in enumerate(results.prepared.flows) if flows[key].centre == place)
        numbers = [at for at in of_place if flows[results.prepared.flows[at]].channel in MET]
        served = float(tally.by_flow[numbers, Of.SERVED].sum())
        gone = float(tally.by_flow[numbers, Of.GAVE_UP].sum() + tally.by_flow[numbers, Of.UNSERVED].sum())
        if served:
            waits[place] = float(tally.by_flow[numbers, Of.WAITED].sum()) / served
        if served + gone:
            lost[place] = gone / (served + gone)
    found = {}
    for home, to in went.items():
        for name, at in (("home", waits), ("home_lost", lost)):
            known = {place: contacts for place, contacts in to.items() if place in at}
            if sum(known.values()) > 0:
                above = sum(contacts * at[place] for place, contacts in known.items())
                found[f"{name}:{home}"] = (above, sum(known.values()))
    return found


def _of_hours(results: Any) -> Iterator[tuple[str, Pair]]:
    """By centre and weekday; how many waited when the door was shut; how long the queues were, early and late."""
    from hovedindgang.planning.simulation.network import SERIES, Hour

    (tally,) = results.tallies
    quarter = SERIES // 4
    for group, (channel, place) in enumerate(results.prepared.groups):
        where = f"{channel}:{place}" if place else channel
        hours = tally.by_hour[group]
        if channel == "in_person" or channel == "phone":
            for day in range(7):
                rows = hours[24 * day : 24 * (day + 1)]
                served = float(rows[:, Hour.SERVED].sum())
                if served:
                    yield (
                        f"wait:{where}:{day}" if place else f"wait:{where}::{day}",
                        (
                            float(rows[:, Hour.WAITED].sum()),
                            served,
                        ),
                    )
        yield f"closing:{where}", (float(tally.at_closing[group, 0]), float(tally.at_closing[group, 1]))
        queue = tally.queue[:, group]
        yield f"queue_before:{where}", (float(queue[-2 * quarter : -quarter].mean()), 1.0)
        yield f"queue_late:{where}", (float(queue[-quarter:].mean()), 1.0)
        yield f"queue_grows:{where}", (float(results.growth(group) is not None), 1.0)


def _of_weekdays(results: Any) -> Iterator[tuple[str, Pair]]:
    """Of all that our own employees serve, by weekday: how busy they are, and what became of who came on it."""
    from hovedindgang.planning.simulation.by_hour import own_groups, own_rows
    from hovedindgang.planning.simulation.network import Hour

    (tally,) = results.tallies
    counts = tally.by_hour[own_groups(results.prepared)].sum(axis=0)
    rows = own_rows(results.prepared)
    for day in range(7):
        hours = slice(24 * day, 24 * (day + 1))
        of = {column: float(counts[hours, column].sum()) for column in Hour if column is not Hour.COLUMNS}
        came = of[Hour.SERVED] + of[Hour.GAVE_UP]
        yield f"busy:own::{day}", (float(tally.busy_at[rows, hours].sum()), float(tally.duty_at[rows, hours].sum()))
        yield f"left:all::{day}", (of[Hour.GAVE_UP], came)
        yield f"kept:all::{day}", (of[Hour.KEPT], of[Hour.KEPT] + of[Hour.BROKEN])
        yield f"a:all::{day}", (of[Hour.IN_HOUSE], of[Hour.MATTERS])
        yield f"b:all::{day}", (of[Hour.AT_ONCE], of[Hour.MATTERS])


# ------------------------------------------------------------------------------------ what all replications came to


def estimated(parts: Sequence[Mapping[str, Sequence[float]]], *, quantile: float) -> dict[str, dict[str, Any]]:
    """Each figure over the replications: the ratio of the sums, its 95 % interval, and the value of each replication.

    The interval is Student's from the residuals about the ratio (Cochran 1977, section 6.4); `quantile` is Student's
    for as many replications. A figure that nothing was counted for is left out, and a weekday's of too few.
    """
    keys = sorted({key for part in parts for key in part})
    found = {}
    for key in keys:
        pairs = [part.get(key, (0.0, 0.0)) for part in parts]
        below = math.fsum(pair[1] for pair in pairs)
        if below <= 0 or (below < FEW and key.split(":")[0] in BY_WEEKDAY and key.count(":") == 3):
            continue
        value = math.fsum(pair[0] for pair in pairs) / below
        mean = below / len(pairs)
        spread = deviation([(pair[0] - value * pair[1]) / mean for pair in pairs])
        half = quantile * spread / math.sqrt(len(pairs))
        found[key] = {
            "value": short(value),
            "low": short(value - half),
            "high": short(value + half),
            "each": [short(pair[0] / pair[1]) if pair[1] else None for pair in pairs],
        }
    return found


def deviation(values: Sequence[float]) -> float:
    """The standard deviation of a sample."""
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((one - mean) ** 2 for one in values) / max(1, len(values) - 1))


def short(value: float) -> float:
    """To eight digits: as exact as anybody reads, and half as long to keep."""
    return float(f"{value:.8g}")


def difference(one: Mapping[str, Any], other: Mapping[str, Any], *, quantile: float) -> dict[str, float] | None:
    """`other` minus `one`, with the 95 % interval of the pairs: with one seed both had the same citizens.

    None where a figure is not known in both.
    """
    pairs = [(a, b) for a, b in zip(one["each"], other["each"], strict=False) if a is not None and b is not None]
    if len(pairs) < 2:
        return None
    apart = [b - a for a, b in pairs]
    mean = math.fsum(apart) / len(apart)
    half = quantile * deviation(apart) / math.sqrt(len(apart))
    return {"value": mean, "low": mean - half, "high": mean + half}


def growing(figures: Mapping[str, Mapping[str, Any]], *, days: float, quantile: float) -> list[dict[str, Any]]:
    """Queues without end, and how many more wait with each day: in the last quarter of the time a quarter more, and
    three people more, than in the one before it, and with certainty over the replications; or those that grow by
    themselves in half of the replications (`planning.simulation.outcome.Results.growth`), however few these are."""
    found = []
    for key, late in figures.items():
        name, _, where = key.partition(":")
        before = figures.get(f"queue_before:{where}")
        if name != "queue_late" or before is None:
            continue
        rise = difference(before, late, quantile=quantile)
        surely = rise and rise["low"] > 0 and rise["value"] >= 3.0 and late["value"] >= 1.25 * before["value"]
        by_itself = figures.get(f"queue_grows:{where}", {"value": 0.0})["value"] >= 0.5
        if rise and (surely or by_itself):
            found.append({"where": where, "a_day": short(rise["value"] / (days / 4))})
    return found
