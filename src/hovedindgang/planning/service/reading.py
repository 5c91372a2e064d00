"""Inputs and changes from a TOML file: what is wrong is said with its key, and what would be right.

A number is written ``{ value = 0.3, source = "silkeborg" }``, with ``low`` and ``high`` where it is unsure; its source
stands under ``[sources]``. Tables and keys are those of `inputs` and `changes`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

from hovedindgang.planning.documents import toml_of
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import spoken
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.changes import CHANGES, Change, agreeing
from hovedindgang.planning.service.checks import MOST, is_number, wrongs
from hovedindgang.planning.service.competences import LEVELS, CompetenceMatrix
from hovedindgang.planning.service.inputs import (
    FIXED_KR,
    Appointments,
    Assisted,
    Behaviour,
    Demand,
    Figure,
    Inputs,
    Outing,
    Places,
    Results,
    Staff,
    Team,
    Wave,
    Work,
)
from hovedindgang.planning.simulation.warm_up import WarmUp
from hovedindgang.servicemodel.document import CentreKind, Channel, Level, ServiceModel, SourceKind
from hovedindgang.servicemodel.loading import load
from hovedindgang.servicemodel.problems import ModelInvalid

WARM_UP, MOST_WEEKS = "warm_up_weeks", 52
PARTS = {"demand", "behaviour", "work", "staff", "places"}
KEYS_OF_INPUTS = {"model", "first_day", "days", "sources", "phones_at", "appointments", "assisted", WARM_UP} | PARTS
KEYS_OF_FILE = KEYS_OF_INPUTS | {"title", "title_en", "inputs", "change"}


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


def read_plan(path: Path, *, within: tuple[Path, ...] = ()) -> Plan:
    """The file, and those it names. Raises CannotPlan. `within`: the files that start from this one."""
    document = _document(path)
    unknown = sorted(set(document) - KEYS_OF_FILE)
    if unknown:
        raise _wrong(path, unknown[0], _("kendes ikke"), _("Kendte nøgler: {keys}.").format(keys=_list(KEYS_OF_FILE)))
    rows = document.get("change", [])
    if not isinstance(rows, list):
        raise _wrong(path, "change", _("skal være en liste"), _("Skriv [[change]]."))
    changes = tuple(_change(path, at, one) for at, one in enumerate(rows, 1))
    agreeing(changes)
    title = _title(path, document)
    if "inputs" in document:
        own = sorted(set(document) & KEYS_OF_INPUTS)
        if own:
            right = _("Ret den i {file}, eller skriv den som en ændring.").format(file=document["inputs"])
            raise _wrong(path, own[0], _("kan ikke stå sammen med inputs"), right)
        start = _started(path, _text(path, document, "inputs"), within)
        return Plan(title or start.title, start.model, start.inputs, (*start.changes, *changes))
    if "model" not in document:
        raise _wrong(path, "model", _("mangler"), _("Skriv model = eller inputs = og en sti; se models/planning."))
    model = _model(path, path.parent / _text(path, document, "model"))
    inputs = read_inputs(path, document)
    for key, what, right in wrongs(model, inputs):
        raise _wrong(path, key, what, right)
    return Plan(title, model, inputs, changes)


def _started(path: Path, name: str, within: tuple[Path, ...]) -> Plan:
    """The plan that this one starts from."""
    try:
        start = (path.parent / name).resolve()
    except ValueError:  # a path with a zero byte
        raise _wrong(path, "inputs", _("er ingen fil: {path}").format(path=name), _("Ret stien.")) from None
    if start in within or start == path.resolve():
        raise _wrong(path, "inputs", _("begynder i sig selv: {path}").format(path=name), _("Ret stien."))
    return read_plan(path.parent / name, within=(*within, path.resolve()))


def _text(path: Path, document: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = document.get(key, default)
    if not isinstance(value, str) or (default is None and not value):
        raise _wrong(path, key, _("skal være tekst"), _('Skriv fx {key} = "navn".').format(key=key))
    return value


def _title(path: Path, document: Mapping[str, Any]) -> str:
    return spoken(_text(path, document, "title", ""), _text(path, document, "title_en", ""))


def read_inputs(path: Path, document: Mapping[str, Any]) -> Inputs:
    """The inputs of a document that has been read. `path` is for what is said of it."""
    reader = _Reader(path, _sources(path, document.get("sources", {})))
    for key in ("first_day", "days", "demand", "behaviour", "work", "staff"):
        if key not in document:
            raise _wrong(path, key, _("mangler"), _("Skriv den; se models/planning for eksempler."))
    first_day, days = document["first_day"], document["days"]
    if type(first_day) is not dt.date or type(days) is not int or not 1 <= days <= 3660:
        raise _wrong(path, "days", _("skal være 1 til 3660"), _("first_day er en dato, days er antal dage."))
    if first_day.year > 9900:
        raise _wrong(path, "first_day", _("er for langt ude i fremtiden"), _("Skriv fx 2026-01-05."))
    return Inputs(
        first_day=first_day,
        days=days,
        demand=reader.demand(document["demand"]),
        behaviour=reader.record(Behaviour, "behaviour", document["behaviour"]),
        work=reader.work(document["work"]),
        staff=reader.staff(document["staff"]),
        places=reader.places(document.get("places", {})),
        phones_at=_text(path, document, "phones_at", "") or None,
        title=_title(path, document),
        appointments=reader.apart(Appointments, "appointments", document),
        assisted=reader.apart(Assisted, "assisted", document),
        warm_up=_warm_up(path, document),
    )


def _warm_up(path: Path, document: Mapping[str, Any]) -> WarmUp | None:
    """As it is written; None: it is found out."""
    if WARM_UP not in document:
        return None
    weeks = document[WARM_UP]
    if type(weeks) is not int or not 0 <= weeks <= MOST_WEEKS:
        raise _wrong(
            path,
            WARM_UP,
            _("skal være et helt tal fra {low} til {high}").format(low=0, high=MOST_WEEKS),
            _("Skriv hele uger før first_day, fx 4, eller udelad den: så findes den."),
        )
    return WarmUp(7 * weeks)


def _document(path: Path) -> dict[str, Any]:
    return toml_of(path)


def _model(path: Path, at: Path) -> ServiceModel:
    try:
        return load(at)
    except ModelInvalid as invalid:
        raise CannotPlan(
            _("Servicemodellen {path} kan ikke bruges.").format(path=at),
            cure=_("Se hvorfor: hovedindgang model check {path}").format(path=at),
            where=tuple(str(problem) for problem in invalid.problems[:5]),
        ) from None
    except (OSError, ValueError):  # a path with a zero byte is a ValueError
        raise _wrong(path, "model", _("er ingen fil: {path}").format(path=at), _("Ret stien.")) from None


def _wrong(path: Path, key: str, what: str, cure: str) -> CannotPlan:
    return CannotPlan(f"{path}: {key} {what}.", cure=cure, where=(key,))


def _list(keys: Any) -> str:
    return ", ".join(sorted(str(key) for key in keys))


def _sources(path: Path, table: Mapping[str, Any]) -> dict[str, tuple[SourceKind, str, str]]:
    """Key → its kind, its reference, and that in English where it has it."""
    found = {}
    if not isinstance(table, Mapping):
        raise _wrong(path, "sources", _("skal være en tabel"), _("Skriv [{key}].").format(key="sources"))
    for key, one in table.items():
        try:
            found[key] = (SourceKind(one["kind"]), str(one["reference"]), str(one.get("reference_en", "")))
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

    def __init__(self, path: Path, sources: Mapping[str, tuple[SourceKind, str, str]]) -> None:
        self.path, self.sources = path, sources

    def figure(self, key: str, written: Any) -> Figure:
        right = _('Skriv {{ value = 0.3, source = "nøgle" }}, med low og high, hvor tallet er usikkert.').format()
        if not isinstance(written, Mapping) or not set(written) <= {"value", "source", "low", "high"}:
            raise _wrong(self.path, key, _("er ikke et tal med sin kilde"), right)
        value, source = written.get("value"), str(written.get("source", ""))
        if value is None or not is_number(value) or value < 0:
            raise _wrong(self.path, f"{key}.value", _("skal være et tal, der ikke er negativt"), right)
        if source not in self.sources:
            raise _wrong(
                self.path,
                f"{key}.source",
                _("er ingen kilde under [sources]"),
                _("Kendte kilder: {sources}.").format(sources=_list(self.sources)),
            )
        kind, reference, english = self.sources[source]
        low, high = written.get("low"), written.get("high")
        if any(one is not None and not is_number(one) for one in (low, high)):
            raise _wrong(self.path, key, _("har et spænd, der ikke er tal"), right)
        if (low is not None and low > value) or (high is not None and high < value):
            raise _wrong(self.path, key, _("ligger uden for sit eget spænd"), _("low ≤ value ≤ high."))
        return Figure(float(value), kind, reference, low, high, english)

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
        if kind in ("Figure", "Figure | None"):
            return self.figure(key, written)
        if kind.startswith("Mapping") and not isinstance(written, Mapping):
            raise _wrong(self.path, key, _("skal være en tabel"), _("Skriv [{key}].").format(key=key))
        if kind.startswith("Mapping[Channel, Figure]"):
            return {self.member(Channel, key, k): self.figure(f"{key}.{k}", one) for k, one in written.items()}
        if kind.startswith("Mapping[Channel, tuple"):
            return {self.member(Channel, key, k): self.weights(f"{key}.{k}", one) for k, one in written.items()}
        if kind.startswith("Mapping[str, Figure]"):
            return {k: self.figure(f"{key}.{k}", one) for k, one in written.items()}
        if kind.startswith("Mapping[str, str]"):
            return {k: plain("str", one, partial(_wrong, self.path, f"{key}.{k}")) for k, one in written.items()}
        if kind.startswith("tuple[Channel"):
            return tuple(self.member(Channel, key, one) for one in self.rows(key, written))
        if kind == "SourceKind":
            return self.member(SourceKind, key, written)
        if kind in PLAIN:
            return plain(kind, written, lambda what, right: _wrong(self.path, key, what, right))
        return tuple(written) if isinstance(written, list) else written

    def rows(self, key: str, written: Any) -> list[Any]:
        if not isinstance(written, list):
            raise _wrong(self.path, key, _("skal være en liste"), _("Skriv [[{key}]].").format(key=key))
        return written

    def table(self, key: str, written: Any) -> Mapping[str, Any]:
        if not isinstance(written, Mapping):
            raise _wrong(self.path, key, _("skal være en tabel"), _("Skriv [{key}].").format(key=key))
        return written

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
        right = isinstance(written, list) and len(written) == wanted and all(map(is_number, written))
        if not right or sum(written) <= 0 or min(written) < 0 or max(written) > MOST:
            raise _wrong(
                self.path,
                key,
                _("skal være {number} vægte").format(number=wanted),
                _("Ingen negative, mindst én over 0."),
            )
        return tuple(float(one) for one in written)

    def demand(self, table: Any) -> Demand:
        table = self.table("demand", table)
        rows = self.rows("demand.wave", table.get("wave", []))
        waves = tuple(self.record(Wave, f"demand.wave.{at}", one) for at, one in enumerate(rows, 1))
        rest = {key: one for key, one in table.items() if key != "wave"}
        for key in ("moves", "grown", "waves", "shocks", "new"):  # a change says these
            if key in rest:
                raise _wrong(self.path, f"demand.{key}", _("kendes ikke"), _("Skriv det som en [[change]]."))
        made: Demand = self.record(Demand, "demand", rest)
        return _replaced(made, waves=waves)

    def work(self, table: Any) -> Work:
        table = self.table("work", table)
        results = {
            self.member(Level, "work.results", level): self.record(Results, f"work.results.{level}", one)
            for level, one in self.table("work.results", table.get("results", {})).items()
        }
        missing = sorted(level.value for level in Level if level not in results)
        if missing:
            raise _wrong(self.path, f"work.results.{missing[0]}", _("mangler"), _("Hvert niveau skal have sin."))
        rest = {key: one for key, one in table.items() if key != "results"} | {"results": {}}
        made: Work = self.record(Work, "work", rest)
        return _replaced(made, results=results)

    def apart(self, kind: type[Any], key: str, document: Mapping[str, Any]) -> Any:
        """Appointments, or assisted self-service; None where the document says nothing of them."""
        return self.record(kind, key, document[key]) if key in document else None

    def staff(self, table: Any) -> Staff:
        table = self.table("staff", table)
        rows = self.rows("staff.team", table.get("team", []))
        teams = tuple(self.record(Team, f"staff.team.{at}", one) for at, one in enumerate(rows, 1))
        if not teams:
            raise _wrong(self.path, "staff.team", _("mangler"), _("Skriv mindst ét [[staff.team]]."))
        if "learned" in table:
            raise _wrong(self.path, "staff.learned", _("kendes ikke"), _("Skriv det som en [[change]]."))
        outings = tuple(
            self.record(Outing, f"staff.outing.{at}", one)
            for at, one in enumerate(self.rows("staff.outing", table.get("outing", [])), 1)
        )
        rest = {key: one for key, one in table.items() if key not in {"team", "outing", "competence"}} | {"teams": []}
        made: Staff = self.record(Staff, "staff", rest)
        competence = self.competence(table["competence"]) if "competence" in table else None
        return _replaced(made, teams=teams, outings=outings, competence=competence)

    def competence(self, table: Any) -> CompetenceMatrix:
        """Employees' levels, written as the services of each level: one service at one level."""
        at, known = "staff.competence", ("source", "otherwise", "employees")
        table = self.table(at, table)
        for key in sorted(set(table) - set(known)):
            raise _wrong(
                self.path, f"{at}.{key}", _("kendes ikke"), _("Kendte nøgler: {keys}.").format(keys=_list(known))
            )
        if table.get("source") not in self.sources:
            right = _("Kendte kilder: {sources}.").format(sources=_list(self.sources))
            raise _wrong(self.path, f"{at}.source", _("er ingen kilde under [sources]"), right)
        kind, reference, english = self.sources[table["source"]]
        levels: dict[str, dict[str, str]] = {}
        for employee, written in self.table(f"{at}.employees", table.get("employees", {})).items():
            levels[employee] = {}
            for level, services in self.table(f"{at}.employees.{employee}", written).items():
                key = f"{at}.employees.{employee}.{level}"
                self.level(key, level)
                for service in plain("tuple[str, ...]", services, partial(_wrong, self.path, key)):
                    if service in levels[employee]:
                        text = _("nævner {service}, som har et niveau").format(service=service)
                        raise _wrong(self.path, key, text, _("Skriv hver opgave ét sted."))
                    levels[employee][service] = level
        otherwise = table.get("otherwise", "")
        if otherwise:
            self.level(f"{at}.otherwise", otherwise)
        return CompetenceMatrix(levels, reference, kind, otherwise, reference_en=english)

    def level(self, key: str, word: Any) -> None:
        if word not in LEVELS:
            raise _wrong(self.path, key, _("kendes ikke"), _("Kendte ord: {words}.").format(words=_list(LEVELS)))

    def places(self, table: Any) -> Places:
        """What is not written stays as the house assumes it."""
        made: Places = self.record(Places, "places", table)
        for kind in made.fixed_kr:
            self.member(CentreKind, "places.fixed_kr", kind)
        return Places({**FIXED_KR, **made.fixed_kr})


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
    # A day is a text in a change, as it is kept; TOML's own dates say the same.
    given = {
        name: value.isoformat() if type(value) is dt.date else value for name, value in table.items() if name != "kind"
    }
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise _wrong(
            path, f"{key}.{unknown[0]}", _("kendes ikke"), _("Kendte nøgler: {keys}.").format(keys=_list(known))
        )
    missing = [n for n, one in known.items() if n not in given and one.default is MISSING]
    if missing:
        raise _wrong(path, f"{key}.{missing[0]}", _("mangler"), _("Skriv den."))
    values = {
        name: plain(str(known[name].type), value, partial(_wrong, path, f"{key}.{name}"))
        for name, value in given.items()
    }
    try:
        made: Change = kind(**values)
    except ValueError as error:
        raise _wrong(path, key, f"({error})", _("Ret værdien.")) from None
    return made


PLAIN = ("str", "int", "float", "bool", "tuple[str, ...]", "tuple[int, ...]")


def plain(kind: str, written: Any, wrong: Callable[[str, str], CannotPlan]) -> Any:
    """`written` where it is of the kind: a text, a number, or a list of them."""
    kind = kind.removesuffix(" | None")
    if kind.startswith("tuple["):
        of = kind[len("tuple[") :].partition(",")[0]
        if not isinstance(written, list):
            raise wrong(_("skal være en liste"), "[1, 2]" if of == "int" else '["a", "b"]')
        return tuple(plain(of, one, wrong) for one in written)
    if kind == "str" and not isinstance(written, str):
        raise wrong(_("skal være tekst"), _("Skriv det i anførselstegn."))
    if kind == "bool" and type(written) is not bool:
        raise wrong(_("skal være ja eller nej"), _("Skriv true eller false."))
    if kind == "int" and type(written) is not int:
        raise wrong(_("skal være et helt tal"), _("Skriv fx 4."))
    if kind == "float":
        if not is_number(written) or abs(written) > MOST:
            raise wrong(_("skal være et tal"), _("Skriv fx 0.5, med punktum."))
        return float(written)
    return written
