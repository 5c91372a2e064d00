"""An invented unit of four centres, for measures and tests. Its people, needs and figures are nobody's.

Shapes that resemble a Danish citizen service: open 10-15, Thursdays until 17, Fridays until 13, a larger centre and
three smaller ones, part-time and full-time employees who each know some groups of services.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import numpy as np

from hovedindgang.planning.staffing.rosters.document import (
    SHRINKAGES,
    Absence,
    Employee,
    Need,
    Prices,
    Question,
    Rules,
    Shift,
    Shrinkage,
    Wish,
)

CENTRES = ("aabybro", "brovst", "fjerritslev", "pandrup")
GROUPS = ("borger", "pas", "pension", "telefon")
NAMES = (
    "Anna Bo Carla David Eva Frida Gunnar Hanne Ib Jytte Karl Lene Mads Nina Ole Pia Rasmus Sara Tage Ulla "
    "Vera William Yrsa Zenia Asger Birthe Claus Dorte Erik Freja"
).split()
CLOSES = {0: 15, 1: 15, 2: 15, 3: 17, 4: 13}
OPENS = 10


def invented(
    seed: int,
    *,
    employees: int = 25,
    weeks: int = 4,
    centres: int = 4,
    starts_on: dt.date = dt.date(2026, 3, 2),
    load: float = 0.6,
    **more: Any,
) -> Question:
    """A question drawn from `seed`; `more` replaces fields of it. The same seed gives the same question."""
    chance = np.random.Generator(np.random.Philox(seed))
    places = CENTRES[:centres]
    people = tuple(_employee(chance, number, places, starts_on, weeks) for number in range(employees))
    shares = chance.dirichlet([4.0] + [2.0] * (centres - 1))
    open_days = [starts_on + dt.timedelta(days=n) for n in range(7 * weeks) if n % 7 < 5]
    heads = sum(one.weekly_hours for one in people) / 37 * load
    needs = [
        need
        for day in open_days
        for n, place in enumerate(places)
        for need in _needs(chance, day, place, shares[n] * heads)
    ]
    return Question(
        **{
            "title": f"Invented {seed}",
            "starts_on": starts_on,
            "weeks": weeks,
            "centres": {place: place.capitalize() for place in places},
            "groups": {},
            "shifts": tuple(shift for place in places for shift in _shifts(place)),
            "needs": tuple(needs),
            "employees": people,
            "shrinkage": shrinkage(),
            "rules": Rules(),
            "prices": Prices(missing_minimum=1500.0),
            **more,
        }
    )


def shrinkage() -> tuple[Shrinkage, ...]:
    percents = {"sickness": (5.0, "lift"), "holidays": (11.5, "roster"), "training": (3.0, "roster")}
    return tuple(
        Shrinkage(cause, *percents.get(cause, (4.0, "lift" if cause == "meetings" else "roster")), source="invented")
        for cause in SHRINKAGES
    )


def _employee(
    chance: np.random.Generator, number: int, places: tuple[str, ...], starts_on: dt.date, weeks: int
) -> Employee:
    home = number % len(places)
    others = [place for place in places if place != places[home]]
    also = chance.permutation(others)[: int(chance.integers(0, min(3, len(others) + 1)))]
    known = {"borger"} | {group for group in GROUPS[1:] if chance.random() < 0.6}
    days = [starts_on + dt.timedelta(days=int(n)) for n in chance.choice(7 * weeks, size=4, replace=False)]
    away = starts_on + dt.timedelta(days=7 * int(chance.integers(0, weeks)))
    absences = [Absence(away, away + dt.timedelta(days=4), "ferie")] if chance.random() < 0.35 else []
    if chance.random() < 0.4:
        day = starts_on + dt.timedelta(days=int(chance.integers(0, 7 * weeks)))
        absences.append(Absence(day, day, "kursus"))
    wants = ("off", "off", "early", "late")
    return Employee(
        key=NAMES[number % len(NAMES)].lower() + ("" if number < len(NAMES) else str(number)),
        name=NAMES[number % len(NAMES)],
        weekly_hours=float(chance.choice([37.0, 37.0, 32.0, 30.0])),
        centres=(places[home], *map(str, also)),
        competences=frozenset(known),
        absences=tuple(absences),
        wishes=tuple(Wish(day, wants[n], float(chance.choice([50, 100, 200]))) for n, day in enumerate(days)),
    )


def _needs(chance: np.random.Generator, day: dt.date, place: str, heads: float) -> list[Need]:
    """More on Mondays and before noon; drawn anew for each day."""
    closes = CLOSES[day.weekday()]
    wave = 1.15 if day.weekday() == 0 else 1.0
    cuts = (OPENS * 60, 12 * 60, closes * 60) if closes > 12 else (OPENS * 60, closes * 60)
    found = []
    for start, end in itertools.pairwise(cuts):
        expected = heads * wave * (1.1 if start < 12 * 60 else 0.85)
        split = chance.multinomial(max(1, round(expected + chance.normal(0, 0.4))), [0.4, 0.25, 0.15, 0.2])
        for group, people in zip(GROUPS, split, strict=True):
            if people:
                found.append(Need(place, day, start, end, group, minimum=int(people > 1), desired=int(people)))
    found.append(Need(place, day, OPENS * 60, closes * 60, "", minimum=1, desired=2, alongside=True))
    return found


def _shifts(place: str) -> list[Shift]:
    lunch = (11 * 60 + 30, 12 * 60, 12 * 60 + 30)
    ordinary = frozenset({0, 1, 2, 3})
    return [
        Shift(f"{place}-tidlig", place, ordinary, 8 * 60, 15 * 60 + 30, lunch, 30),
        Shift(f"{place}-kort", place, ordinary, 9 * 60, 15 * 60, lunch, 30),
        Shift(f"{place}-lang", place, frozenset({0, 1, 2}), 7 * 60 + 30, 16 * 60, lunch, 30),
        Shift(f"{place}-sen", place, frozenset({3}), 9 * 60, 17 * 60 + 30, (12 * 60, 12 * 60 + 30, 13 * 60), 30),
        Shift(f"{place}-sen-kort", place, frozenset({3}), 11 * 60, 17 * 60 + 30, (13 * 60, 13 * 60 + 30), 30),
        Shift(f"{place}-fredag", place, frozenset({4}), 8 * 60, 13 * 60 + 30, (11 * 60, 11 * 60 + 30), 30),
        Shift(f"{place}-fredag-lang", place, frozenset({4}), 8 * 60, 15 * 60, (11 * 60, 11 * 60 + 30), 30),
    ]
