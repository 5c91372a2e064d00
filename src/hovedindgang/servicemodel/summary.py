"""A service model as a text to read: every number with the kind of its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from hovedindgang.servicemodel.checks_hours import channel_name, periods_text, weekday_name
from hovedindgang.servicemodel.document import Channel, Goal, Level, Service, ServiceModel, Sourced, WeekHours
from hovedindgang.servicemodel.labels import field_label, month_name, word_label
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.language import ngettext, speaking
from hovedindgang.servicemodel.walking import fields_of
from hovedindgang.servicemodel.wording import (
    CALENDAR_DAYS,
    agreement_text,
    calendar_text,
    date_text,
    full_name_of,
    name_of,
    spoken,
    value_text,
)


def summary(model: ServiceModel, language: str | None = None) -> str:
    """The model in words, in "da" or "en" (None: the current language), a heading for each part that says something."""
    with speaking(language):
        parts = [
            (_head(model), list(_adoption(model))),
            (_("Værdier, visioner og mål i ord"), list(_statements(model))),
            (_("Centre"), list(_centres(model))),
            (_("Kalender"), list(_calendar(model))),
            (_("Fagforvaltninger og myndigheder"), list(_others(model))),
            (_("Servicemål"), list(_standards(model))),
            (_("Opgaver"), list(_services(model))),
            (_("Opgaveportefølje"), list(_portfolio(model))),
            (_("Kompetencer"), list(_competences(model))),
            (_("Mål"), [_goal(model, goal) for goal in model.goals.values()]),
            (_("Pris pr. henvendelse"), list(_costs(model))),
            (_("Undersøgelser, planer og rapporter"), list(_follow_up(model))),
            (_("Tidsplan"), list(_milestones(model))),
            (_("Beregning"), list(_parameters(model))),
            (_("Tilsyn med opslag"), list(_oversight(model))),
            (_("Tal om medarbejdere"), list(_employee_figures(model))),
            (_("Åbne spørgsmål"), list(_open(model))),
            (_("Kilder"), list(_sources(model))),
        ]
        return "\n\n".join("\n".join([title, "-" * len(title), *lines]) for title, lines in parts if lines) + "\n"


def sourced_text(model: ServiceModel, sourced: Sourced[Any], field: str = "") -> str:
    """A number with the kind of its source: "80 % (vedtaget)"."""
    return f"{value_text(sourced.value, field)}{kind_of_source(model, sourced.source)}"


def kind_of_source(model: ServiceModel, key: str | None) -> str:
    """ " (vedtaget)"; "" where no source is named."""
    source = model.sources.get(key) if key else None
    return f" ({word_label(source.kind.value)})" if source else ""


def _head(model: ServiceModel) -> str:
    return f"{model.municipality.name}: {model.adoption.title}"


def _adoption(model: ServiceModel) -> Iterator[str]:
    yield _("Tilstand: {status}").format(status=word_label(model.adoption.status))
    for name in ("body", "decided_on", "valid_from", "note"):
        value = getattr(model.adoption, name)
        if value is not None:
            yield f"{_sentence(field_label(name))}: {_plain(value)}"
    for name, value in fields_of(model.municipality):
        if value is not None and name not in ("name", "unit_source"):
            said = sourced_text(model, value) if isinstance(value, Sourced) else _plain(value)
            source = model.municipality.unit_source if name in ("borgerservice_name", "one_unit") else None
            yield f"{_sentence(field_label(name))}: {said}{kind_of_source(model, source)}"
    if model.same_hours_as_departments is not None:
        label = _sentence(field_label("same_hours_as_departments"))
        yield f"{label}: {sourced_text(model, model.same_hours_as_departments)}"


def _statements(model: ServiceModel) -> Iterator[str]:
    for statement in model.statements.values():
        yield f"- {full_name_of(statement)}{kind_of_source(model, statement.source)}"


def _centres(model: ServiceModel) -> Iterator[str]:
    for centre in model.centres.values():
        where = ", ".join(part for part in (centre.place.address, centre.place.postcode, centre.place.town) if part)
        yield f"{centre.name} ({word_label(centre.kind.value)}){': ' + where if where else ''}"
        for channel, week in centre.hours.items():
            source = kind_of_source(model, centre.hours_source or centre.source)
            yield f"  {channel_name(channel)}: {_week(week)}{source}"
        if centre.individual_times:
            source = kind_of_source(model, centre.individual_times_source or centre.source)
            yield _("  individuel træffetid kan aftales") + source
        for closing in centre.closing_days:
            yield _("  lukket {day}: {name}").format(day=date_text(closing.on), name=full_name_of(closing))


def _week(week: WeekHours) -> str:
    """Days with the same hours together: "mandag, tirsdag 10:00-14:00; torsdag 10:00-17:00"."""
    alike: dict[str, list[str]] = {}
    for day, periods in sorted(week.items()):
        if periods:
            alike.setdefault(periods_text(periods), []).append(weekday_name(day))
    return "; ".join(f"{', '.join(days)} {periods}" for periods, days in alike.items()) or _("lukket")


def _calendar(model: ServiceModel) -> Iterator[str]:
    for name in CALENDAR_DAYS:
        how = calendar_text(getattr(model.calendar, name))
        yield f"{_sentence(field_label(name))}: {how}{kind_of_source(model, model.calendar.source)}"
    for closing in model.calendar.closing_days:
        yield f"{date_text(closing.on)}: {full_name_of(closing)}{kind_of_source(model, closing.source)}"


def _others(model: ServiceModel) -> Iterator[str]:
    for department in model.departments.values():
        answer = department.answer_working_days
        due = f": {field_label('answer_working_days')} {sourced_text(model, answer)}" if answer else ""
        yield f"{name_of(department)}{due}"
        for channel, week in department.hours.items():
            source = kind_of_source(model, department.hours_source or department.source)
            yield f"  {channel_name(channel)}: {_week(week)}{source}"
    for authority in model.authorities.values():
        since = _(" fra {day}").format(day=date_text(authority.valid_from)) if authority.valid_from else ""
        until = _(" til {day}").format(day=date_text(authority.valid_to)) if authority.valid_to else ""
        dated = since + until + kind_of_source(model, authority.dates_source) if since or until else ""
        about = spoken(authority, "about")
        yield f"{name_of(authority)}{dated}{': ' + about if about else ''}"


def _standards(model: ServiceModel) -> Iterator[str]:
    for standard in model.service_standards.values():
        numbers = [
            sourced_text(model, value, standard.measure or "" if name == "within" else name)
            for name, value in (("target_percent", standard.target_percent), ("within", standard.within))
            if value is not None
        ]
        yield f"{full_name_of(standard)}{': ' + ', '.join(numbers) if numbers else ''}"


def _services(model: ServiceModel) -> Iterator[str]:
    for level in Level:
        alike = [service for service in model.services.values() if service.level is level]
        if alike:
            count = ngettext("{number} opgave", "{number} opgaver", len(alike)).format(number=len(alike))
            yield f"{_sentence(word_label(level.value))}: {count}"
            yield from (f"  {_service(model, service)}" for service in alike)


def _service(model: ServiceModel, service: Service) -> str:
    parts = [service.kle] if service.kle else []
    if service.handle_minutes:
        parts.append(sourced_text(model, service.handle_minutes, "handle_minutes"))
    if service.deadline_working_days:
        parts.append(sourced_text(model, service.deadline_working_days, "deadline_working_days"))
    if service.retention:
        kept = sourced_text(model, service.retention.days, "days")
        parts.append(_("opbevares {days}: {ground}").format(days=kept, ground=spoken(service.retention, "ground")))
        if service.retention.archive:
            parts.append(field_label("archive"))
    if service.sensitivity:
        parts.append(sourced_text(model, service.sensitivity))
    if service.right:
        parts.append(word_label(service.right.value))
    if service.personal_appearance:
        parts.append(field_label("personal_appearance"))
    if service.others_who_help:
        known = {**model.departments, **model.authorities}
        helpers = [name_of(known[key]) if key in known else key for key in service.others_who_help]
        parts.append(f"{field_label('others_who_help')}: {', '.join(helpers)}")
    if service.valid_to:
        ended = _("til {day}").format(day=date_text(service.valid_to))
        parts.append(ended + kind_of_source(model, service.dates_source or service.source))
    return f"{name_of(service)}{': ' + '; '.join(parts) if parts else ''}"


def _portfolio(model: ServiceModel) -> Iterator[str]:
    for entry in model.portfolio:
        centres = ", ".join(model.centres[key].name for key in entry.centres)
        count = ngettext("{number} opgave", "{number} opgaver", len(entry.services)).format(number=len(entry.services))
        since = _(" fra {day}").format(day=date_text(entry.valid_from)) if entry.valid_from else ""
        until = _(" til {day}").format(day=date_text(entry.valid_to)) if entry.valid_to else ""
        level = word_label(entry.level.value)
        yield f"{centres}: {level}: {count}{since}{until}{kind_of_source(model, entry.source)}"


def _competences(model: ServiceModel) -> Iterator[str]:
    for required in model.competences.values():
        share = sourced_text(model, required.share_percent, "share_percent")
        yield f"{spoken(required, 'text') or required.scope}: {share}{_by(required.by)}"


def _goal(model: ServiceModel, goal: Goal) -> str:
    number = sourced_text(model, goal.target_percent, "target_percent") if goal.target_percent else _("intet tal")
    return f"{full_name_of(goal)} ({word_label(goal.indicator)}): {number}{_by(goal.by)}"


def _by(day: dt.date | None) -> str:
    return _(", senest {day}").format(day=date_text(day)) if day else ""


def _costs(model: ServiceModel) -> Iterator[str]:
    costs: Mapping[Channel, Sourced[float]] = model.costs_kr
    for channel, cost in costs.items():
        yield f"{_sentence(channel_name(channel))}: {sourced_text(model, cost, 'costs_kr')}"


def _follow_up(model: ServiceModel) -> Iterator[str]:
    for survey in model.surveys.values():
        when = _(" hvert år i {month}").format(month=month_name(survey.month)) if survey.month else ""
        years = ", ".join(str(year) for year in survey.reservation_years)
        doubt = _("; forbehold for {years}").format(years=years) if years else ""
        yield f"{full_name_of(survey)}{when}{doubt}{kind_of_source(model, survey.source)}"
    for reporting in model.reporting.values():
        yield f"{full_name_of(reporting)}{kind_of_source(model, reporting.source)}"


def _milestones(model: ServiceModel) -> Iterator[str]:
    for milestone in model.milestones.values():
        day = milestone.by
        when = ""
        if day is not None:
            exact = {"year": str(day.year), "month": f"{month_name(day.month)} {day.year}"}
            when = exact.get(milestone.precision, date_text(day)) + ": "
        yield f"{when}{full_name_of(milestone)}{kind_of_source(model, milestone.source)}"


def _parameters(model: ServiceModel) -> Iterator[str]:
    for name, value in fields_of(model.parameters):
        if isinstance(value, Sourced):
            number = value_text(value.value, name if name.endswith("_percent") else "")
            yield f"{_sentence(field_label(name))}: {number}{kind_of_source(model, value.source)}"
        elif value is not None:
            yield f"{_sentence(field_label(name))}: {word_label(str(value))}"


def _oversight(model: ServiceModel) -> Iterator[str]:
    for name, value in fields_of(model.oversight):
        if isinstance(value, Sourced):
            yield f"{_sentence(field_label(name))}: {sourced_text(model, value)}"


def _employee_figures(model: ServiceModel) -> Iterator[str]:
    for agreement in model.employee_figures.values():
        yield f"- {spoken(agreement, 'purpose')}: {agreement_text(agreement)}{kind_of_source(model, agreement.source)}"


def _open(model: ServiceModel) -> Iterator[str]:
    for question in model.open:
        used = spoken(question, "used_meanwhile")
        meanwhile = _(" Imens bruges: {what}.").format(what=used) if used else ""
        yield f"- {full_name_of(question)}{meanwhile}"


def _sources(model: ServiceModel) -> Iterator[str]:
    """Sources of one paper together: each sentence of it is a source of its own."""
    alike: dict[str, list[str]] = {}
    for source in model.sources.values():
        period = f", {source.period}" if source.period else ""
        said = f" ({word_label(source.kind.value)}{period}): {spoken(source, 'reference')}"
        alike.setdefault(said, []).append(source.sentence or source.key)
    for said, names in alike.items():
        named = ", ".join(names) if len(names) <= 3 else f"{names[0]}, {names[1]} … {names[-1]} ({len(names)})"
        yield f"{named}{said}"


def _plain(value: object) -> str:
    return value if isinstance(value, str) else value_text(value)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
