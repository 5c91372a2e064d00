"""What changed between two service models, in words; nothing that changes is silent."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hovedindgang.servicemodel.differences_hours import hours_differences
from hovedindgang.servicemodel.differences_portfolio import portfolio_differences
from hovedindgang.servicemodel.differences_sources import SourceChange
from hovedindgang.servicemodel.document import Goal, Service, ServiceModel, Source, Sourced
from hovedindgang.servicemodel.labels import field_label, is_word, word_label
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.language import speaking
from hovedindgang.servicemodel.positions import Path
from hovedindgang.servicemodel.problems import dotted
from hovedindgang.servicemodel.walking import SOURCE_FIELDS, fields_of, step
from hovedindgang.servicemodel.wording import LONGEST, date_text, name_of, value_text

Told = tuple[Path, str, str | SourceChange]  # path, kind, text

_SOURCED = {
    "hours_source": "hours",
    "individual_times_source": "individual_times",
    "unit_source": "one_unit",
    "dates_source": "valid_from",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """`key` is the dotted place in the model, `kind` "added", "removed" or "changed", `text` one sentence."""

    key: str
    kind: str
    text: str


def differences(old: ServiceModel, new: ServiceModel, *, language: str | None = None) -> list[Difference]:
    """Everything in which `new` differs from `old`, in the order of the document; [] for equal models.

    `language` is "da" or "en"; None is the current one.
    """
    with speaking(language):
        told = _model(old, new)
        return [Difference(dotted(p), kind, t if isinstance(t, str) else t.text(old, new)) for p, kind, t in told]


def _model(old: ServiceModel, new: ServiceModel) -> Iterator[Told]:
    for name, before in fields_of(old):
        after = getattr(new, name)
        if before == after:
            continue
        if name == "portfolio":
            yield from portfolio_differences(old, new)
        elif name == "services":
            yield from _services(old, new)
        elif name == "costs_kr":
            yield from _values((name,), _("Pris pr. henvendelse"), name, before, after)
        else:
            yield from _values((name,), _title(name), name, before, after)


def _title(name: str) -> str:
    label = field_label(name)
    return label[0].upper() + label[1:]


def _values(path: Path, about: str, field: str, old: object, new: object) -> Iterator[Told]:
    """Differences of any two unequal values; `about` is what the sentence is about."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mappings(path, about, field, old, new)
    elif isinstance(old, tuple) and isinstance(new, tuple):
        yield from _members(path, about, field, old, new)
    elif isinstance(old, Sourced) and isinstance(new, Sourced):
        yield from _sourced(path, about, field, old, new)
    elif _is_thing(old) and type(old) is type(new):
        yield from _things(path, about, old, new)
    else:
        yield path, "changed", f"{about}: {_from_to(old, new, field)}"


def _is_thing(value: object) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def _things(path: Path, about: str, old: object, new: object) -> Iterator[Told]:
    for name, before in fields_of(old):
        after = getattr(new, name)
        if before == after:
            continue
        inside = (*path, name)
        if name == "hours":
            yield from hours_differences(inside, about, before, after)  # type: ignore[arg-type]
        elif name in SOURCE_FIELDS and not isinstance(new, Source):
            said = about if name == "source" else f"{about}: {field_label(_SOURCED[name])}"
            yield inside, "changed", SourceChange(said, (before,), (after,))  # type: ignore[arg-type]
        elif isinstance(new, Goal) and name == "target_percent":
            yield from _goal_target(inside, new, before, after)
        elif _is_thing(before) and type(before) is type(after) and not isinstance(before, Sourced):
            yield from _things(inside, f"{about}: {field_label(name)}", before, after)
        else:
            yield from _values(inside, f"{about}: {field_label(name)}", name, before, after)


def _goal_target(path: Path, goal: Goal, old: object, new: object) -> Iterator[Told]:
    """The number and what it rests on are told apart: 80 % that was assumed and is now adopted is another goal."""
    if not (isinstance(old, Sourced) and isinstance(new, Sourced)):
        yield path, "changed", _goal_text(goal, old, new)
        return
    if old.value != new.value:
        yield path, "changed", _goal_text(goal, old, new)
    if old.source != new.source:
        about = f"{name_of(goal)}: {field_label('target_percent')}"
        yield (*path, "source"), "changed", SourceChange(about, (old.source,), (new.source,))


def _goal_text(goal: Goal, old: object, new: object) -> str:
    called = word_label(goal.indicator) if is_word(goal.indicator) else name_of(goal)
    return _("Mål, {goal}: {change}").format(goal=called, change=_from_to(old, new, "target_percent"))


def _sourced(path: Path, about: str, field: str, old: Sourced[object], new: Sourced[object]) -> Iterator[Told]:
    if old.value != new.value:
        yield from _values(path, about, field, old.value, new.value)
    if old.source != new.source:
        yield (*path, "source"), "changed", SourceChange(about, (old.source,), (new.source,))


def _mappings(
    path: Path, about: str, field: str, old: Mapping[object, object], new: Mapping[object, object]
) -> Iterator[Told]:
    for key in [*old, *(key for key in new if key not in old)]:
        inside = (*path, step(key))
        if key not in new:
            yield inside, "removed", _("{about}: {what} udgår").format(about=about, what=_called(key, old[key], field))
        elif key not in old:
            yield (
                inside,
                "added",
                _("{about}: {what} kommer til").format(about=about, what=_called(key, new[key], field)),
            )
        elif old[key] != new[key]:
            before = old[key]
            named = _is_thing(before) and not isinstance(before, Sourced)
            called = name_of(before) if named else f"{about}, {value_text(key)}"
            yield from _values(inside, called, field, before, new[key])


def _called(key: object, value: object, field: str) -> str:
    if _is_thing(value) and not isinstance(value, Sourced):
        return name_of(value)
    return f"{value_text(key)} ({value_text(value, field)})"


def _members(path: Path, about: str, field: str, old: tuple[object, ...], new: tuple[object, ...]) -> Iterator[Told]:
    """Lists: what comes, what goes, or only another order or number of the same."""
    gone = [part for part in old if part not in new]
    come = [part for part in new if part not in old]
    if gone:
        text = _("{about}: {what} udgår").format(about=about, what=value_text(tuple(gone), field))
        yield path, "removed", text
    if come:
        text = _("{about}: {what} kommer til").format(about=about, what=value_text(tuple(come), field))
        yield path, "added", text
    if not gone and not come:
        yield path, "changed", _("{about}: rækkefølgen er en anden").format(about=about)


def _services(old: ServiceModel, new: ServiceModel) -> Iterator[Told]:
    for key in [*old.services, *(key for key in new.services if key not in old.services)]:
        path: Path = ("services", key)
        before, after = old.services.get(key), new.services.get(key)
        if before is None and after is not None:
            since = _(" fra {day}").format(day=date_text(after.valid_from)) if after.valid_from else ""
            yield path, "added", _("Ny opgave: {name}{since}").format(name=name_of(after), since=since)
        elif after is None and before is not None:
            yield path, "removed", _("Opgaven {name} udgår af modellen").format(name=name_of(before))
        elif before is not None and after is not None and before != after:
            yield from _service(path, before, after, new)


def _service(path: Path, old: Service, new: Service, model: ServiceModel) -> Iterator[Told]:
    """An end, a successor and a handover are said in their own words; all else as everywhere."""
    when = _(" fra {day}").format(day=date_text(new.valid_to)) if new.valid_to else ""
    told: dict[str, str | SourceChange] = {}
    if new.handed_to != old.handed_to and new.handed_to is not None:
        authority = model.authorities.get(new.handed_to)
        told["handed_to"] = _("{name} overgår til {authority}{when}").format(
            name=name_of(new), authority=name_of(authority) if authority else new.handed_to, when=when
        )
    if new.successor != old.successor and new.successor is not None:
        successor = model.services.get(new.successor)
        told["successor"] = _("{name} afløses af {successor}{when}").format(
            name=name_of(new), successor=name_of(successor) if successor else new.successor, when=when
        )
    if new.valid_to != old.valid_to and old.valid_to is None:
        told["valid_to"] = _("{name} ophører{when}").format(name=name_of(new), when=when)
    for place, kind, text in _things(path, name_of(old), old, new):
        field = str(place[2])
        yield place, kind, told.get(field, text)


def _from_to(old: object, new: object, field: str) -> str:
    before, after = value_text(old, field), value_text(new, field)
    if before == after and isinstance(old, str) and isinstance(new, str):
        before, after = _around_change(old, new)
    if before == after:  # the same in words, as "closed" and "lukket" could be
        before, after = repr(old), repr(new)
    return f"{before} → {after}"


def _around_change(old: str, new: str) -> tuple[str, str]:
    """Two long texts from just before where they first differ."""
    at = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, at - 20)
    return tuple(f'"…{text[start : start + LONGEST]}"' for text in (old, new))  # type: ignore[return-value]
