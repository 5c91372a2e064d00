"""From the tables that tomllib gives to the dataclasses of `document`, finding all that is wrong on the way.

The type hints of `document` are the grammar: a field's hint says what may stand under its key. What
cannot be read is found, and a stand-in takes its place, so that one mistake does not hide the next.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import re
import types
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from hovedindgang.servicemodel.document import Channel, Period, ServiceModel, Sourced
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.positions import Path
from hovedindgang.servicemodel.problems import UNSEEN, Finding, dotted
from hovedindgang.servicemodel.saying import LONGEST_KEY, as_key, choose, not_a, shown, words_of, write_as

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KEY = re.compile(r"[a-z0-9][a-z0-9_-]*")
LONGEST_NAME = 200
LONGEST_TEXT = 10_000
LARGEST_NUMBER = 10**12
_PERIOD = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")
_PERIOD_ALIKE = re.compile(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?\s*[-–]\s*([0-9]{1,2})(?:[:.]?([0-9]{2}))?")
_STAND_INS: dict[type, object] = {
    str: "",
    int: 0,
    float: 0.0,
    bool: False,
    dt.date: dt.date.min,
    dt.time: dt.time.min,
}


@cache
def hints_of(kind: type) -> dict[str, Any]:
    """Field name to type hint of a dataclass of `document`, in the order of the document."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def required_of(kind: type) -> list[str]:
    """Names of the fields that must be given."""
    return [
        field.name
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]


def without_none(hint: Any) -> Any:
    """`X` of `X | None`; any other hint as it is."""
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    return hint


def is_week(hint: Any) -> bool:
    return get_origin(hint) is Mapping and get_args(hint)[0] is int


class Reader:
    """Reads values by their type hint; `findings` fills up while it reads, and `missing` with what has a stand-in."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.missing: set[Path] = set()

    def wrong(self, path: Path, wrong: str, right: str) -> None:
        self.findings.append(Finding(path, wrong, right))

    def value(self, hint: Any, raw: object, path: Path) -> Any:
        hint = without_none(hint)
        origin = get_origin(hint)
        if origin is Sourced:
            return self.sourced(get_args(hint)[0], raw, path)
        if origin is tuple:
            return self.members(get_args(hint)[0], raw, path)
        if is_week(hint):
            return self.week(raw, path)
        if origin is Mapping:
            key_hint, part_hint = get_args(hint)
            return self.mapping(key_hint, part_hint, raw, path)
        if dataclasses.is_dataclass(hint):
            return self.table(hint, raw, path)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return self.one_of(hint, raw, path)
        return self.scalar(hint, raw, path)

    def table(self, kind: Any, raw: object, path: Path, key: str | None = None) -> Any:
        """A dataclass from a table; `key` fills its field `key`, which the table's own name gives."""
        raw = self._as_table(raw, path)
        hints = hints_of(kind)
        given: dict[str, Any] = {} if key is None else {"key": key}
        for name, part in raw.items():
            if name not in hints or name in given:
                self.unknown(name, [n for n in hints if n not in given], (*path, name))
            else:
                given[name] = self.value(hints[name], part, (*path, name))
        for name in required_of(kind):
            if name not in given and raw is not _NOTHING:
                self.missing.add((*path, name))
                self.wrong(path, _('"{name}" mangler.').format(name=name), self._example(name, hints[name], path))
            if name not in given:
                given[name] = self._stand_in(hints[name])
        return kind(**given)

    def mapping(self, key_hint: Any, part_hint: Any, raw: object, path: Path) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        keyed = dataclasses.is_dataclass(part_hint) and "key" in hints_of(part_hint)  # type: ignore[arg-type]
        for name, part in self._as_table(raw, path).items():
            inside = (*path, name)
            if key_hint is Channel:
                if name not in {c.value for c in Channel}:
                    self.unknown(name, [c.value for c in Channel], inside)
                    continue
                found[Channel(name)] = self.value(part_hint, part, inside)
                continue
            self.check_key(name, inside)
            found[name] = self.table(part_hint, part, inside, name) if keyed else self.value(part_hint, part, inside)
        return found

    def check_key(self, name: str, path: Path) -> None:
        if len(name) > LONGEST_KEY:
            wrong = _("Nøglen {key} er for lang.").format(key=shown(name))
            self.wrong(path, wrong, _("Brug højst {number} tegn.").format(number=LONGEST_KEY))
            return
        if not KEY.fullmatch(name):
            wrong = _("Nøglen er tom.") if not name else _("{key} kan ikke være en nøgle.").format(key=shown(name))
            right = _('Brug små bogstaver a-z, tal, - og _, og begynd med et bogstav eller tal, fx "{example}".')
            self.wrong(path, wrong, right.format(example=as_key(name)))

    def members(self, hint: Any, raw: object, path: Path) -> tuple[Any, ...]:
        if isinstance(raw, dict) and dataclasses.is_dataclass(hint):
            right = _("Skriv overskriften med to parenteser: [[{key}]].")
            self.wrong(path, not_a(raw, _("en liste")), right.format(key=dotted(path)))
            return ()
        return tuple(self.value(hint, part, (*path, number)) for number, part in enumerate(self._as_list(raw, path)))

    def sourced(self, hint: Any, raw: object, path: Path) -> Sourced[Any]:
        per_channel = get_origin(hint) is Mapping
        if not isinstance(raw, dict):
            wrong = _("{value} har ingen kilde.").format(value=shown(raw))
            right = _("Skriv værdien med sin kilde: {example}.")
            example = '{ in_person = 12, source = "…" }' if per_channel else f'{{ value = {shown(raw)}, source = "…" }}'
            self.wrong(path, wrong, right.format(example=example))
            return Sourced({} if per_channel else self._stand_in(hint), "")
        numbers = dict(raw)
        source = numbers.pop("source", None)
        if source is None:
            self.wrong(path, _("Tallet har ingen kilde."), _('Tilføj source = "nøgle" til en kilde under [sources].'))
        else:
            source = self.scalar(str, source, (*path, "source"))
        if per_channel:
            return Sourced(self.value(hint, numbers, path), source or "")
        for name in [n for n in numbers if n != "value"]:
            self.unknown(name, ["value", "source"], (*path, name))
        if "value" not in numbers:
            self.wrong(path, _('"{name}" mangler.').format(name="value"), _("Skriv value = og tallet."))
            return Sourced(self._stand_in(hint), source or "")
        return Sourced(self.value(hint, numbers["value"], (*path, "value")), source or "")

    def week(self, raw: object, path: Path) -> dict[int, tuple[Period, ...]]:
        found: dict[int, tuple[Period, ...]] = {}
        for name, periods in self._as_table(raw, path).items():
            if name not in WEEKDAYS:
                self.unknown(name, list(WEEKDAYS), (*path, name))
                continue
            read = (self.period(part, (*path, name, n)) for n, part in enumerate(self._as_list(periods, (*path, name))))
            found[WEEKDAYS.index(name)] = tuple(period for period in read if period)
        return dict(sorted(found.items()))

    def period(self, raw: object, path: Path) -> Period | None:
        match = _PERIOD.fullmatch(raw) if isinstance(raw, str) else None
        if not match:
            meant = _period_meant(raw) if isinstance(raw, str) else None
            right = _("Skriv fra og til med fire cifre: {example}.").format(example=f'"{meant or "10:00-14:00"}"')
            if meant and meant.endswith("23:59"):
                right = _('Døgnet slutter 23:59: skriv "{example}".').format(example=meant)
            self.wrong(path, not_a(raw, _("en åbningstid")), right)
            return None
        hour, minute, until_hour, until_minute = map(int, match.groups())
        return Period(dt.time(hour, minute), dt.time(until_hour, until_minute))

    def one_of(self, kind: type[Enum], raw: object, path: Path) -> Enum:
        allowed = [member.value for member in kind]
        if raw in allowed:
            return kind(raw)
        self.wrong(path, _("{value} kan ikke stå her.").format(value=shown(raw)), choose(allowed, raw))
        return next(iter(kind))

    def scalar(self, hint: type, raw: object, path: Path) -> Any:
        if type(raw) in (int, float) and abs(raw) > LARGEST_NUMBER and abs(raw) != math.inf:  # type: ignore[arg-type]
            self.wrong(path, _("Tallet er for stort."), _("Se efter, om der er for mange cifre."))
            return _STAND_INS[hint]
        if hint is float and type(raw) is int:
            return float(raw)
        if hint is int and type(raw) is float and raw.is_integer():
            wrong = _("{value} er ikke {what}.").format(value=raw, what=_("et helt tal"))
            self.wrong(path, wrong, _("Skriv {value} uden decimaler.").format(value=shown(raw)))
        elif type(raw) is not hint:
            self.wrong(path, not_a(raw, words_of(hint)), write_as(hint, raw))
        elif isinstance(raw, str) and not raw.strip():
            self.wrong(path, _("Teksten er tom."), _("Skriv teksten, eller slet linjen."))
        elif isinstance(raw, str) and UNSEEN.search(raw):
            wrong = _("I teksten står et tegn, der ikke kan ses: {value}.").format(value=shown(raw))
            self.wrong(path, wrong, _("Skriv teksten igen uden det."))
        elif isinstance(raw, str) and len(raw) > _longest(path):
            wrong = _("Teksten er {number} tegn lang.").format(number=len(raw))
            self.wrong(path, wrong, _("Brug højst {number} tegn.").format(number=_longest(path)))
        elif isinstance(raw, float) and raw - raw != 0:
            self.wrong(path, not_a(raw, words_of(hint)), write_as(hint, raw))
        else:
            return raw
        return _STAND_INS[hint]

    def unknown(self, name: str, allowed: list[str], path: Path) -> None:
        right = choose(allowed, name) if allowed else _("Slet linjen.")
        if name in hints_of(ServiceModel) and len(path) > 1:
            right = _("Flyt det til sin egen overskrift: [{key}].").format(key=name)
        self.wrong(path, _("{key} kendes ikke her.").format(key=shown(name)), right)

    def _as_table(self, raw: object, path: Path) -> dict[str, Any]:
        if isinstance(raw, dict):
            return raw
        self.wrong(path, not_a(raw, _("en tabel")), _("Skriv navn = værdi under en overskrift i kantede parenteser."))
        return _NOTHING

    def _as_list(self, raw: object, path: Path) -> list[Any]:
        if isinstance(raw, list):
            return raw
        example = "[...]" if isinstance(raw, dict) else f"[{shown(raw)}]"
        right = _("Skriv en liste i kantede parenteser: {example}.").format(example=example)
        self.wrong(path, not_a(raw, _("en liste")), right)
        return []

    def _example(self, name: str, hint: Any, path: Path) -> str:
        hint = without_none(hint)
        if dataclasses.is_dataclass(hint) and all(isinstance(part, str) for part in path):
            heading = f"[{dotted((*path, name))}]"
            under = ", ".join(f"{field} = …" for field in required_of(hint) if field != "key")  # type: ignore[arg-type]
            if not under:
                return _("Tilføj overskriften {heading}.").format(heading=heading)
            return _("Tilføj overskriften {heading} og under den: {lines}").format(heading=heading, lines=under)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return _("Skriv {name} = et af: {choices}.").format(name=name, choices=", ".join(m.value for m in hint))
        return _("Tilføj linjen {name} = …").format(name=name)

    def _stand_in(self, hint: Any) -> Any:
        """Something of the right type for a value that could not be read; the finding already stands."""
        hint = without_none(hint)
        if hint in _STAND_INS:
            return _STAND_INS[hint]
        if isinstance(hint, type) and issubclass(hint, Enum):
            return next(iter(hint))
        if get_origin(hint) is Sourced:
            return Sourced(self._stand_in(get_args(hint)[0]), "")
        if get_origin(hint) is Mapping:
            return {}
        if get_origin(hint) is tuple:
            return ()
        return self.table(hint, _NOTHING, ())


_NOTHING: dict[str, Any] = {}  # stands for a table that could not be read: nothing is missing in it


def _period_meant(text: str) -> str | None:
    """ "9.00 - 15.00", "9-15" and "10:00-24:00" as a period should be written; None where nothing can be guessed."""
    match = _PERIOD_ALIKE.fullmatch(text.strip())
    if not match:
        return None
    hour, minute, until_hour, until_minute = (int(part or 0) for part in match.groups())
    meant = f"{hour:02}:{minute:02}-{until_hour:02}:{until_minute:02}".replace("-24:00", "-23:59")
    return meant if _PERIOD.fullmatch(meant) else None


def _longest(path: Path) -> int:
    return LONGEST_NAME if path[-1] in ("name", "name_en", "title") else LONGEST_TEXT
