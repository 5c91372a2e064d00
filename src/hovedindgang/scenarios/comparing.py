"""Runs beside each other: what is shown, what differs beyond chance, and who gains and who loses. No database."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from hovedindgang.scenarios.figures import difference
from hovedindgang.scenarios.travel import PHONE, WORKDAYS, Places, Way, distance, ways
from hovedindgang.servicemodel.document import Channel, ServiceModel

Results = Mapping[str, Any]


class Unit(StrEnum):
    MINUTES = "minutes"
    SHARE = "share"
    A_DAY = "a_day"
    HOURS = "hours"
    KR = "kr"
    KM = "km"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure that is shown: its key without the place, its unit, and whether less of it is better."""

    name: str
    unit: Unit
    less_is_better: bool | None = None  # None: neither


WAITS = (
    Shown("wait", Unit.MINUTES, True),
    Shown("p80", Unit.MINUTES, True),
    Shown("p95", Unit.MINUTES, True),
    Shown("left", Unit.SHARE, True),
)
CHANNEL_FIGURES: Mapping[str, tuple[Shown, ...]] = {
    Channel.IN_PERSON.value: (Shown("came", Unit.A_DAY), *WAITS, Shown("within", Unit.SHARE, False)),
    Channel.PHONE.value: (Shown("came", Unit.A_DAY), *WAITS, Shown("within", Unit.SHARE, False)),
    Channel.WRITTEN.value: (Shown("came", Unit.A_DAY), Shown("kept", Unit.SHARE, False)),
    Channel.DIGITAL.value: (Shown("came", Unit.A_DAY), Shown("kept", Unit.SHARE, False)),
    "self_service": (Shown("came", Unit.A_DAY),),
    "appointment": (
        Shown("came", Unit.A_DAY),
        *WAITS,
        Shown("days", Unit.DAYS, True),
        Shown("days_p90", Unit.DAYS, True),
        Shown("times_short", Unit.A_DAY, True),
    ),
    "assisted": (Shown("came", Unit.A_DAY), *WAITS),
    "department": (Shown("came", Unit.A_DAY), Shown("kept", Unit.SHARE, False)),
}
WHOLE = (
    ("a:all", Shown("a", Unit.SHARE, False)),
    ("b:all", Shown("b", Unit.SHARE, False)),
    ("left:all", Shown("left", Unit.SHARE, True)),
    ("sent:all", Shown("sent", Unit.A_DAY, True)),
    ("sent_on:all", Shown("sent_on", Unit.SHARE, True)),
    ("busy:own", Shown("busy", Unit.SHARE)),
    ("busy:department", Shown("busy", Unit.SHARE)),
    ("hours:own", Shown("hours", Unit.HOURS)),
    ("overtime:own", Shown("overtime", Unit.HOURS, True)),
    # Fewer kroner because fewer hours are paid are no gain, so it is not called one; `pages.costs` says what it is.
    ("kr", Shown("kr", Unit.KR)),
    ("places_kr", Shown("places_kr", Unit.KR)),
    ("total_kr", Shown("total_kr", Unit.KR)),
    ("contact_kr", Shown("contact_kr", Unit.KR, True)),
)


def figure_keys(results: Sequence[Results], promised: frozenset[str]) -> Iterator[tuple[str, str, str, Shown]]:
    """(key, channel, place, figure) of all that is shown, by channel and then by place; `promised`: channels for which
    the model promises a wait, where the share met within it says something."""
    known = {key for one in results for key in one["figures"]}
    places = sorted({key.split(":")[2] for key in known if key.startswith("came:in_person:")})
    for channel, figures in CHANNEL_FIGURES.items():
        for place in ("", *(places if channel == Channel.IN_PERSON else ())):
            for shown in figures:
                if shown.name == "within" and channel not in promised:
                    continue
                key = f"{shown.name}:{channel}" + (f":{place}" if place else "")
                if key in known:
                    yield key, channel, place, shown
    for key, shown in WHOLE:
        if key in known:
            yield key, "all", "", shown


def promised_waits(model: ServiceModel) -> frozenset[str]:
    """Channels in which the model promises how long one waits at most."""
    return frozenset(
        one.channel.value for one in model.service_standards.values() if one.measure == "wait_minutes" and one.within
    )


class Apart(StrEnum):
    """What a difference against the policy in force says."""

    SAME = "same"  # the interval holds zero: it cannot be told from chance
    LESS = "less"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Difference:
    value: float
    low: float
    high: float

    @property
    def apart(self) -> Apart:
        if self.low <= 0 <= self.high:
            return Apart.SAME
        return Apart.LESS if self.high < 0 else Apart.MORE


def apart(base: Results, other: Results, key: str) -> Difference | None:
    """`other` minus `base`, over the replications of both; None where one of them does not know the figure."""
    return _apart(base, key, other, key)


def _apart(base: Results, before: str, other: Results, after: str) -> Difference | None:
    one, two = base["figures"].get(before), other["figures"].get(after)
    found = difference(one, two, quantile=base["quantile"]) if one and two else None
    return Difference(found["value"], found["low"], found["high"]) if found else None


# --------------------------------------------------------------------------------------------------------------- goals


class Met(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"  # the goal lies within the interval
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Goal:
    """Something the model asks for, with the figure that answers it. `target`: a share."""

    key: str
    text: str
    figure: str
    target: float
    source: str


def goals(model: ServiceModel, english: bool) -> list[Goal]:
    """Goals and promises of the model that a simulation can answer."""
    found = []
    for key, goal in model.goals.items():
        figure = {"resolved_in_house": "a:all", "first_contact_resolution": "b:all"}.get(goal.indicator)
        if figure and goal.target_percent:
            text = (goal.text_en if english else None) or goal.text
            found.append(Goal(key, text, figure, goal.target_percent.value / 100, goal.target_percent.source))
    for key, standard in model.service_standards.items():
        name = {"wait_minutes": "within", "answer_working_days": "kept"}.get(standard.measure or "")
        if name and standard.target_percent:
            figure, target = f"{name}:{standard.channel.value}", standard.target_percent
            text = (standard.text_en if english else None) or standard.text
            found.append(Goal(key, text, figure, target.value / 100, target.source))
    return found


MANY_LEFT = 0.2  # of those who came or rang: what is solved of the rest says little of the service


def helped_alone(goal: Goal, results: Results) -> float | None:
    """Where a goal is of those alone who were helped: the share of those who came or rang that left without help."""
    if goal.figure not in {"a:all", "b:all"}:
        return None
    figure = results["figures"].get("left:all")
    return float(figure["value"]) if figure else None


def met(goal: Goal, results: Results) -> Met:
    figure = results["figures"].get(goal.figure)
    if figure is None:
        return Met.UNKNOWN
    if figure["low"] >= goal.target:
        return Met.YES
    return Met.NO if figure["high"] < goal.target else Met.UNSURE


# --------------------------------------------------------------------------------------------- who gains and who loses


@dataclass(frozen=True, slots=True)
class Home:
    """Those who belong to one place, and would come in person: what they do, as it was simulated; each (before, after).

    `went`: where they go → share of all of them; "phone": they ring instead. `km`: each way, over all of them,
    those who ring with none; None: the model does not say where a place is. `minutes`: waited, wherever they went;
    None: nobody went. `lost`: the share of those who set out that gave up or found the door shut. `waits` and `losses`:
    how these differ, with the interval of the pairs. `days`: for each workday (before, after) the nearest open place as
    (place, km, minutes).
    """

    key: str
    name: str
    people: float
    went: tuple[Mapping[str, float], Mapping[str, float]]
    km: tuple[float | None, float | None]
    minutes: tuple[float | None, float | None]
    lost: tuple[float | None, float | None]
    waits: Difference | None
    losses: Difference | None
    days: tuple[tuple[tuple[str, float, float | None] | None, tuple[str, float, float | None] | None], ...]


def homes(base: Results, other: Results) -> list[Home]:
    """Everybody, by the place they belong to in either; those who get a new place too."""
    everybody = people_of(base, other)
    before, after = ways(base["places"], everybody), ways(other["places"], everybody)
    found = []
    for key, way in after.items():
        was = home_before(base, key, everybody)
        found.append(
            Home(
                key=key,
                name=everybody[key]["name"],
                people=everybody[key]["people"],
                went=(shares_of(base, was), shares_of(other, key)),
                km=(_km(base, was, everybody, key), _km(other, key, everybody, key)),
                minutes=(_value(base, f"home:{was}"), _value(other, f"home:{key}")),
                lost=(_value(base, f"home_lost:{was}"), _value(other, f"home_lost:{key}")),
                waits=_apart(base, f"home:{was}", other, f"home:{key}"),
                losses=_apart(base, f"home_lost:{was}", other, f"home_lost:{key}"),
                days=tuple((_there(base, before[key], day), _there(other, way, day)) for day in WORKDAYS),
            )
        )
    return found


def home_before(base: Results, key: str, everybody: Places) -> str:
    """Whom they went with before: those who get a new place belonged to the one that was nearest."""
    if key in base["places"]:
        return key
    known = {other: distance(everybody[key], one) for other, one in base["places"].items() if one["people"]}
    return min(known, key=lambda other: known[other], default=key)


def shares_of(results: Results, home: str) -> dict[str, float]:
    """Where those who belong to a place go → share of them; what most do first. Empty where nobody was simulated."""
    to = results.get("went", {}).get(home, {})
    total = math.fsum(to.values())
    return {place: contacts / total for place, contacts in sorted(to.items(), key=lambda one: -one[1]) if total}


def _km(results: Results, home: str, everybody: Places, lives: str) -> float | None:
    """Each way in the mean of all who would come in person. They live at `lives`, and go as those of `home` do."""
    found = 0.0
    for place, share in shares_of(results, home).items():
        if place in (PHONE, lives):
            continue
        there = everybody.get(place) or results["places"].get(place)
        found += share * (distance(everybody[lives], there) if there else math.inf)
    return found if math.isfinite(found) and shares_of(results, home) else None


def mean_km(base: Results, other: Results) -> tuple[float | None, float | None]:
    """Before and after, over everybody who would come in person, by how many belong to each place."""
    found = homes(base, other)
    people = math.fsum(home.people for home in found)
    if not people or any(None in home.km for home in found):
        return None, None
    before, after = (math.fsum(home.people * (home.km[at] or 0.0) for home in found) / people for at in (0, 1))
    return before, after


def people_of(base: Results, other: Results) -> dict[str, dict[str, Any]]:
    """Each place with those who belong to it. Who gets a new place is taken from the one that was nearest before: as
    many as belonged to each at first, for the run has taken them away already."""
    found = {key: dict(one) for key, one in {**other["places"], **base["places"]}.items()}
    for key, one in found.items():
        if key in base["places"] or not one["people"]:
            continue
        known = {other_key: distance(one, place) for other_key, place in base["places"].items() if place["people"]}
        nearest = min(known, key=lambda other_key: known[other_key], default=None)
        if nearest is not None:
            found[nearest]["people"] = max(0.0, found[nearest]["people"] - one["people"])
    return found


def _value(results: Results, key: str) -> float | None:
    figure = results["figures"].get(key)
    return float(figure["value"]) if figure else None


def _there(results: Results, way: Way, day: int) -> tuple[str, float, float | None] | None:
    nearest = way.days[day]
    if nearest is None:
        return None
    place, km = nearest
    return place, km, _value(results, f"wait:in_person:{place}:{day}")


# ------------------------------------------------------------------------------------------------------------ frontier


@dataclass(frozen=True, slots=True)
class Offer:
    """A run as cost against service: kroner a year, and minutes waited in person in the mean, with its interval."""

    run: int
    title: str
    kr: float
    minutes: float
    on_frontier: bool = False
    low: float | None = None
    high: float | None = None

    @property
    def seen(self) -> tuple[float, float]:
        """As coarsely as it is shown: a few kroner of overtime make nothing worth choosing."""
        return float(f"{self.kr:.4g}"), round(self.minutes, 1)


def frontier(offers: Sequence[Offer]) -> list[Offer]:
    """Cheapest first; on the frontier where nothing else is seen to be as cheap and quicker, or quick and cheaper."""
    ranked, best, found = sorted(offers, key=lambda one: (one.seen, one.minutes)), math.inf, []
    last: tuple[float, float] | None = None
    for one in ranked:
        better = one.seen[1] < best or one.seen == last
        if better:
            best, last = one.seen[1], one.seen
        found.append(replace(one, on_frontier=better))
    return found
