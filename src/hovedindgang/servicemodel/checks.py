"""What must hold in a service model beyond types, and what is allowed but worth a second look."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterator, Mapping

from hovedindgang.servicemodel.checks_hours import check_hours
from hovedindgang.servicemodel.checks_services import check_services
from hovedindgang.servicemodel.document import ServiceModel, Sourced, SourceKind
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.positions import Path
from hovedindgang.servicemodel.problems import Finding, Severity
from hovedindgang.servicemodel.reading import choose, shown
from hovedindgang.servicemodel.walking import known, source_keys, things

MEASURED_INDICATORS = ("resolved_in_house", "first_contact_resolution", "not_sent_on", "generalist_share")

# Fields of plain text that are a choice; the words are those of `document`.
CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("Adoption", "status"): ("draft", "adopted"),
    ("Statement", "kind"): ("value", "vision", "principle", "aim", "means", "commitment", "task"),
    ("ServiceStandard", "measure"): ("wait_minutes", "answer_working_days", "appointment_working_days"),
    ("CompetenceRequirement", "level"): ("generalist", "specialist"),
    ("Milestone", "precision"): ("day", "month", "year"),
    ("Parameters", "signpost_counts"): ("apart", "solved", "not_solved"),
    ("Parameters", "self_service_counts"): ("apart", "solved", "not_solved"),
    ("Parameters", "apply_solved_at"): ("collection", "application"),
}
CALENDAR_DAYS = ("constitution_day", "christmas_eve", "new_years_eve")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def check(model: ServiceModel, *, catalogue: bool = False) -> list[Finding]:
    """All that is wrong or remarkable in `model`.

    With `catalogue` the model is a shared file of services: what only a whole model can hold is not asked for.
    """
    checks = [
        _sources(model),
        _numbers(model),
        _periods(model),
        _choices(model),
        _calendar(model),
        _statements(model),
        check_hours(model),
        check_services(model, catalogue=catalogue),
    ]
    if not catalogue:
        checks += [_adoption(model), _goals(model)]
    return [finding for found in checks for finding in found]


def _sources(model: ServiceModel) -> Iterator[Finding]:
    for path, key in source_keys(model):
        if key:
            yield from known(path, key, model.sources, _("en kilde"))
    for key, source in model.sources.items():
        if source.kind is SourceKind.MEASURED and not source.period:
            wrong = _("En målt kilde siger ikke, hvornår der er målt.")
            yield Finding(("sources", key), wrong, _('Tilføj period = "2006" eller et andet tidsrum.'))
    for path, thing in things(model):
        latitude = getattr(thing, "latitude", None)
        if latitude is not None and not getattr(thing, "source", None) and not _around(model, path):
            wrong = _("Stedets koordinater har ingen kilde.")
            yield Finding(path, wrong, _('Tilføj source = "nøgle" til en kilde under [sources].'))
    for key, survey in model.surveys.items():
        if survey.month is not None and not survey.source:
            wrong = _("Undersøgelsens måned har ingen kilde.")
            yield Finding(("surveys", key), wrong, _('Tilføj source = "nøgle" til en kilde under [sources].'))


def _around(model: ServiceModel, path: Path) -> bool:
    """Whether the centre around a place names a source."""
    centre = model.centres.get(str(path[1])) if len(path) > 1 else None
    return bool(centre and centre.source)


def _numbers(model: ServiceModel) -> Iterator[Finding]:
    if not re.fullmatch(r"\d{3,4}", model.municipality.code):
        wrong = _("{value} er ikke en kommunekode.").format(value=shown(model.municipality.code))
        yield Finding(("municipality", "code"), wrong, _('Skriv tre eller fire cifre i anførselstegn, fx "849".'))
    if model.schema_version != 1:
        wrong = _("Formatet {number} kendes ikke.").format(number=model.schema_version)
        yield Finding(("schema_version",), wrong, _("Skriv schema_version = 1, eller slet linjen."))
    for path, thing in things(model):
        if isinstance(thing, Sourced):
            for place, number in _numbers_of(path, thing):
                yield from _number_in_range(place, number)
    for key, survey in model.surveys.items():
        if survey.month is not None and not 1 <= survey.month <= 12:
            wrong = _("{number} er ikke en måned.").format(number=survey.month)
            yield Finding(("surveys", key, "month"), wrong, _("Skriv et tal fra 1 til 12; oktober er 10."))
    for key, centre in model.centres.items():
        for name, value, most in (("latitude", centre.place.latitude, 90), ("longitude", centre.place.longitude, 180)):
            if value is not None and abs(value) > most:
                wrong = _("{number} ligger ikke på jorden.").format(number=value)
                right = _("Skriv grader mellem -{most} og {most}.").format(most=most)
                yield Finding(("centres", key, "place", name), wrong, right)


def _numbers_of(path: Path, sourced: Sourced[object]) -> Iterator[tuple[Path, float]]:
    """The numbers of a sourced value or table of values, each with the place where it is written."""
    if isinstance(sourced.value, Mapping):
        yield from (((*path, channel.value), number) for channel, number in sourced.value.items())
    elif isinstance(sourced.value, int | float) and not isinstance(sourced.value, bool):
        yield (*path, "value"), sourced.value


def _number_in_range(path: Path, number: float) -> Iterator[Finding]:
    percent = any(isinstance(part, str) and part.endswith("_percent") for part in path)
    if percent and not 0 <= number <= 100:
        wrong = _("{number} er ikke en procent.").format(number=shown(number))
        yield Finding(path, wrong, _("Skriv et tal fra 0 til 100."))
    elif number < 0:
        wrong = _("{number} er mindre end nul.").format(number=shown(number))
        yield Finding(path, wrong, _("Skriv 0 eller et større tal."))


def _periods(model: ServiceModel) -> Iterator[Finding]:
    for path, thing in things(model):
        start: dt.date | None = getattr(thing, "valid_from", None)
        end: dt.date | None = getattr(thing, "valid_to", None)
        if start is not None and end is not None and end <= start:
            wrong = _("Perioden slutter {end}, før den er begyndt {start}.").format(end=end, start=start)
            right = _("valid_to er den første dag, der ikke er med, og skal ligge efter valid_from.")
            yield Finding((*path, "valid_to"), wrong, right)


def _choices(model: ServiceModel) -> Iterator[Finding]:
    for path, thing in things(model):
        for (kind, name), allowed in CHOICES.items():
            value = getattr(thing, name, None) if type(thing).__name__ == kind else None
            if value is not None and value not in allowed:
                wrong = _("{value} kan ikke stå her.").format(value=shown(value))
                yield Finding((*path, name), wrong, choose(list(allowed), value))


def _calendar(model: ServiceModel) -> Iterator[Finding]:
    for name in CALENDAR_DAYS:
        value = getattr(model.calendar, name)
        if value not in ("open", "closed") and not _CLOCK.fullmatch(value):
            wrong = _("{value} kan ikke stå her.").format(value=shown(value))
            right = _('Skriv "open", "closed" eller det klokkeslæt, hvor der lukkes, fx "12:00".')
            yield Finding(("calendar", name), wrong, right)


def _statements(model: ServiceModel) -> Iterator[Finding]:
    for key, statement in model.statements.items():
        if statement.of is not None:
            yield from known(("statements", key, "of"), statement.of, model.statements, _("et udsagn"))


def _adoption(model: ServiceModel) -> Iterator[Finding]:
    adoption = model.adoption
    if adoption.status == "adopted" and adoption.valid_from is None:
        wrong = _("Politikken er vedtaget, men siger ikke, fra hvornår den gælder.")
        yield Finding(("adoption",), wrong, _('Tilføj valid_from = 2007-01-01, eller skriv status = "draft".'))
    if adoption.decided_on and adoption.valid_from and adoption.valid_from < adoption.decided_on:
        wrong = _("Politikken gælder fra {start}, før den er besluttet {decided}.").format(
            start=adoption.valid_from, decided=adoption.decided_on
        )
        right = _("Se efter, om begge datoer er rigtige.")
        yield Finding(("adoption", "valid_from"), wrong, right, Severity.WARNING)


def _goals(model: ServiceModel) -> Iterator[Finding]:
    for key, goal in model.goals.items():
        path: Path = ("goals", key)
        if goal.indicator not in MEASURED_INDICATORS:
            yield _unmeasured((*path, "indicator"), goal.indicator)
        elif goal.target_percent is None:
            wrong = _("Målet har intet tal, så ingen kan sige, om det er nået.")
            right = _("Lad det stå, hvis politikken lader det åbent; ellers tilføj target_percent med kilde.")
            yield Finding(path, wrong, right, Severity.WARNING)


def _unmeasured(path: Path, indicator: str) -> Finding:
    near = difflib.get_close_matches(indicator, MEASURED_INDICATORS, n=1, cutoff=0.8)
    if near:
        wrong = _("{value} er ikke et nøgletal.").format(value=shown(indicator))
        return Finding(path, wrong, _('Mente du "{word}"?').format(word=near[0]))
    wrong = _("Nøgletallet {value} måles ikke endnu.").format(value=shown(indicator))
    right = _("Det vises uden tal. Det, der måles, er: {choices}.").format(choices=", ".join(MEASURED_INDICATORS))
    return Finding(path, wrong, right, Severity.WARNING)
