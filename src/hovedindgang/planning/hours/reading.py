"""A question of opening hours from TOML: the model in force, citizens' times of need, costs, a change, a choice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hovedindgang.planning.hours.document import Choice, Group, Hours, Question, Spans, Supplement
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.tables import WEEKDAYS, Table, clock, read_toml
from hovedindgang.servicemodel.document import Channel, ServiceModel
from hovedindgang.servicemodel.loading import load
from hovedindgang.servicemodel.problems import ModelInvalid
from hovedindgang.servicemodel.wording import full_name_of


def read_question(file: Path) -> Question:
    """The question in `file`. Raises CannotPlan, naming the place."""
    top = read_toml(file)
    model = _model(file.parent / top.take("model", str))
    channel = Channel(top.one_of("channel", tuple(c.value for c in Channel), Channel.IN_PERSON.value))
    step = top.whole("step_minutes", 60, least=15, most=240)
    centres = {key: full_name_of(centre) for key, centre in model.centres.items() if channel in centre.hours}
    said = top.words("centres", tuple(centres))
    unknown = [key for key in said if key not in centres]
    if unknown or not said:
        raise top.wrong("centres", _("er {value}").format(value=unknown[:1]), ", ".join(centres))
    centres = {key: centres[key] for key in said}
    staff = top.table("staff", {})
    question = Question(
        title=top.spoken("title", file.stem),
        step_minutes=step,
        centres=centres,
        hours=hours_in_force(model, channel, tuple(centres)),
        groups=tuple(_group(key, table, tuple(centres), step) for key, table in top.named("groups")),
        staff={key: staff.whole(key, 1, least=1, most=500) for key in centres},
        hour_kr=top.number("hour_kr"),
        supplements=tuple(_supplement(table) for table in top.tables("supplements")),
        changed=None,
        choice=_choice(top.table("choose"), step) if "choose" in top else None,
        sources={key: str(value) for key, value in top.take("sources", dict, {}).items()},
    )
    staff.done()
    changed = _changed(top, question, channel, file) if "change" in top or "changed_model" in top else None
    top.done()
    if not question.groups:
        raise top.wrong("groups", _("mangler"), "[groups.KEY] name, people, need, source")
    if changed is None and question.choice is None:
        raise top.wrong("change", _("mangler"), _("Skriv en ændring ([change.CENTER]) eller et valg ([choose])."))
    return Question(
        question.title,
        step,
        centres,
        question.hours,
        question.groups,
        question.staff,
        question.hour_kr,
        question.supplements,
        changed,
        question.choice,
        question.sources,
    )


def hours_in_force(model: ServiceModel, channel: Channel, centres: tuple[str, ...]) -> Hours:
    """An ordinary week by the model; holidays and closing days are no part of it."""
    return {
        key: {
            day: tuple(
                sorted((p.opens.hour * 60 + p.opens.minute, p.closes.hour * 60 + p.closes.minute) for p in periods)
            )
            for day, periods in model.centres[key].hours.get(channel, {}).items()
        }
        for key in centres
    }


def _model(path: Path) -> ServiceModel:
    try:
        return load(path)
    except (OSError, ValueError, ModelInvalid) as problem:  # a path with a zero byte is a ValueError
        wrong = _("Servicemodellen {file} kan ikke bruges.").format(file=path)
        raise CannotPlan(
            wrong, cure=_("Prøv: hovedindgang model check {file}").format(file=path), where=(str(problem),)
        ) from None


def _changed(top: Table, question: Question, channel: Channel, file: Path) -> Hours:
    """The hours as they would be: of another model, or those in force with the days that `change` names."""
    if "changed_model" in top:
        return hours_in_force(_model(file.parent / top.take("changed_model", str)), channel, tuple(question.centres))
    hours = {centre: dict(week) for centre, week in question.hours.items()}
    for centre, table in top.named("change"):
        if centre not in hours:
            raise top.wrong(f"change.{centre}", _("kendes ikke"), ", ".join(hours))
        for day in list(table.data):
            if day not in WEEKDAYS:
                raise table.wrong(day, _("kendes ikke"), ", ".join(WEEKDAYS))
            hours[centre][WEEKDAYS.index(day)] = _spans(table, day)
    return hours


def _spans(table: Table, key: str) -> Spans:
    """["10:00-15:00"]; an empty list is closed."""
    found: list[tuple[int, int]] = []
    for text in table.words(key):
        first, dash, last = text.partition("-")
        start, end = clock(first.strip(), table, key), clock(last.strip(), table, key) if dash else -1
        if start >= end or (found and start < found[-1][1]):
            raise table.wrong(key, _("er {value}").format(value=text), '["10:00-15:00"]')
        found.append((start, end))
    return tuple(found)


def _group(key: str, table: Table, centres: tuple[str, ...], step: int) -> Group:
    people = table.table("people")
    by_centre = {centre: people.number(centre, 0.0) for centre in centres}
    people.done()
    need: dict[tuple[int, int], float] = {}
    for row in table.tables("need"):
        weekdays, start, end = row.weekdays("weekdays"), row.minute("from"), row.minute("to")
        weight = row.number("weight")
        row.done()
        if start >= end or start % step or end % step:
            raise row.wrong("from", _("passer ikke med step_minutes"), _("Begynd og slut på hele trin."))
        for day in weekdays:
            for minute in range(start, end, step):
                need[day, minute] = need.get((day, minute), 0.0) + weight
    total = sum(need.values())
    if total <= 0:
        raise table.wrong("need", _("mangler"), "need = [{ weekdays = […], from = …, to = …, weight = … }]")
    name, source = table.spoken("name", key), table.take("source", str)
    table.done()
    return Group(key, name, by_centre, _shares(need, total), source)


def _shares(need: Mapping[tuple[int, int], float], total: float) -> dict[tuple[int, int], float]:
    return {when: weight / total for when, weight in need.items() if weight}


def _supplement(table: Table) -> Supplement:
    found = Supplement(
        table.weekdays("weekdays", range(7)),
        table.minute("from", 0),
        table.minute("to", 1440),
        table.number("percent", most=300),
        table.take("source", str),
    )
    table.done()
    return found


def _choice(table: Table, step: int) -> Choice:
    found = Choice(
        budget_kr=table.number("budget_kr"),
        weekdays=table.weekdays("weekdays"),
        earliest=table.minute("earliest", 8 * 60),
        latest=table.minute("latest", 18 * 60),
        shortest_minutes=round(60 * table.number("shortest_hours", 2.0, most=24)),
        longest_minutes=round(60 * table.number("longest_hours", 12.0, most=24)),
        fairness=table.number("fairness", 0.0, most=1),
        least_days=table.whole("least_days", 0, most=7),
        least_late_days=table.whole("least_late_days", 0, most=7),
        late_until=table.minute("late_until", 17 * 60),
        same_hours=table.take("same_hours", bool, False),
    )
    if found.earliest % step or found.latest % step or found.earliest >= found.latest:
        raise table.wrong("earliest", _("passer ikke med step_minutes"), _("Begynd og slut på hele trin."))
    table.done()
    return found
