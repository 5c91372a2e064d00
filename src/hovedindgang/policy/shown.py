"""A service model as pages show it: sections of facts, each number with where it comes from. No database.

All words come from `servicemodel`'s catalogue and are in the language spoken: call within `speaking`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hovedindgang.servicemodel.checks_hours import channel_name, periods_text, weekday_name
from hovedindgang.servicemodel.document import Authority, Service, ServiceModel, Source, Sourced, SourceKind, WeekHours
from hovedindgang.servicemodel.labels import field_label, month_name, word_label
from hovedindgang.servicemodel.summary import kind_of_source
from hovedindgang.servicemodel.walking import fields_of
from hovedindgang.servicemodel.wording import (
    CALENDAR_DAYS,
    agreement_text,
    calendar_text,
    date_text,
    full_name_of,
    spoken,
    value_text,
)


@dataclass(frozen=True, slots=True)
class SourceShown:
    """The kind of a source, and in words where it stands."""

    kind: SourceKind
    explanation: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is, what the model says, and who says so (None: the model names nobody)."""

    label: str
    value: str
    source: SourceShown | None = None


@dataclass(frozen=True, slots=True)
class Section:
    key: str  # its anchor on the page
    title: str
    facts: list[Fact]


@dataclass(slots=True)
class _Shown:
    model: ServiceModel
    facts: list[Fact] = field(default_factory=list)

    def say(self, label: str, value: str, source: str | None = None) -> None:
        self.facts.append(Fact(_upper(label), value, source_shown(self.model, source)))

    def number(self, label: str, sourced: Sourced[Any] | None, unit_field: str = "") -> None:
        if sourced is not None:
            self.say(label, value_text(sourced.value, unit_field), sourced.source)


def sections(model: ServiceModel) -> list[Section]:
    """The whole model in the order people ask: goals first, then where and when, what, and how it is counted."""
    parts: tuple[tuple[str, str, Callable[[_Shown], None]], ...] = (
        ("maal", _("Mål"), _goals),
        ("centre", _("Centre og åbningstider"), _centres),
        ("servicemaal", _("Hvad borgerne er lovet"), _standards),
        ("opgaver", _("Opgaver"), _services),
        ("portefoelje", _("Hvilke centre gør hvad"), _portfolio),
        ("fagforvaltninger", _("Fagforvaltninger"), _departments),
        ("myndigheder", _("Andre myndigheder"), _authorities),
        ("kompetencer", _("Medarbejdernes kompetencer"), _competences),
        ("priser", _("Pris pr. henvendelse"), _costs),
        ("beregning", _("Sådan tælles der"), _parameters),
        ("tilsyn", _("Tilsyn med opslag om borgere"), _oversight),
        ("medarbejdertal", _("Tal om medarbejdere"), _employee_figures),
        ("opfoelgning", _("Planer, rapporter og undersøgelser"), _follow_up),
        ("ord", _("Værdier og mål i ord"), _statements),
        ("kommune", _("Kommunen"), _municipality),
    )
    made = []
    for key, title, tell in parts:
        shown = _Shown(model)
        tell(shown)
        if shown.facts:
            made.append(Section(key, title, shown.facts))
    return made


def source_shown(model: ServiceModel, key: str | None) -> SourceShown | None:
    source = model.sources.get(key) if key else None
    return SourceShown(source.kind, explanation(source)) if source else None


def explanation(source: Source) -> str:
    """The reference with its sentence, period and note: "Borgerservicepolitik ..., sætning J-052"."""
    said = [spoken(source, "reference") or source.reference]
    if source.sentence:
        said.append(_("sætning {number}").format(number=source.sentence))
    if source.period:
        said.append(_("målt i {period}").format(period=source.period))
    note = spoken(source, "note")
    return ", ".join(said) + (f". {note}" if note else "")


def sources_counted(model: ServiceModel) -> list[tuple[SourceKind, int]]:
    """How many of the model's numbers are adopted, published, measured and assumed."""
    counts = dict.fromkeys(SourceKind, 0)
    for sourced in _numbers(model):
        source = model.sources.get(sourced.source)
        if source:
            counts[source.kind] += 1
    return list(counts.items())


def _numbers(value: object) -> Iterator[Sourced[Any]]:
    if isinstance(value, Sourced):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _numbers(part)
    elif hasattr(value, "items"):
        for part in value.values():  # type: ignore[attr-defined]
            yield from _numbers(part)
    elif hasattr(value, "__dataclass_fields__"):
        for _name, part in fields_of(value):
            yield from _numbers(part)


def _goals(shown: _Shown) -> None:
    for goal in shown.model.goals.values():
        target = value_text(goal.target_percent.value, "target_percent") if goal.target_percent else _("intet tal")
        said = [target, _by(goal.by)]
        if goal.reading:
            said.append(word_label(goal.reading.value))
        source = goal.target_percent.source if goal.target_percent else goal.source
        shown.say(full_name_of(goal), _listed(said), source)


def _centres(shown: _Shown) -> None:
    for centre in shown.model.centres.values():
        place = centre.place
        where = [place.address, " ".join(filter(None, [place.postcode, place.town])), _from_to(centre)]
        shown.say(f"{centre.name} ({word_label(centre.kind.value)})", _listed(where), place.source or centre.source)
        for channel, week in centre.hours.items():
            shown.say(f"{centre.name}: {channel_name(channel)}", week_text(week), centre.hours_source or centre.source)
        if centre.individual_times:
            source = centre.individual_times_source or centre.source
            shown.say(f"{centre.name}: {field_label('individual_times')}", value_text(True), source)
        for closing in centre.closing_days:
            shown.say(
                f"{centre.name}: {_('lukket')}", f"{date_text(closing.on)} ({full_name_of(closing)})", closing.source
            )
    calendar = shown.model.calendar
    for name in CALENDAR_DAYS:
        shown.say(field_label(name), calendar_text(getattr(calendar, name)), calendar.source)
    for closing in calendar.closing_days:
        shown.say(_("Alle centre lukket"), f"{date_text(closing.on)} ({full_name_of(closing)})", closing.source)
    shown.number(field_label("same_hours_as_departments"), shown.model.same_hours_as_departments)


def _standards(shown: _Shown) -> None:
    for standard in shown.model.service_standards.values():
        promise = full_name_of(standard)
        shown.number(promise, standard.target_percent, "target_percent")
        shown.number(f"{promise}: {field_label('within')}", standard.within, standard.measure or "")
        if standard.target_percent is None and standard.within is None:
            shown.say(promise, _("intet tal"), standard.source)


def _services(shown: _Shown) -> None:
    for service in sorted(shown.model.services.values(), key=lambda service: full_name_of(service).casefold()):
        shown.say(full_name_of(service), _listed(_about(shown.model, service)), service.source)
        shown.number(f"{full_name_of(service)}: {field_label('handle_minutes')}", service.handle_minutes, "minutes")
        shown.number(f"{full_name_of(service)}: {field_label('deadline_working_days')}", service.deadline_working_days)
        shown.number(f"{full_name_of(service)}: {field_label('sensitivity')}", service.sensitivity)
        if service.retention:
            label = f"{full_name_of(service)}: {field_label('retention')}"
            kept = f"{value_text(service.retention.days.value, 'days')} ({spoken(service.retention, 'ground')})"
            if service.retention.archive:
                kept += f"; {field_label('archive')}"
            shown.say(label, kept, service.retention.days.source)


def _about(model: ServiceModel, service: Service) -> list[str | None]:
    kle = f"KLE {service.kle}" if service.kle else None
    return [word_label(service.level.value), word_label(service.kind.value), kle, _dated(model, service)]


def _portfolio(shown: _Shown) -> None:
    for entry in shown.model.portfolio:
        places = _listed([shown.model.centres[key].name for key in entry.centres])
        count = ngettext("{number} opgave", "{number} opgaver", len(entry.services)).format(number=len(entry.services))
        names = ", ".join(full_name_of(shown.model.services[key]) for key in entry.services)
        level = word_label(entry.level.value)
        shown.say(f"{places}: {level}", _listed([f"{count}: {names}", _from_to(entry)]), entry.source)


def _departments(shown: _Shown) -> None:
    for department in shown.model.departments.values():
        name = full_name_of(department)
        shown.say(name, department.phone or "", department.source)
        shown.number(f"{name}: {field_label('answer_working_days')}", department.answer_working_days)
        for channel, week in department.hours.items():
            source = department.hours_source or department.source
            shown.say(f"{name}: {channel_name(channel)}", week_text(week), source)


def _authorities(shown: _Shown) -> None:
    for authority in shown.model.authorities.values():
        shown.say(
            full_name_of(authority),
            _listed([spoken(authority, "about"), authority.phone, _dated(shown.model, authority)]),
            authority.source,
        )


def _competences(shown: _Shown) -> None:
    for required in shown.model.competences.values():
        share = value_text(required.share_percent.value, "share_percent")
        shown.say(
            spoken(required, "text") or required.scope,
            _listed([share, _by(required.by)]),
            required.share_percent.source,
        )


def _costs(shown: _Shown) -> None:
    for channel, cost in shown.model.costs_kr.items():
        shown.number(channel_name(channel), cost, "costs_kr")


def _parameters(shown: _Shown) -> None:
    for name, value in fields_of(shown.model.parameters):
        if isinstance(value, Sourced):
            shown.number(field_label(name), value, name if name.endswith("_percent") else "")
        elif isinstance(value, str):
            shown.say(field_label(name), word_label(value))
    for medium in shown.model.media.values():
        shown.say(full_name_of(medium), channel_name(medium.channel), medium.source)


def _oversight(shown: _Shown) -> None:
    for name, value in fields_of(shown.model.oversight):
        if isinstance(value, Sourced):
            shown.number(field_label(name), value)


def _employee_figures(shown: _Shown) -> None:
    for agreement in shown.model.employee_figures.values():
        shown.say(spoken(agreement, "purpose") or agreement.key, agreement_text(agreement), agreement.source)


def _follow_up(shown: _Shown) -> None:
    for survey in shown.model.surveys.values():
        when = _("hvert år i {month}").format(month=month_name(survey.month)) if survey.month else None
        years = ", ".join(str(year) for year in survey.reservation_years)
        doubt = _("forbehold for {years}").format(years=years) if years else None
        shown.say(full_name_of(survey), _listed([when, doubt, spoken(survey, "text")]), survey.source)
    for reporting in shown.model.reporting.values():
        by = _("godkendes af {body}").format(body=reporting.approved_by) if reporting.approved_by else None
        shown.say(full_name_of(reporting), _listed([by, spoken(reporting, "text")]), reporting.source)
    for milestone in shown.model.milestones.values():
        shown.say(full_name_of(milestone), _when(milestone.by, milestone.precision), milestone.source)
    for group in shown.model.focus_groups.values():
        shown.say(_("Fokusgruppe"), group.name, group.source)


def _when(day: dt.date | None, precision: str) -> str:
    if day is None:
        return _("ingen dato")
    exact = {"year": str(day.year), "month": f"{month_name(day.month)} {day.year}"}
    return exact.get(precision, date_text(day))


def _statements(shown: _Shown) -> None:
    for statement in shown.model.statements.values():
        shown.say(full_name_of(statement), "", statement.source)


def _municipality(shown: _Shown) -> None:
    for name, value in fields_of(shown.model.municipality):
        if isinstance(value, Sourced):
            shown.number(field_label(name), value)
        elif value is not None and name != "unit_source":
            source = shown.model.municipality.unit_source if name in ("borgerservice_name", "one_unit") else None
            shown.say(field_label(name), value if isinstance(value, str) else value_text(value), source)


def week_text(week: WeekHours) -> str:
    """Days with the same hours together: "mandag, tirsdag 10:00-14:00; torsdag 10:00-17:00"."""
    alike: dict[str, list[str]] = {}
    for day, periods in sorted(week.items()):
        if periods:
            alike.setdefault(periods_text(periods), []).append(weekday_name(day))
    return "; ".join(f"{', '.join(days)} {periods}" for periods, days in alike.items()) or _("lukket")


def _from_to(thing: Any) -> str | None:
    since = _("fra {day}").format(day=date_text(thing.valid_from)) if thing.valid_from else ""
    until = _("til {day}").format(day=date_text(thing.valid_to)) if thing.valid_to else ""
    return " ".join(filter(None, [since, until])) or None


def _dated(model: ServiceModel, thing: Service | Authority) -> str | None:
    """From when to when, with the kind of source where the dates do not stand where the rest does."""
    period = _from_to(thing)
    return period + kind_of_source(model, thing.dates_source) if period else None


def _by(day: dt.date | None) -> str | None:
    return _("senest {day}").format(day=date_text(day)) if day else None


def _listed(parts: list[str | None] | list[str]) -> str:
    return ", ".join(part for part in parts if part)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
