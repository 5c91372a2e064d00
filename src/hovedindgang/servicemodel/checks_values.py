"""Checks of each value by itself: numbers, years, choices, codes and addresses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

from hovedindgang.servicemodel.document import ServiceModel, Sourced
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.positions import Path
from hovedindgang.servicemodel.problems import Finding, Severity
from hovedindgang.servicemodel.saying import choose, shown
from hovedindgang.servicemodel.walking import fields_of, things
from hovedindgang.servicemodel.wording import CALENDAR_DAYS

# Fields of plain text that are a choice; the words are those of `document`.
CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("Adoption", "status"): ("draft", "adopted"),
    ("Statement", "kind"): ("value", "vision", "principle", "aim", "means", "commitment", "task"),
    ("ServiceStandard", "measure"): ("wait_minutes", "answer_working_days", "appointment_working_days"),
    ("CompetenceRequirement", "level"): ("generalist", "specialist"),
    ("Reporting", "every"): ("year", "half_year", "quarter", "month"),
    ("Milestone", "precision"): ("day", "month", "year"),
    ("Parameters", "signpost_counts"): ("apart", "solved", "not_solved"),
    ("Parameters", "self_service_counts"): ("apart", "solved", "not_solved"),
    ("Parameters", "apply_solved_at"): ("collection", "application"),
    ("Parameters", "indicator_version"): ("1",),  # the one definition of the indicators that there is
}
# Fields of plain text with a form; digits are 0-9 only, as in everything that other systems read.
PATTERNS: dict[tuple[str, str], str] = {
    ("Municipality", "code"): "[0-9]{3,4}",
    ("Municipality", "website"): r"https?://[\w.-]+(:[0-9]+)?([/?#][^\s\"<>\\]*)?",
    ("Authority", "website"): r"https?://[\w.-]+(:[0-9]+)?([/?#][^\s\"<>\\]*)?",
    ("Service", "self_service"): r"https?://[\w.-]+(:[0-9]+)?([/?#][^\s\"<>\\]*)?",
    ("Service", "kle"): r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2})?)?",
    ("Place", "postcode"): "[0-9]{4}",
}
SMALLEST_GROUP = 5  # no figure tells of fewer people, whatever a model says
DAY_MINUTES = 24 * 60
_BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "handle_minutes": (0, DAY_MINUTES),
    "smallest_group": (SMALLEST_GROUP, None),
    "month": (1, 12),
    "night_from_hour": (0, 23),
    "night_to_hour": (0, 23),
    "several_employees": (2, None),
    "several_days": (1, None),
    "sample_size": (1, None),
    "sign_off_working_days": (1, None),
    "complaint_answer_working_days": (1, None),
    "repeat_window_days": (1, None),
    "population": (1, None),
    "claim_minutes": (1, None),
    "warning_longest_months": (1, None),
    "feedback_kept_days": (1, None),
    "latitude": (-90, 90),
    "longitude": (-180, 180),
    "reservation_years": (1900, 2199),
}
_YEARS = (1900, 2199)
_ON_ONE_LINE = ("name", "name_en", "title")
_NEW_LINES = "\n\u2028\u2029"
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def check_values(model: ServiceModel) -> Iterator[Finding]:
    if model.schema_version != 1:
        wrong = _("Formatet {number} kendes ikke.").format(number=model.schema_version)
        yield Finding(("schema_version",), wrong, _("Skriv schema_version = 1, eller slet linjen."))
    for path, thing in things(model):
        if isinstance(thing, Sourced):
            for place, number in _numbers_of(path, thing):
                yield from _number(place, number)
            continue
        for name, value in fields_of(thing):
            yield from _value((*path, name), type(thing).__name__, value)
    yield from _calendar(model)


def bounds_of(name: str) -> tuple[float | None, float | None]:
    """The least and the most that may stand in the field `name`; None where there is no bound."""
    return (0, 100) if name.endswith("_percent") else _BOUNDS.get(name, (None, None))


def _value(path: Path, kind: str, value: object) -> Iterator[Finding]:
    name = str(path[-1])
    if isinstance(value, dt.date):
        yield from _year(path, value.year)
    elif isinstance(value, int | float) and name in _BOUNDS:
        yield from _number(path, value)
    elif isinstance(value, tuple) and name in _BOUNDS:
        for number, year in enumerate(value):
            yield from _year((*path, number), year)
    elif isinstance(value, str):
        if name in _ON_ONE_LINE and any(end in value for end in _NEW_LINES):
            yield Finding(path, _("I navnet står et linjeskift."), _("Skriv det på én linje, mellem to anførselstegn."))
        yield from _text(path, kind, value)


def _numbers_of(path: Path, sourced: Sourced[object]) -> Iterator[tuple[Path, float]]:
    """The numbers of a sourced value or table of values, each with the place where it is written."""
    if isinstance(sourced.value, Mapping):
        yield from (((*path, channel.value), number) for channel, number in sourced.value.items())
    elif isinstance(sourced.value, int | float) and not isinstance(sourced.value, bool):
        yield (*path, "value"), sourced.value


def _number(path: Path, number: float) -> Iterator[Finding]:
    # The number is the field, or stands in its table; what comes before may be a key that happens to be a field's name.
    name = next((str(part) for part in reversed(path[-2:]) if bounds_of(str(part)) != (None, None)), "")
    least, most = bounds_of(name) if name else (0, None)
    if (least is None or number >= least) and (most is None or number <= most):
        if name.endswith("_percent") and 0 < number < 1:
            wrong = _("{number} er mindre end én procent.").format(number=shown(number))
            right = _("Skriv {percent}, hvis der menes {percent} %.").format(percent=shown(round(number * 100, 4)))
            yield Finding(path, wrong, right, Severity.WARNING)
        return
    wrong, right = _out_of_bounds(name, shown(number))
    yield Finding(path, wrong, right)


def _out_of_bounds(name: str, number: str) -> tuple[str, str]:
    if name.endswith("_percent"):
        return _("{number} er ikke en procent.").format(number=number), _("Skriv et tal fra 0 til 100.")
    if name == "month":
        return _("{number} er ikke en måned.").format(number=number), _("Skriv et tal fra 1 til 12; oktober er 10.")
    if name in ("latitude", "longitude"):
        right = _("Skriv grader mellem -{most} og {most}.").format(most=bounds_of(name)[1])
        return _("{number} ligger ikke på jorden.").format(number=number), right
    if name in ("night_from_hour", "night_to_hour"):
        return _("{number} er ikke en time på døgnet.").format(number=number), _("Skriv et tal fra 0 til 23.")
    if name in ("several_employees", "several_days", "sample_size", "sign_off_working_days"):
        least = int(bounds_of(name)[0] or 0)
        wrong = _("Med {number} ville tilsynet intet se.").format(number=number)
        return wrong, _("Skriv {least} eller et større tal.").format(least=least)
    if name == "smallest_group":
        wrong = _("Med {number} kunne tal føres tilbage til enkelte personer.").format(number=number)
        return wrong, _("Skriv {least} eller et større tal.").format(least=SMALLEST_GROUP)
    if name == "handle_minutes" and not number.startswith("-"):
        wrong = _("{number} minutter er mere end et døgn.").format(number=number)
        return wrong, _("Skriv, hvor mange minutter én ekspedition tager.")
    if least := int(bounds_of(name)[0] or 0):
        return _("{number} er for lidt.").format(number=number), _("Skriv {least} eller et større tal.").format(
            least=least
        )
    return _("{number} er mindre end nul.").format(number=number), _("Skriv 0 eller et større tal.")


def _year(path: Path, year: int) -> Iterator[Finding]:
    first, last = _YEARS
    if not first <= year <= last:
        wrong = _("Året {year} kan ikke være rigtigt.").format(year=year)
        yield Finding(path, wrong, _("Skriv et år fra {first} til {last}.").format(first=first, last=last))


def _text(path: Path, kind: str, value: str) -> Iterator[Finding]:
    name = str(path[-1])
    allowed, form = CHOICES.get((kind, name)), PATTERNS.get((kind, name))
    if allowed and value not in allowed:
        wrong = _("{value} kan ikke stå her.").format(value=shown(value))
        yield Finding(path, wrong, choose(list(allowed), value))
    if form and not re.fullmatch(form, value):
        what, right = {
            "code": (_("en kommunekode"), _('Skriv tre eller fire cifre i anførselstegn, fx "849".')),
            "kle": (_("et KLE-nummer"), _('Skriv to, fire eller seks cifre med punktum, fx "23.09.02".')),
            "postcode": (_("et postnummer"), _('Skriv fire cifre i anførselstegn, fx "9440".')),
        }.get(name, (_("en adresse på nettet"), _('Skriv hele adressen, fx "https://www.borger.dk/pas".')))
        yield Finding(path, _("{value} er ikke {what}.").format(value=shown(value), what=what), right)


def _calendar(model: ServiceModel) -> Iterator[Finding]:
    for name in CALENDAR_DAYS:
        value = getattr(model.calendar, name)
        if value not in ("open", "closed") and not _CLOCK.fullmatch(value):
            wrong = _("{value} kan ikke stå her.").format(value=shown(value))
            right = _('Skriv "open", "closed" eller det klokkeslæt, hvor der lukkes, fx "12:00".')
            yield Finding(("calendar", name), wrong, right)
