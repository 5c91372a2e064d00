"""A municipality's places as a file says them: who lives where, what may be opened, what it costs, how long it takes.

Every number carries its source; travel times are a matrix of minutes or an estimate from positions, which says so.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.distances import is_swapped, straight_km
from hovedindgang.planning.documents import text_of, toml_of
from hovedindgang.planning.language import gettext
from hovedindgang.planning.problems import CannotPlan

SOURCES = ("adopted", "published", "measured", "assumed")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with where it is from, and how far from it the truth may lie."""

    value: float
    source: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Town:
    """Where people live: `people` of them, at a position in degrees."""

    key: str
    name: str
    people: Figure
    lat: float
    lon: float

    @property
    def position(self) -> tuple[float, float]:
        return self.lat, self.lon


@dataclass(frozen=True, slots=True)
class Service:
    """What people come for: its share of all visits."""

    key: str
    name: str
    share: Figure


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place: what it costs a year to have one, what a visit costs, and which services it carries."""

    key: str
    name: str
    fixed_kr: Figure
    visit_kr: Figure
    services: tuple[str, ...]
    at_least: int
    at_most: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Where a place may be: in `town`, of one of `kinds`; `must_stay` and of which kind (None: any)."""

    town: str
    kinds: tuple[str, ...]
    must_stay: bool


@dataclass(frozen=True, slots=True)
class Places:
    """All of it. `minutes`: towns × candidates, one way; `estimated`: by positions, then with its factors."""

    name: str
    sources: dict[str, dict[str, str]]
    towns: tuple[Town, ...]
    services: tuple[Service, ...]
    kinds: tuple[Kind, ...]
    candidates: tuple[Candidate, ...]
    minutes: NDArray[np.float64]
    estimated: bool
    shortest_factor: float  # all minutes times this are the least, and the most, that is likely
    longest_factor: float
    visits_per_person: Figure
    hour_kr: Figure

    def town(self, key: str) -> Town:
        return next(town for town in self.towns if town.key == key)


def read_places(path: Path) -> Places:
    """The places in `path` (TOML). Raises `CannotPlan` with the key that is wrong."""
    return _Reading(path, toml_of(path)).places()


def _wrong(path: Path, key: str, text: str) -> CannotPlan:
    where = (f"{path}: {key}",) if key else (str(path),)
    return CannotPlan(
        text, cure=gettext("Ret filen; siden planning-siting i vejledningen viser formatet."), where=where
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    path: Path
    said: dict[str, Any]

    def places(self) -> Places:
        known = {"name", "sources", "travel", "demand", "towns", "services", "kinds", "candidates"}
        self._only(self.said, known, "")
        self._sources()
        towns = tuple(self._town(town, f"towns[{n}]") for n, town in enumerate(self._rows("towns"), 1))
        services = tuple(self._service(row, f"services[{n}]") for n, row in enumerate(self._rows("services"), 1))
        kinds = tuple(self._kind(row, f"kinds[{n}]", services) for n, row in enumerate(self._rows("kinds"), 1))
        candidates = tuple(
            self._candidate(row, f"candidates[{n}]", towns, kinds) for n, row in enumerate(self._rows("candidates"), 1)
        )
        for name, keys in (
            ("towns", [town.key for town in towns]),
            ("services", [service.key for service in services]),
            ("kinds", [kind.key for kind in kinds]),
            ("candidates", [candidate.town for candidate in candidates]),
        ):
            if twice := next((key for key in keys if keys.count(key) > 1), None):
                raise self._no(name, gettext("»%(key)s« står to gange.") % {"key": twice})
        if not sum(town.people.value for town in towns):
            raise self._no("towns", gettext("Der bor ingen i nogen af byerne: skriv people i mindst én."))
        if abs(sum(service.share.value for service in services) - 1) > 1e-6:
            raise self._no("services", gettext("Andelene af besøgene skal give 1 tilsammen."))
        demand = self._table("demand")
        self._only(demand, {"visits_per_person_per_year", "hour_kr"}, "demand.")
        minutes, estimated, low, high = self._travel(towns, candidates)
        return Places(
            name=str(self.said.get("name", self.path.stem)),
            sources=self.said.get("sources", {}),
            towns=towns,
            services=services,
            kinds=kinds,
            candidates=candidates,
            minutes=minutes,
            estimated=estimated,
            shortest_factor=low,
            longest_factor=high,
            visits_per_person=self._figure(demand, "visits_per_person_per_year", "demand."),
            hour_kr=self._figure(demand, "hour_kr", "demand."),
        )

    def _travel(self, towns: Any, candidates: Any) -> tuple[NDArray[np.float64], bool, float, float]:
        travel = self._table("travel")
        if "matrix" in travel:
            self._only(travel, {"matrix", "source"}, "travel.")
            return self._matrix(str(travel["matrix"]), towns, candidates), False, 1.0, 1.0
        self._only(travel, {"detour_factor", "speed_kmh"}, "travel.")
        detour = self._figure(travel, "detour_factor", "travel.")
        speed = self._figure(travel, "speed_kmh", "travel.")
        if not (detour.low >= 1 and speed.low > 0):
            raise self._no("travel", gettext("En omvej er mindst 1, og en hastighed er over nul."))
        at = {town.key: town for town in towns}
        straight = np.array(
            [[straight_km(town.position, at[candidate.town].position) for candidate in candidates] for town in towns]
        )
        minutes = straight * detour.value / speed.value * 60
        low = detour.low / detour.value * speed.value / speed.high
        high = detour.high / detour.value * speed.value / speed.low
        return minutes, True, low, high

    def _matrix(self, name: str, towns: Any, candidates: Any) -> NDArray[np.float64]:
        """A CSV: first row the candidates' towns, first column the towns, minutes between."""
        path = self.path.parent / name
        try:
            lines = text_of(path).splitlines()
        except CannotPlan as problem:
            raise self._no("travel.matrix", str(problem)) from None
        # A spreadsheet in Danish writes semicolons between, and a comma in a number.
        danish = bool(lines) and lines[0].count(";") > lines[0].count(",")
        rows = [row for row in csv.reader(lines, delimiter=";" if danish else ",") if row]
        head = [cell.strip() for cell in rows[0][1:]] if rows else []
        by_town = {row[0].strip(): (number, row[1:]) for number, row in enumerate(rows[1:], 2)}
        minutes = np.empty((len(towns), len(candidates)))
        for i, town in enumerate(towns):
            line, row = by_town.get(town.key, (1, []))
            for j, candidate in enumerate(candidates):
                try:
                    cell = row[head.index(candidate.town)]
                    value = float(cell.replace(",", ".") if danish else cell)
                except (ValueError, IndexError):
                    value = math.nan
                if not 0 <= value < math.inf:
                    raise _wrong(
                        path,
                        gettext("linje %(line)d") % {"line": line},
                        gettext("Der mangler minutter fra %(one)s til %(other)s.")
                        % {"one": town.key, "other": candidate.town},
                    )
                minutes[i, j] = value
        return minutes

    def _town(self, row: dict[str, Any], at: str) -> Town:
        self._only(row, {"key", "name", "people", "lat", "lon", "position_source"}, f"{at}.")
        people = self._figure(row, "people", f"{at}.")
        lat, lon = (self._number(row.get(name), f"{at}.{name}") for name in ("lat", "lon"))
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise self._no(f"{at}.lat", gettext("En position er grader: bredde -90 til 90, længde -180 til 180."))
        if is_swapped((lat, lon)):
            raise self._no(
                f"{at}.lat",
                gettext("lat og lon er byttet om: skriv lat = %(lat)s og lon = %(lon)s.") % {"lat": lon, "lon": lat},
            )
        self._source(row.get("position_source"), f"{at}.position_source")
        return Town(self._key(row, at), str(row.get("name", row["key"])), people, lat, lon)

    def _service(self, row: dict[str, Any], at: str) -> Service:
        self._only(row, {"key", "name", "share"}, f"{at}.")
        return Service(self._key(row, at), str(row.get("name", row["key"])), self._figure(row, "share", f"{at}."))

    def _kind(self, row: dict[str, Any], at: str, services: tuple[Service, ...]) -> Kind:
        self._only(row, {"key", "name", "fixed_kr", "visit_kr", "services", "at_least", "at_most"}, f"{at}.")
        carried = row.get("services", [service.key for service in services])
        self._among(carried, [service.key for service in services], f"{at}.services")
        at_least, at_most = row.get("at_least", 0), row.get("at_most")
        if not isinstance(at_least, int) or not (at_most is None or (isinstance(at_most, int) and at_most >= at_least)):
            raise self._no(f"{at}.at_least", gettext("Antal er hele tal, og det mindste er ikke over det største."))
        return Kind(
            self._key(row, at),
            str(row.get("name", row["key"])),
            self._figure(row, "fixed_kr", f"{at}."),
            self._figure(row, "visit_kr", f"{at}."),
            tuple(carried),
            at_least,
            at_most,
        )

    def _candidate(self, row: dict[str, Any], at: str, towns: tuple[Town, ...], kinds: tuple[Kind, ...]) -> Candidate:
        self._only(row, {"town", "kinds", "must_stay"}, f"{at}.")
        self._among([row.get("town")], [town.key for town in towns], f"{at}.town")
        allowed = row.get("kinds", [kind.key for kind in kinds])
        self._among(allowed, [kind.key for kind in kinds], f"{at}.kinds")
        return Candidate(row["town"], tuple(allowed), row.get("must_stay") is True)

    # ------------------------------------------------------------------------------------------------- what is asked

    def _sources(self) -> None:
        for key, source in self._table("sources").items():
            if not isinstance(source, dict) or source.get("kind") not in SOURCES or not source.get("text"):
                raise self._no(
                    f"sources.{key}",
                    gettext("En kilde har en kind (%(kinds)s) og en text.") % {"kinds": ", ".join(SOURCES)},
                )

    def _figure(self, row: dict[str, Any], name: str, at: str) -> Figure:
        said = row.get(name)
        if not isinstance(said, dict):
            raise self._no(at + name, gettext('Et tal skrives { value = …, source = "…" }, evt. med low og high.'))
        self._only(said, {"value", "source", "low", "high"}, f"{at}{name}.")
        value = self._number(said.get("value"), f"{at}{name}.value")
        low = self._number(said.get("low", value), f"{at}{name}.low")
        high = self._number(said.get("high", value), f"{at}{name}.high")
        if not 0 <= low <= value <= high:
            raise self._no(at + name, gettext("Tallet skal ligge mellem low og high, og intet er under nul."))
        self._source(said.get("source"), f"{at}{name}.source")
        return Figure(value, str(said["source"]), low, high)

    def _source(self, key: object, at: str) -> None:
        if not isinstance(key, str) or key not in self._table("sources"):
            raise self._no(at, gettext("Tallets kilde står ikke under [sources]."))

    def _number(self, value: object, at: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._no(at, gettext("Her skal stå et tal."))
        return float(value)

    def _key(self, row: dict[str, Any], at: str) -> str:
        key = row.get("key")
        if not isinstance(key, str) or not key:
            raise self._no(f"{at}.key", gettext("Her mangler en nøgle."))
        return key

    def _rows(self, name: str) -> list[dict[str, Any]]:
        rows = self.said.get(name)
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            raise self._no(name, gettext("Der mangler mindst én [[%(name)s]].") % {"name": name})
        return rows

    def _table(self, name: str) -> dict[str, Any]:
        table = self.said.get(name)
        if not isinstance(table, dict):
            raise self._no(name, gettext("Der mangler et afsnit [%(name)s].") % {"name": name})
        return table

    def _among(self, given: Any, known: list[str], at: str) -> None:
        if not isinstance(given, list):
            raise self._no(at, gettext("Her skal stå en liste."))
        if strange := [str(one) for one in given if one not in known]:
            raise self._no(at, gettext("»%(key)s« kendes ikke her.") % {"key": strange[0]})

    def _only(self, table: dict[str, Any], known: set[str], at: str) -> None:
        if strange := sorted(set(table) - known):
            raise self._no(at + strange[0], gettext("»%(key)s« kendes ikke her.") % {"key": strange[0]})

    def _no(self, key: str, text: str) -> CannotPlan:
        return _wrong(self.path, key, text)
