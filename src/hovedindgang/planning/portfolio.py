"""Which services each centre carries, given volumes, competence and distance.

To carry a service somewhere costs standby: the competence that must be there in all opening hours, and equipment. Not
to carry it costs those who come for it: they go to the nearest centre that does, or are helped otherwise at a second
contact. An uncapacitated facility location problem for each service (Balinski 1965, Management Science 12:253), tied
together by how many services a centre's staff can hold (several commodities: Warszawski 1973,
Operational Research Quarterly 24:397), solved without a gap by HiGHS (`scipy.optimize.milp`).
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.documents import toml_of
from hovedindgang.planning.language import gettext, spoken
from hovedindgang.planning.limits import Row, limited
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.stopping import TIME_IS_UP, left_at_once, not_in_time

SECONDS = 20.0
BEGUN_SECONDS = 0.7  # whoever pressed Ctrl-C waits for it


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What is to be divided. `volume`: services × centres, those who would come a year, by their own centre.

    `minutes`: centre × centre, one way; `standby_kr`: a year's cost of carrying each service; `elsewhere_kr`: what one
    is worth that is helped at a second contact instead (inf: she must come in person); `room`: how many services each
    centre can hold; `fixed`: 1 must carry, 0 may not, -1 free (services × centres).
    """

    services: tuple[str, ...]
    centres: tuple[str, ...]
    volume: NDArray[np.float64]
    minutes: NDArray[np.float64]
    standby_kr: NDArray[np.float64]
    elsewhere_kr: NDArray[np.float64]
    room: NDArray[np.float64]
    fixed: NDArray[np.int64]
    hour_kr: float
    sources: dict[str, str]
    names: tuple[dict[str, str], dict[str, str]] = ({}, {})  # of services and of centres, by key

    def service(self, number: int) -> str:
        """What people call it; its key where the file does not say."""
        return self.names[0].get(self.services[number], self.services[number])

    def centre(self, number: int) -> str:
        return self.names[1].get(self.centres[number], self.centres[number])


@dataclass(frozen=True, slots=True)
class Division:
    """Who carries what (services × centres), and what it costs a year, by service. `proved`: nothing costs less."""

    carried: NDArray[np.bool_]
    standby_kr: NDArray[np.float64]
    travel_kr: NDArray[np.float64]
    elsewhere_kr: NDArray[np.float64]
    elsewhere: NDArray[np.float64]  # people a year who are helped at a second contact
    proved: bool

    @property
    def total_kr(self) -> float:
        return float(self.standby_kr.sum() + self.travel_kr.sum() + self.elsewhere_kr.sum())


def counted(portfolio: Portfolio, carried: NDArray[np.bool_], *, proved: bool = False) -> Division:
    """What it costs that exactly `carried` is carried; each goes where it costs her least."""
    way_kr = 2 * portfolio.minutes / 60 * portfolio.hour_kr  # own centre × other
    travel, elsewhere, people = (np.zeros(len(portfolio.services)) for _ in range(3))
    for service in range(len(portfolio.services)):
        held = np.where(carried[service], way_kr, np.inf).min(axis=1)
        other = portfolio.elsewhere_kr[service]
        goes = held <= other
        volume = portfolio.volume[service]
        travel[service] = (volume * np.where(goes & (volume > 0), held, 0.0)).sum()
        away = volume[~goes].sum()
        people[service] = away
        elsewhere[service] = away * other if away else 0.0
    standby = carried.sum(axis=1) * portfolio.standby_kr
    return Division(carried, standby, travel, elsewhere, people, proved)


def divided(portfolio: Portfolio, *, count: int = 11) -> list[Division]:
    """The cheapest division and the next-best, `count` in all or as many as there are; the cheapest first.

    Raises `CannotPlan` where a service that must be given in person has nowhere to be.
    """
    return in_order(itertools.islice(divisions(portfolio), count))


def in_order(found: Iterable[Division]) -> list[Division]:
    """The cheapest first: the solver is exact to a millionth, and what it finds is put in order by what was counted."""
    return sorted(found, key=lambda one: one.total_kr)


def divisions(portfolio: Portfolio) -> Iterator[Division]:
    """The cheapest division, then the cheapest of those left, and so on, each when it is found. Raises as `divided`."""
    from scipy.optimize import Bounds, milp  # heavy, and only who asks waits for it

    services, centres = len(portfolio.services), len(portfolio.centres)
    carry, columns = services * centres, services * centres * (centres + 2)
    goal, upper = np.zeros(columns), np.ones(columns)
    goal[:carry] = np.repeat(portfolio.standby_kr, centres)
    rows: list[Row] = []
    way_kr = 2 * portfolio.minutes / 60 * portfolio.hour_kr
    for service in range(services):
        for own in range(centres):
            at = carry + (service * centres + own) * (centres + 1)
            volume = portfolio.volume[service, own]
            other = portfolio.elsewhere_kr[service]
            goal[at : at + centres] = volume * way_kr[own]
            goal[at + centres] = volume * other if math.isfinite(other) else 0.0
            upper[at + centres] = float(math.isfinite(other) or volume == 0)
            rows.append((dict.fromkeys(range(at, at + centres + 1), 1.0), 1.0, 1.0))
            for to in range(centres):
                rows.append(({at + to: 1.0, service * centres + to: -1.0}, -np.inf, 0.0))
    for centre in range(centres):
        rows.append((dict.fromkeys(range(centre, carry, centres), 1.0), 0.0, float(portfolio.room[centre])))
    lower = np.zeros(columns)
    lower[:carry] = (portfolio.fixed == 1).ravel()
    upper[:carry] = (portfolio.fixed != 0).ravel()
    whole = np.zeros(columns)
    whole[:carry] = 1
    for number in itertools.count():
        done = left_at_once(
            partial(
                milp,
                goal,
                constraints=limited(rows, columns),
                bounds=Bounds(lower, upper),
                integrality=whole,
                options={"mip_rel_gap": 0.0, "time_limit": SECONDS},
            )
        )
        if done.x is None and number:
            return
        if done.x is None and done.status == TIME_IS_UP:
            raise not_in_time(SECONDS)
        if done.x is None:
            raise CannotPlan(
                gettext(
                    "Ingen fordeling af opgaver er mulig: en opgave har intet sted at være, eller pladserne er for få."
                ),
                cure=gettext("Giv flere pladser (room), eller tillad opgaven et sted til."),
            )
        carried = done.x[:carry] > 0.5
        yield counted(portfolio, carried.reshape(services, centres), proved=done.status == 0)
        # Not this one again.
        rows.append(({at: -1.0 if on else 1.0 for at, on in enumerate(carried)}, 1.0 - float(carried.sum()), np.inf))


def begun(portfolio: Portfolio) -> Division | None:
    """A division for whoever stops the solver before it has any: of all that one service more or less at one centre
    betters, the most, again and again (greedy: Kuehn and Hamburger 1963). Not proved; None where it found none."""
    until = time.monotonic() + BEGUN_SECONDS
    carried = portfolio.fixed == 1
    if (carried.sum(axis=0) > portfolio.room).any():
        return None
    way_kr = 2 * portfolio.minutes / 60 * portfolio.hour_kr

    def cost(service: int, row: NDArray[np.bool_]) -> tuple[float, float]:
        """(who has nowhere to go, kroner)."""
        volume = portfolio.volume[service]
        each = np.minimum(np.where(row, way_kr, np.inf).min(axis=1), portfolio.elsewhere_kr[service])
        lost = (volume > 0) & ~np.isfinite(each)
        kroner = row.sum() * portfolio.standby_kr[service] + (volume * np.where(np.isfinite(each), each, 0.0)).sum()
        return float(volume[lost].sum()), float(kroner)

    costs = [cost(service, row) for service, row in enumerate(carried)]
    while time.monotonic() < until:
        best, change = (0.0, -1e-9), None
        for service, centre in zip(*np.nonzero(portfolio.fixed == -1), strict=True):
            if not carried[service, centre] and carried[:, centre].sum() >= portfolio.room[centre]:
                continue
            row = carried[service].copy()
            row[centre] = not row[centre]
            lost, kroner = cost(service, row)
            gain = (lost - costs[service][0], kroner - costs[service][1])
            if gain < best:
                best, change = gain, (service, centre)
        if change is None:
            break
        carried[change] = not carried[change]
        costs[change[0]] = cost(change[0], carried[change[0]])
    return None if any(lost for lost, _ in costs) else counted(portfolio, carried)


def one_more(portfolio: Portfolio, best: Division) -> list[tuple[int, int, float]]:
    """For each service and centre that may change: what the year costs more when that one alone is changed.

    (service, centre, kroner more); where it is carried it is taken away, else it is added. Infeasible ones are inf.
    """
    changes = []
    for service, centre in zip(*np.nonzero(portfolio.fixed == -1), strict=True):
        carried = best.carried.copy()
        carried[service, centre] = not carried[service, centre]
        over = carried[:, centre].sum() > portfolio.room[centre]
        more = math.inf if over else counted(portfolio, carried).total_kr - best.total_kr
        changes.append((int(service), int(centre), float(more)))
    return sorted(changes, key=lambda change: change[2])


def read_portfolio(path: Path) -> Portfolio:
    """The portfolio in `path` (TOML). Raises `CannotPlan` with the key that is wrong."""
    said = toml_of(path)
    centres = _keyed(path, said, "centres")
    services = _keyed(path, said, "services")
    sources = said.get("sources")
    if not isinstance(sources, dict) or not all(isinstance(text, str) for text in sources.values()):
        raise _wrong(path, "sources", gettext("Der mangler et afsnit [%(name)s].") % {"name": "sources"})
    minutes = _table(path, said.get("minutes"), "minutes", centres, centres)
    fixed = np.full((len(services), len(centres)), -1, np.int64)
    volume = np.zeros((len(services), len(centres)))
    standby, elsewhere = np.zeros(len(services)), np.full(len(services), np.inf)
    for n, (key, service) in enumerate(services.items()):
        at = f"services.{key}"
        if str(service.get("source")) not in sources:
            raise _wrong(path, f"{at}.source", gettext("Tallets kilde står ikke under [sources]."))
        volume[n] = _line(path, service.get("volume"), f"{at}.volume", centres)
        standby[n] = _number(path, service.get("standby_kr"), f"{at}.standby_kr")
        if "elsewhere_kr" in service:
            elsewhere[n] = _number(path, service["elsewhere_kr"], f"{at}.elsewhere_kr")
        for name, value in (("must", 1), ("may_not", 0)):
            named = service.get(name, [])
            if not isinstance(named, list):
                raise _wrong(path, f"{at}.{name}", gettext("Her skal stå en liste af nøgler."))
            for centre in named:
                if str(centre) not in centres:
                    raise _wrong(path, f"{at}.{name}", gettext("»%(key)s« kendes ikke her.") % {"key": centre})
                where = n, list(centres).index(centre)
                if fixed[where] not in (-1, value):
                    text = gettext("»%(key)s« står både i must og i may_not: behold den ene.") % {"key": centre}
                    raise _wrong(path, f"{at}.{name}", text)
                fixed[where] = value
    room = [_number(path, centre.get("room", len(services)), f"centres.{key}.room") for key, centre in centres.items()]
    return Portfolio(
        services=tuple(services),
        centres=tuple(centres),
        volume=volume,
        minutes=minutes,
        standby_kr=standby,
        elsewhere_kr=elsewhere,
        room=np.array(room),
        fixed=fixed,
        hour_kr=_number(path, said.get("hour_kr"), "hour_kr"),
        sources=sources,
        names=(_names(path, "services", services), _names(path, "centres", centres)),
    )


def _names(path: Path, table: str, rows: dict[str, dict[str, Any]]) -> dict[str, str]:
    found = {}
    for key, row in rows.items():
        for name in ("name", "name_en"):
            if name in row and (not isinstance(row[name], str) or not row[name].strip()):
                raise _wrong(path, f"{table}.{key}.{name}", gettext("Her skal stå et navn."))
        found[key] = spoken(row.get("name", key), row.get("name_en", ""))
    return found


def _keyed(path: Path, said: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    table = said.get(name)
    if not isinstance(table, dict) or not table or not all(isinstance(row, dict) for row in table.values()):
        raise _wrong(path, name, gettext("Der mangler et afsnit [%(name)s].") % {"name": name})
    return table


def _table(path: Path, said: Any, at: str, rows: dict[str, Any], columns: dict[str, Any]) -> NDArray[np.float64]:
    if not isinstance(said, dict):
        raise _wrong(path, at, gettext("Der mangler et afsnit [%(name)s].") % {"name": at})
    return np.array([_line(path, said.get(key), f"{at}.{key}", columns) for key in rows])


def _line(path: Path, said: Any, at: str, columns: dict[str, Any]) -> list[float]:
    if not isinstance(said, dict) or set(said) != set(columns):
        raise _wrong(
            path, at, gettext("Her skal stå et tal for hvert center: %(keys)s.") % {"keys": ", ".join(columns)}
        )
    return [_number(path, said[key], f"{at}.{key}") for key in columns]


def _number(path: Path, value: Any, at: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise _wrong(path, at, gettext("Her skal stå et tal, nul eller mere."))
    return float(value)


def _wrong(path: Path, key: str, text: str) -> CannotPlan:
    where = (f"{path}: {key}",) if key else (str(path),)
    return CannotPlan(
        text, cure=gettext("Ret filen; siden planning-siting i vejledningen viser formatet."), where=where
    )
