"""A training question from TOML, with goals and services of an adopted policy where the file names its model."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

from hovedindgang.planning.courses.document import Centre, Course, Goal, Learner, Training
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.tables import Table, read_toml
from hovedindgang.servicemodel.document import Level, ServiceModel
from hovedindgang.servicemodel.loading import load
from hovedindgang.servicemodel.problems import ModelInvalid


def read_training(file: Path) -> Training:
    """The question in `file`. Raises CannotPlan, naming the place."""
    top = read_toml(file)
    starts_on = top.date("starts_on")
    if starts_on.weekday() != 0:
        raise top.wrong("starts_on", _("er ikke en mandag"), _("Planen regnes i uger fra en mandag."))
    through = top.date("through")
    weeks = -(-((through - starts_on).days + 1) // 7)
    if not 1 <= weeks <= 400:
        raise top.wrong(
            "through", _("er {value}").format(value=through), _("Skriv en dag efter starts_on, højst 7 år.")
        )
    model = _model(top, file)
    services = top.words("services", ()) or (() if model is None else carried(model, starts_on))
    if not services:
        raise top.wrong("services", _("mangler"), _("Skriv opgaverne, eller en servicemodel: model = …"))
    goals = tuple(_goal(key, table) for key, table in top.named("goals"))
    if not goals and model is not None:
        goals = adopted_goals(model)
    centres = {key: _centre(key, table) for key, table in top.named("centres")}
    courses = {key: _course(key, table, services, starts_on, weeks) for key, table in top.named("courses")}
    learners = tuple(_learner(key, t, services, tuple(centres), starts_on, weeks) for key, t in top.named("employees"))
    in_plan = top.table("in_plan", {})
    training = Training(
        title=top.spoken("title", file.stem),
        starts_on=starts_on,
        weeks=weeks,
        services=tuple(services),
        goals=goals,
        courses=courses,
        learners=learners,
        centres=centres,
        closed=_weeks(top.tables("closed"), starts_on, weeks),
        day_kr=top.number("day_kr", 0.0),
        delay_kr=top.number("delay_kr", 0.0),
        sources={key: str(value) for key, value in top.take("sources", dict, {}).items()},
        employees_in_plan=_employees_in_plan(in_plan.table("employees", {}), learners),
        services_in_plan=_services_in_plan(in_plan.table("services", {}), services),
    )
    in_plan.done()
    top.done()
    _sensible(top, training)
    return dataclasses.replace(training, goals=tuple(_to_come(training)))


def _to_come(training: Training) -> Iterator[Goal]:
    """The goals whose day is not gone. Raises CannotPlan where one is gone and somebody has not reached it."""
    for goal in training.goals:
        if goal.by >= training.starts_on:
            yield goal
            continue
        wanted = goal.services(len(training.services))
        lacking = [one.name for one in training.learners if len(one.knows & set(training.services)) < wanted]
        if lacking:
            raise CannotPlan(
                _("Dagen for {goal} ({by}) er gået, når planen begynder, og {who} har ikke nået det.").format(
                    goal=goal.key, by=goal.by, who=", ".join(lacking[:8])
                ),
                cure=_("Skriv en senere dag i goals.{goal}.by, eller begynd planen før.").format(goal=goal.key),
                where=(f"goals.{goal.key}.by",),
            )


def carried(model: ServiceModel, on: dt.date) -> tuple[str, ...]:
    """Services that some centre does itself on that day: all but those that citizens are only referred for."""
    there = model.services_on(on)
    return tuple(
        key
        for key in there
        if any(key in entry.services and entry.level is not Level.REFER for entry in model.portfolio)
    )


def adopted_goals(model: ServiceModel) -> tuple[Goal, ...]:
    """The policy's competence requirements that have a date, as goals."""
    return tuple(
        Goal(key, one.share_percent.value, one.by, one.source or "")
        for key, one in model.competences.items()
        if one.by is not None and one.level == "generalist"
    )


def _model(top: Table, file: Path) -> ServiceModel | None:
    if "model" not in top:
        return None
    path = file.parent / top.take("model", str)
    try:
        return load(path)
    except (OSError, ValueError, ModelInvalid) as problem:  # a path with a zero byte is a ValueError
        wrong = _("Servicemodellen {file} kan ikke bruges.").format(file=path)
        raise CannotPlan(
            wrong, cure=_("Prøv: hovedindgang model check {file}").format(file=path), where=(str(problem),)
        ) from None


def _sensible(top: Table, training: Training) -> None:
    for key, found in (("goals", training.goals), ("courses", training.courses), ("employees", training.learners)):
        if not found:
            raise top.wrong(key, _("mangler"), f"[{key}.KEY]")
    taught: set[str] = set().union(*(course.teaches for course in training.courses.values()))
    for learner in training.learners:
        can = len((taught | learner.knows) & set(training.services))
        for goal in training.goals:
            if can < goal.services(len(training.services)):
                lacking = sorted(set(training.services) - taught - learner.knows)
                raise CannotPlan(
                    _("{who} kan aldrig nå {goal}: intet kursus lærer hende det, hun mangler.").format(
                        who=learner.name, goal=goal.key
                    ),
                    cure=_("Skriv et kursus, der lærer: {services}.").format(services=", ".join(lacking[:8])),
                    where=(f"employees.{learner.key}",),
                )
    for course in training.courses.values():
        for key in course.after:
            if key not in training.courses:
                raise top.wrong(
                    f"courses.{course.key}.after", _("er {value}").format(value=key), ", ".join(training.courses)
                )


def _goal(key: str, table: Table) -> Goal:
    found = Goal(key, table.number("share_percent", most=100), table.date("by"), table.take("source", str, ""))
    table.done()
    return found


def _centre(key: str, table: Table) -> Centre:
    found = Centre(
        key,
        table.spoken("name", key.capitalize()),
        table.whole("most_absent", 1, most=1000),
        table.whole("least_competent", 1, most=1000),
    )
    table.done()
    return found


def _course(key: str, table: Table, services: tuple[str, ...], starts_on: dt.date, weeks: int) -> Course:
    teaches = frozenset(_known_words(table, "teaches", services))
    starts = None
    if "dates" in table:
        dates = table.take("dates", list)
        if not all(type(day) is dt.date for day in dates):
            raise table.wrong("dates", _("er {value}").format(value=dates), _("Skriv en liste af datoer."))
        starts = frozenset((day - starts_on).days // 7 for day in dates)
    elif "every_weeks" in table:
        starts = frozenset(range(table.whole("first_week", 0), weeks, table.whole("every_weeks", least=1)))
    found = Course(
        key=key,
        name=table.spoken("name", key),
        teaches=teaches,
        days=table.number("days", most=400),
        weeks=table.whole("weeks", 1, least=1, most=60),
        learning_weeks=table.whole("learning_weeks", 0, most=100),
        capacity=table.whole("capacity", 1, least=1),
        price_kr=table.number("price_kr", 0.0),
        price_each_kr=table.number("price_each_kr", 0.0),
        starts=starts,
        sessions_a_week=table.whole("sessions_a_week", 1, least=1),
        after=table.words("after", ()),
        side_by_side=table.take("side_by_side", bool, False),
    )
    table.done()
    return found


def _employees_in_plan(table: Table, learners: tuple[Learner, ...]) -> dict[str, str]:
    """Learner → employee of a plan of the service, e.g. anna = "aabybro-1"."""
    found = {one.key: table.take(one.key, str) for one in learners if one.key in table}
    table.done()
    return found


def _services_in_plan(table: Table, services: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Service → the services of the plan's model, e.g. pas = ["pas-ansoegning", "pas-udlevering"]."""
    found = {key: table.words(key) for key in services if key in table}
    table.done()
    return found


def _learner(
    key: str, table: Table, services: tuple[str, ...], centres: tuple[str, ...], starts_on: dt.date, weeks: int
) -> Learner:
    found = Learner(
        key,
        table.spoken("name", key.capitalize()),
        table.one_of("centre", centres),
        frozenset(_known_words(table, "knows", services, ())),
        _weeks(table.tables("away"), starts_on, weeks),
    )
    table.done()
    return found


def _known_words(
    table: Table, key: str, services: tuple[str, ...], default: Iterable[str] | None = None
) -> tuple[str, ...]:
    words = table.words(key) if default is None else table.words(key, tuple(default))
    unknown = [word for word in words if word not in services]
    if unknown:
        raise table.wrong(key, _("er {value}").format(value=unknown[0]), _("Skriv opgavens nøgle som i services."))
    return words


def _weeks(tables: list[Table], starts_on: dt.date, weeks: int) -> frozenset[int]:
    """The weeks that periods `from` through `through` touch."""
    found: set[int] = set()
    for table in tables:
        first = table.date("from")
        last = table.date("through", first)
        table.take("reason", str, "")
        table.done()
        found |= set(range((first - starts_on).days // 7, (last - starts_on).days // 7 + 1))
    return frozenset(week for week in found if 0 <= week < weeks)
