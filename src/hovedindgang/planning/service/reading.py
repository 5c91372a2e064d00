"""Inputs and changes from a TOML file: what is wrong is said with its key, and what would be right.

A number is written ``{ value = 0.3, source = "silkeborg" }``, with ``low`` and ``high`` where it is unsure; its source
stands under ``[sources]``. Tables and keys are those of `inputs` and `changes`.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.changes import CHANGES, Change
from hovedindgang.planning.service.inputs import (
    Behaviour,
    Demand,
    Figure,
    Inputs,
    Outing,
    Results,
    Staff,
    Team,
    Wave,
    Work,
)
from hovedindgang.servicemodel.document import Channel, Level, ServiceModel, SourceKind
from hovedindgang.servicemodel.loading import load
from hovedindgang.servicemodel.problems import ModelInvalid

KEYS_OF_FILE = {"title", "model", "inputs", "first_day", "days", "sources", "change", "phones_at"} | {
    "demand",
    "behaviour",
    "work",
    "staff",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file asks for: the model and inputs it starts from, and the changes that it tries."""

    title: str
    model: ServiceModel
    inputs: Inputs
    changes: tuple[Change, ...]


def is_plan(document: Mapping[str, Any]) -> bool:
    """Whether a document is of this kind: it names a model, or inputs, to start from."""
    return "model" in document or "inputs" in document


def read_plan(path: Path) -> Plan:
    """The file, and those it names. Raises CannotPlan."""
    document = _document(path)
    unknown = sorted(set(document) - KEYS_OF_FILE)
    if unknown:
        raise _wrong(path, unknown[0], _("kendes ikke"), _("Kendte nøgler: {keys}.").format(keys=_list(KEYS_OF_FILE)))
    changes = tuple(_change(path, at, one) for at, one in enumerate(document.get("change", [])))
    if "inputs" in document:
        start = read_plan(path.parent / document["inputs"])
        title = document.get("title", start.title)
        return Plan(title, start.model, start.inputs, (*start.changes, *changes))
    model = _model(path, path.parent / str(document["model"]))
    inputs = read_inputs(path, document)
    return Plan(document.get("title", ""), model, inputs, changes)


def read_inputs(path: Path, document: Mapping[str, Any]) -> Inputs:
    """The inputs of a document that has been read. `path` is for what is said of it."""
    reader = _Reader(path, _sources(path, document.get("sources", {})))
    for key in ("first_day", "days", "demand", "behaviour", "work", "staff"):
        if key not in document:
            raise _wrong(path, key, _("mangler"), _("Skriv den; se models/planning for eksempler."))
    if not isinstance(document["first_day"], dt.date) or not 1 <= int(document["days"]) <= 3660:
        raise _wrong(path, "days", _("skal være 1 til 3660"), _("first_day er en dato, days er antal dage."))
    return Inputs(
        first_day=document["first_day"],
        days=int(document["days"]),
        demand=reader.demand(document["demand"]),
        behaviour=reader.record(Behaviour, "behaviour", document["behaviour"]),
        work=reader.work(document["work"]),
        staff=reader.staff(document["staff"]),
        phones_at=document.get("phones_at"),
        title=document.get("title", ""),
    )


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise CannotPlan(
            _("Der er ingen fil, der kan læses: {path}.").format(path=path),
            cure=_("Se efter, om navnet er rigtigt, og om du må læse den."),
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CannotPlan(
            _("{path} er ikke skrevet som TOML: {error}.").format(path=path, error=error),
            cure=_("Ret linjen, og prøv igen."),
        ) from None


def _model(path: Path, at: Path) -> ServiceModel:
    try:
        return load(at)
    except ModelInvalid as invalid:
        raise CannotPlan(
            _("Servicemodellen {path} kan ikke bruges.").format(path=at),
            cure=_("Se hvorfor: hovedindgang model check {path}").format(path=at),
            where=tuple(str(problem) for problem in invalid.problems[:5]),
        ) from None
    except OSError:
        raise _wrong(path, "model", _("er ingen fil: {path}").format(path=at), _("Ret stien.")) from None


def _wrong(path: Path, key: str, what: str, cure: str) -> CannotPlan:
    return CannotPlan(f"{path}: {key} {what}.", cure=cure, where=(key,))


def _list(keys: Any) -> str:
    return ", ".join(sorted(str(key) for key in keys))


def _sources(path: Path, table: Mapping[str, Any]) -> dict[str, tuple[SourceKind, str]]:
    found = {}
    for key, one in table.items():
        try:
            found[key] = (SourceKind(one["kind"]), str(one["reference"]))
        except (KeyError, TypeError, ValueError):
            raise _wrong(
                path,
                f"sources.{key}",
                _("skal have kind og reference"),
                _("kind er en af: {kinds}.").format(kinds=_list(SourceKind)),
            ) from None
    return found


class _Reader:
    """One file's tables as the records of `inputs`."""

    def __init__(self, path: Path, sources: Mapping[str, tuple[SourceKind, str]]) -> None:
        self.path, self.sources = path, sources

    def figure(self, key: str, written: Any) -> Figure:
        right = _('Skriv {{ value = 0.3, source = "nøgle" }}, med low og high, hvor tallet er usikkert.').format()
        if not isinstance(written, Mapping) or not set(written) <= {"value", "source", "low", "high"}:
            raise _wrong(self.path, key, _("er ikke et tal med sin kilde"), right)
        value, source = written.get("value"), str(written.get("source", ""))
        if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
            raise _wrong(self.path, f"{key}.value", _("skal være et tal, der ikke er negativt"), right)
        if source not in self.sources:
            raise _wrong(
                self.path,
                f"{key}.source",
                _("er ingen kilde under [sources]"),
                _("Kendte kilder: {sources}.").format(sources=_list(self.sources)),
            )
        kind, reference = self.sources[source]
        low, high = written.get("low"), written.get("high")
        if (low is not None and low > value) or (high is not None and high < value):
            raise _wrong(self.path, key, _("ligger uden for sit eget spænd"), _("low ≤ value ≤ high."))
        return Figure(float(value), kind, reference, low, high)

    def record(self, kind: type[Any], key: str, table: Any) -> Any:
        """A record of figures, and tables of figures by channel, level, service or centre."""
        if not isinstance(table, Mapping):
            raise _wrong(self.path, key, _("skal være en tabel"), _("Skriv [{key}].").format(key=key))
        known = {one.name: one for one in fields(kind)}
        unknown = sorted(set(table) - set(known))
        if unknown:
            raise _wrong(
                self.path,
                f"{key}.{unknown[0]}",
                _("kendes ikke"),
                _("Kendte nøgler: {keys}.").format(keys=_list(known)),
            )
        made = {}
        for name, one in known.items():
            if name in table:
                made[name] = self.value(f"{key}.{name}", str(one.type), table[name])
            elif one.default is MISSING and one.default_factory is MISSING:
                raise _wrong(
                    self.path, f"{key}.{name}", _("mangler"), _("Skriv den; se models/planning for eksempler.")
                )
        return kind(**made)

    def value(self, key: str, kind: str, written: Any) -> Any:
        if kind == "Figure":
            return self.figure(key, written)
        if kind.startswith("Mapping[Channel, Figure]"):
            return {self.member(Channel, key, k): self.figure(f"{key}.{k}", one) for k, one in written.items()}
        if kind.startswith("Mapping[Channel, tuple"):
            return {self.member(Channel, key, k): self.weights(f"{key}.{k}", one) for k, one in written.items()}
        if kind.startswith("Mapping[str, Figure]"):
            return {k: self.figure(f"{key}.{k}", one) for k, one in written.items()}
        if kind.startswith("tuple[Channel"):
            return tuple(self.member(Channel, key, one) for one in written)
        if kind == "SourceKind":
            return self.member(SourceKind, key, written)
        return tuple(written) if isinstance(written, list) else written

    def member(self, kind: Callable[[Any], Any], key: str, word: Any) -> Any:
        try:
            return kind(word)
        except ValueError:
            known = _list(kind)
            raise _wrong(
                self.path, f"{key}.{word}", _("kendes ikke"), _("Kendte ord: {words}.").format(words=known)
            ) from None

    def weights(self, key: str, written: Any) -> tuple[float, ...]:
        wanted = 24 if ".hour." in key else 7
        if not isinstance(written, list) or len(written) != wanted or sum(written) <= 0 or min(written) < 0:
            raise _wrong(
                self.path,
                key,
                _("skal være {number} vægte").format(number=wanted),
                _("Ingen negative, mindst én over 0."),
            )
        return tuple(float(one) for one in written)

    def demand(self, table: Any) -> Demand:
        waves = tuple(self.record(Wave, f"demand.wave.{at}", one) for at, one in enumerate(table.get("wave", [])))
        rest = {key: one for key, one in table.items() if key != "wave"}
        made: Demand = self.record(Demand, "demand", rest)
        return _replaced(made, waves=waves)

    def work(self, table: Any) -> Work:
        results = {
            self.member(Level, "work.results", level): self.record(Results, f"work.results.{level}", one)
            for level, one in table.get("results", {}).items()
        }
        missing = sorted(level.value for level in Level if level not in results)
        if missing:
            raise _wrong(self.path, f"work.results.{missing[0]}", _("mangler"), _("Hvert niveau skal have sin."))
        rest = {key: one for key, one in table.items() if key != "results"} | {"results": {}}
        made: Work = self.record(Work, "work", rest)
        return _replaced(made, results=results)

    def staff(self, table: Any) -> Staff:
        teams = tuple(self.record(Team, f"staff.team.{at}", one) for at, one in enumerate(table.get("team", [])))
        if not teams:
            raise _wrong(self.path, "staff.team", _("mangler"), _("Skriv mindst ét [[staff.team]]."))
        outings = tuple(
            self.record(Outing, f"staff.outing.{at}", one) for at, one in enumerate(table.get("outing", []))
        )
        rest = {key: one for key, one in table.items() if key not in {"team", "outing"}} | {"teams": []}
        made: Staff = self.record(Staff, "staff", rest)
        return _replaced(made, teams=teams, outings=outings)


def _replaced(record: Any, **values: Any) -> Any:
    import dataclasses

    return dataclasses.replace(record, **values)


def _change(path: Path, at: int, table: Any) -> Change:
    key = f"change.{at}"
    kind = CHANGES.get(str(table.get("kind"))) if isinstance(table, Mapping) else None
    if kind is None:
        raise _wrong(
            path, f"{key}.kind", _("kendes ikke"), _("Kendte ændringer: {kinds}.").format(kinds=_list(CHANGES))
        )
    known = {one.name: one for one in fields(kind)}
    given = {name: value for name, value in table.items() if name != "kind"}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise _wrong(
            path, f"{key}.{unknown[0]}", _("kendes ikke"), _("Kendte nøgler: {keys}.").format(keys=_list(known))
        )
    missing = [n for n, one in known.items() if n not in given and one.default is MISSING]
    if missing:
        raise _wrong(path, f"{key}.{missing[0]}", _("mangler"), _("Skriv den."))
    try:
        made: Change = kind(**{n: tuple(v) if isinstance(v, list) else v for n, v in given.items()})
    except (TypeError, ValueError) as error:
        raise _wrong(path, key, f"({error})", _("Ret værdien.")) from None
    return made
