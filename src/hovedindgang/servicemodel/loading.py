"""Reads a service model from TOML: `load` from a file, `loads` from texts that were kept.

A document may begin with ``include = ["catalogue.toml"]``: the services, authorities, departments, media
and sources of the file beside it become part of the model. The same key twice is a problem, never a choice.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path as FilePath
from pathlib import PurePosixPath
from typing import Any

from hovedindgang.servicemodel.checks import check
from hovedindgang.servicemodel.document import ServiceModel
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.positions import Path, scan
from hovedindgang.servicemodel.problems import Finding, ModelInvalid, Problem, Severity, dotted, place_of
from hovedindgang.servicemodel.reading import Reader
from hovedindgang.servicemodel.saying import shown
from hovedindgang.servicemodel.syntax import syntax_problem

SHARED_TABLES = ("sources", "authorities", "departments", "media", "services")

Places = dict[Path, tuple[str, int]]


def load(path: FilePath | str) -> ServiceModel:
    """The service model in the file `path` and the files it includes.

    Raises ModelInvalid with all problems, OSError where `path` itself cannot be read.
    """
    text, includes = texts(path)
    return _loaded(text, str(path), tuple(includes.items()))


@lru_cache(maxsize=8)
def _loaded(text: str, name: str, includes: tuple[tuple[str, str], ...]) -> ServiceModel:
    """A model never changes, so the same texts are read once: plans that are compared rest on one model."""
    return loads(text, name=name, includes=dict(includes))


def texts(path: FilePath | str) -> tuple[str, dict[str, str]]:
    """The text of `path` and the texts of what it includes, by the name it includes them by.

    Raises ModelInvalid where a text is not UTF-8, OSError where `path` cannot be read. An included file that
    is not there is left out; `loads` says so with its line.
    """
    path = FilePath(path)
    text = _decoded(path)
    includes = {}
    for name in _include_names(text):
        if _is_beside(name) and _is_there(path.parent / name):
            includes[name] = _decoded(path.parent / name)
    return text, includes


def loads(text: str, *, name: str, includes: Mapping[str, str] | None = None) -> ServiceModel:
    """The service model in `text`; `name` is the file named in messages.

    Raises ModelInvalid, for a catalogue too: it is part of the models that include it, and none by itself.
    """
    gathered = _gathered(text, name, includes)
    model, problems = _judged(gathered)
    if model is None:
        raise ModelInvalid(problem for problem in problems if problem.severity is Severity.ERROR)
    if gathered.is_catalogue:
        wrong = _("Filen er et katalog: den siger ikke, hvilken kommune den gælder for, eller hvad der er vedtaget.")
        right = _('Brug den model, der tager kataloget med: include = ["{name}"].')
        raise ModelInvalid([Problem(name, 1, "", wrong, right.format(name=PurePosixPath(name).name))])
    return model


def loads_kept(text: str, *, name: str, includes: Mapping[str, str] | None = None) -> ServiceModel:
    """The service model in a text that was found right when it was kept; what later checks say of it is not asked.

    A policy that was adopted stays readable when the checks become stricter. Raises ModelInvalid where the text
    cannot be read at all.
    """
    reader, gathered = Reader(), _gathered(text, name, includes)
    model = reader.table(ServiceModel, _with_stand_ins(gathered), ())
    if gathered.problems or reader.findings:
        raise ModelInvalid([*gathered.problems, *map(gathered.problem, reader.findings)])
    return model


def examine(
    text: str, *, name: str, includes: Mapping[str, str] | None = None
) -> tuple[ServiceModel | None, list[Problem]]:
    """The model, None where it has errors, and all problems, errors first, each kind in the order of the files.

    A catalogue can be examined by itself; its model has stand-ins for the municipality and the adoption.
    """
    return _judged(_gathered(text, name, includes))


def _gathered(text: str, name: str, includes: Mapping[str, str] | None) -> _Gathered:
    gathered = _Gathered(name)
    gathered.add_document(text, includes or {})
    return gathered


def _judged(gathered: _Gathered) -> tuple[ServiceModel | None, list[Problem]]:
    if gathered.unreadable:
        return None, gathered.problems
    reader = Reader()
    model = reader.table(ServiceModel, _with_stand_ins(gathered), ())
    # What could not be read holds a stand-in now; what the checks find there would only repeat the reader.
    unread = {finding.path for finding in reader.findings} | reader.missing
    found = [f for f in check(model, catalogue=gathered.is_catalogue) if not _stands_in(f.path, unread)]
    problems = sorted(
        [*gathered.problems, *(gathered.problem(finding) for finding in [*reader.findings, *found])],
        key=lambda one: (one.severity is not Severity.ERROR, one.file != gathered.name, one.file, one.line),
    )
    broken = any(problem.severity is Severity.ERROR for problem in problems)
    return None if broken else model, problems


def _with_stand_ins(gathered: _Gathered) -> dict[str, Any]:
    """The tables, with a municipality and an adoption that say nothing where the file is a catalogue."""
    if not gathered.is_catalogue:
        return gathered.data
    return {"municipality": {"name": "-", "code": "000"}, "adoption": {"title": "-"}, **gathered.data}


def _stands_in(path: Path, unread: set[Path]) -> bool:
    return any(path[:length] in unread for length in range(1, len(path) + 1))


class _Gathered:
    """The tables of a document and of what it includes, and the place of each key."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.data: dict[str, Any] = {}
        self.places: Places = {}
        self.problems: list[Problem] = []
        self.unreadable = False
        self.is_catalogue = False

    def add_document(self, text: str, includes: Mapping[str, str]) -> None:
        data, places = self.parsed(text, self.name)
        self.data, self.places = data, places
        names = data.pop("include", [])
        self.is_catalogue = bool(data) and set(data) <= {*SHARED_TABLES, "schema_version"}
        if not isinstance(names, list):
            self.add(
                ("include",), _("include er ikke en liste."), _('Skriv include = ["catalogue.toml"] øverst i filen.')
            )
            return
        if not data.keys() - {"schema_version"} and not names and not self.unreadable:
            self.unreadable = True
            right = _("Begynd med overskrifterne [municipality] og [adoption], eller ret en af modellerne i models.")
            empty = _("Filen er tom eller har kun bemærkninger.")
            only_version = _("Filen siger kun, hvilket format den har.")
            self.add(("schema_version",) if data else (), only_version if data else empty, right)
        for number, include in enumerate(names):
            if include in names[:number]:
                wrong = _("{value} står her to gange.").format(value=shown(include))
                self.add(("include", number), wrong, _("Slet den ene."))
            else:
                self.add_include(include, ("include", number), includes)

    def add_include(self, include: object, path: Path, includes: Mapping[str, str]) -> None:
        if include == PurePosixPath(self.name).name:
            self.add(path, _("Filen kan ikke tage sig selv med."), _("Slet dens navn her."))
        elif not isinstance(include, str) or not _is_beside(include):
            self.add(
                path,
                _("{value} kan ikke tages med.").format(value=shown(include)),
                _('Skriv navnet på en fil i samme mappe, fx "catalogue.toml".'),
            )
        elif include not in includes:
            self.add(
                path,
                _("Filen {value} findes ikke.").format(value=shown(include)),
                _("Læg den i samme mappe som denne fil, eller ret navnet."),
            )
        else:
            file = str(PurePosixPath(self.name).parent / include)
            data, places = self.parsed(includes[include], file)
            self.merge(data, places)

    def merge(self, data: dict[str, Any], places: Places) -> None:
        for name, table in data.items():
            if name == "schema_version":
                continue
            if name not in SHARED_TABLES:
                self.add(
                    (name,),
                    _('"{key}" kan ikke stå i en fil, der tages med.').format(key=name),
                    _("Flyt det til hoveddokumentet; her kan stå: {choices}.").format(choices=", ".join(SHARED_TABLES)),
                    places,
                )
            elif not isinstance(table, dict) or not isinstance(self.data.get(name, {}), dict):
                self.data.setdefault(name, table)
            else:
                self.merge_table(name, table, places)
        for path, place in places.items():
            self.places.setdefault(path, place)

    def merge_table(self, name: str, table: dict[str, Any], places: Places) -> None:
        own = self.data.setdefault(name, {})
        for key, part in table.items():
            if key in own:
                file, line = self.places[(name, key)]
                self.add(
                    (name, key),
                    _('"{key}" står allerede i {file}, linje {line}.').format(key=key, file=file, line=line),
                    _("Giv den ene en anden nøgle, eller slet den."),
                    places,
                )
            else:
                own[key] = part

    def parsed(self, text: str, file: str) -> tuple[dict[str, Any], Places]:
        """Tables and places of one file; ({}, {}) and a problem where it is not TOML."""
        positions = scan(text)
        places = {path: (file, line) for path, line in positions.lines.items()}
        if positions.too_deep:
            self.unreadable = True
            wrong, right = _("Navnet har for mange led."), _("Giv det, der står inderst, sin egen overskrift.")
            self.problems.append(Problem(file, positions.too_deep, "", wrong, right))
            return {}, {}
        try:
            return tomllib.loads(text), places
        except (ValueError, RecursionError) as error:  # not TOML, a number of thousands of digits, a thousand brackets
            self.unreadable = True
            paths = {again.path for again in positions.repeated}
            for again in positions.repeated:
                if again.path[:-1] in paths:  # a table given twice repeats its keys too; once is enough
                    continue
                first = _('"{key}" står allerede i linje {line}.').format(
                    key=dotted(again.path[-1:]), line=again.first_line
                )
                right = _("Giv den ene en anden nøgle, eller slet den.")
                self.problems.append(Problem(file, again.line, dotted(again.path), first, right))
            if not positions.repeated:
                self.problems.append(syntax_problem(error, text, file))
            return {}, {}

    def add(self, path: Path, wrong: str, right: str, places: Places | None = None) -> None:
        file, line = place_of(path, self.places if places is None else places, self.name)
        self.problems.append(Problem(file, line, dotted(path), wrong, right))

    def problem(self, finding: Finding) -> Problem:
        file, line = place_of(finding.path, self.places, self.name)
        return Problem(file, line, dotted(finding.path), finding.wrong, finding.right, finding.severity)


def _is_there(path: FilePath) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than any file has
        return False


def _decoded(path: FilePath) -> str:
    if path.exists() and not path.is_file() and not path.is_dir():  # a pipe nobody writes to would be read for ever
        wrong = _("Det er ikke en fil, men et rør eller en enhed.")
        raise ModelInvalid([Problem(str(path), 1, "", wrong, _("Gem modellen i en fil, og skriv dens navn."))])
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        wrong = _("Filen er ikke gemt som UTF-8.")
        right = _("Gem den igen, og vælg UTF-8 som tegnsæt.")
        raise ModelInvalid([Problem(str(path), line, "", wrong, right)]) from error


@lru_cache(maxsize=8)
def _include_names(text: str) -> tuple[str, ...]:
    if scan(text).too_deep:
        return ()
    try:
        names = tomllib.loads(text).get("include", [])
    except (ValueError, RecursionError):
        return ()
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()


def _is_beside(name: str) -> bool:
    """Only a plain file name: a model never reads what lies outside its own folder."""
    return bool(re.fullmatch(r"[\w][\w.-]*\.toml", name))
