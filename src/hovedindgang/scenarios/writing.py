"""Inputs as the document that `planning.service.reading` reads: each number with the key of its source."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from hovedindgang.planning.service.competences import LEVELS, CompetenceMatrix
from hovedindgang.planning.service.inputs import Figure, Inputs, Outing, Team, Wave

_BARE = re.compile(r"^[A-Za-z0-9_-]+$")
_ROWS = {Wave: "wave", Team: "team", Outing: "outing"}  # what stands in a list of tables, and its word


def as_document(inputs: Inputs, *, heading: str = "") -> str:
    """The text; read again it gives the same inputs. Changes (`demand.moves`, `demand.grown`) are no part of it."""
    sources = _Sources()
    body = [*_tables("demand", inputs.demand, sources)]
    for name in ("behaviour", "work", "staff"):
        body += _tables(name, getattr(inputs, name), sources)
    for name in ("appointments", "assisted"):
        if getattr(inputs, name) is not None:
            body += _tables(name, getattr(inputs, name), sources)
    body += _mapping("places.fixed_kr", inputs.places.fixed_kr, sources)
    head = [f"# {line}" for line in heading.splitlines()] + ([""] if heading else [])
    head += [f"title = {_text(inputs.title)}", f"first_day = {inputs.first_day.isoformat()}", f"days = {inputs.days}"]
    if inputs.warm_up and inputs.warm_up.chosen == "asked":
        head.append(f"warm_up_weeks = {inputs.warm_up.days // 7}")
    if inputs.phones_at:
        head.append(f"phones_at = {_text(inputs.phones_at)}")
    return "\n".join([*head, "", "[sources]", *sources.lines(), "", *body]) + "\n"


class _Sources:
    """A key for each pair of kind and reference, in the order they are met."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str, str], str] = {}

    def key(self, figure: Figure) -> str:
        said = (figure.kind.value, figure.reference, figure.reference_en)
        if said not in self._keys:
            number = sum(1 for kind, *_reference in self._keys if kind == said[0]) + 1
            self._keys[said] = f"{said[0]}-{number}"
        return self._keys[said]

    def lines(self) -> Iterator[str]:
        for (kind, reference, english), key in self._keys.items():
            in_english = f", reference_en = {_text(english)}" if english else ""
            yield f"{key} = {{ kind = {_text(kind)}, reference = {_text(reference)}{in_english} }}"


def _tables(place: str, record: Any, sources: _Sources) -> Iterator[str]:
    """A record's own lines, then its tables of figures, then its lists."""
    plain, tables, rows = [], [], []
    competences: list[str] = []
    for one in fields(record):
        value = getattr(record, one.name)
        if one.name in {"moves", "grown"} or _is_usual(one, value):
            continue
        if isinstance(value, CompetenceMatrix):
            competences = [*_competence(f"{place}.{one.name}", value, sources)]
            continue
        if isinstance(value, Mapping):
            tables.append((f"{place}.{one.name}", value))
        elif isinstance(value, tuple) and value and type(value[0]) in _ROWS:
            rows += [(f"{place}.{_ROWS[type(row)]}", row) for row in value]
        else:
            plain.append(f"{one.name} = {_value(value, sources)}")
    yield f"[{place}]"
    yield from plain
    yield ""
    for name, table in tables:
        yield from _mapping(name, table, sources)
    yield from competences
    for name, row in rows:
        yield f"[[{name}]]"
        for one in fields(row):
            value = getattr(row, one.name)
            if not _is_usual(one, value):
                yield f"{one.name} = {_value(value, sources)}"
        yield ""


def _competence(place: str, competence: CompetenceMatrix, sources: _Sources) -> Iterator[str]:
    """Each employee's services by level; what a change promised of them is no part of it."""
    yield f"[{place}]"
    source = Figure(0.0, competence.kind, competence.reference, reference_en=competence.reference_en)
    yield f"source = {_text(sources.key(source))}"
    if competence.otherwise:
        yield f"otherwise = {_text(competence.otherwise)}"
    for employee, levels in competence.levels.items():
        yield f"[{place}.employees.{_key(employee)}]"
        for level in LEVELS:
            if services := sorted(service for service, one in levels.items() if one == level):
                yield f"{level} = {_value(services, sources)}"
    yield ""


def _is_usual(one: Any, value: Any) -> bool:
    if one.default is not MISSING:
        return bool(value == one.default)
    return one.default_factory is not MISSING and value == one.default_factory()


def _mapping(name: str, table: Mapping[Any, Any], sources: _Sources) -> Iterator[str]:
    if table and is_dataclass(next(iter(table.values()))) and not isinstance(next(iter(table.values())), Figure):
        for key, record in table.items():
            yield f"[{name}.{_key(key)}]"
            for one in fields(record):
                yield f"{one.name} = {_value(getattr(record, one.name), sources)}"
            yield ""
        return
    yield f"[{name}]"
    for key, value in table.items():
        yield f"{_key(key)} = {_value(value, sources)}"
    yield ""


def _key(key: Any) -> str:
    word = getattr(key, "value", key)
    return word if _BARE.match(word) else _text(word)


def _value(value: Any, sources: _Sources) -> str:
    if isinstance(value, Figure):
        range_ = "".join(
            f", {name} = {_number(bound)}"
            for name, bound in (("low", value.low), ("high", value.high))
            if bound is not None
        )
        return f"{{ value = {_number(value.value)}{range_}, source = {_text(sources.key(value))} }}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(_value(one, sources) for one in value)}]"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    return _text(str(getattr(value, "value", value)))


def _number(value: float) -> str:
    return repr(value)


def _text(text: str) -> str:
    """A basic string: what JSON escapes, TOML reads; and DEL, which it forbids."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
