"""A roster's question from TOML; the page `planning-roster` of the guide shows one whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.staffing.rosters.document import (
    SHRINKAGES,
    Absence,
    Employee,
    Need,
    Prices,
    Question,
    Rules,
    Shift,
    Shrinkage,
    Wish,
)
from hovedindgang.planning.staffing.rosters.needs import MOST_PEOPLE, counted_needs
from hovedindgang.planning.tables import Table, clock, read_toml
from hovedindgang.servicemodel.holidays import public_holidays


def read_question(file: Path, needs_csv: Path | None = None) -> Question:
    """The question in `file`; needs may come from a CSV file too. Raises CannotPlan, naming the place."""
    top = read_toml(file)
    starts_on, weeks = top.date("starts_on"), top.whole("weeks", least=1, most=13)
    if starts_on.weekday() != 0:
        raise top.wrong("starts_on", _("er ikke en mandag"), _("Planen går fra mandag til søndag."))
    days = [starts_on + dt.timedelta(days=n) for n in range(7 * weeks)]
    centres = {key: _name(table) for key, table in top.named("centres")}
    if not centres:
        raise top.wrong("centres", _("mangler"), "[centres.KEY] name = …")
    groups = {group: frozenset(words) for group, words in _word_lists(top, "groups")}
    sources = {key: top.table("sources", {}).data.get(key, "") for key in ("needs", "people", "prices")}
    top.data.pop("sources", None)
    shifts = tuple(shift for table in top.tables("shifts") for shift in _shifts(table, centres))
    shifts += tuple(shift for table in top.tables("generate") for shift in _generated(table, centres))
    needs = tuple(need for table in top.tables("needs") for need in _needs(table, centres, days))
    if needs_csv is not None:
        counted = [need for need in needs if not need.alongside]
        if counted:
            raise CannotPlan(
                _("Behovet står både i {file} og i {needs}; lagt sammen ville det være det dobbelte.").format(
                    file=file.name, needs=needs_csv.name
                ),
                cure=_("Slet [[needs]] i {file} (dem med alongside = true må blive), eller lad --needs ude.").format(
                    file=file.name
                ),
                where=(str(file), str(needs_csv)),
            )
        needs += tuple(counted_needs(needs_csv, centres, days))
    question = Question(
        title=top.spoken("title", file.stem),
        starts_on=starts_on,
        weeks=weeks,
        centres=centres,
        groups=groups,
        shifts=shifts,
        needs=needs,
        employees=tuple(_employee(key, table, centres) for key, table in top.named("employees")),
        shrinkage=tuple(_shrinkage(table) for table in top.tables("shrinkage")),
        rules=_rules(top.table("rules", {})),
        prices=_prices(top.table("prices", {})),
        closed=_closed(top, days),
        sources=sources,
    )
    top.done()
    _sensible(top, question)
    return question


def _sensible(top: Table, question: Question) -> None:
    """What can be seen to be wrong before anything is solved."""
    if not question.employees:
        raise top.wrong("employees", _("mangler"), "[employees.KEY] name = …")
    if not question.shifts:
        raise top.wrong("shifts", _("mangler"), "[[shifts]] …")
    if not question.needs:
        raise top.wrong("needs", _("mangler"), _("Skriv [[needs]], eller giv --needs FIL.csv."))
    if all(need.day in question.closed for need in question.needs):
        raise top.wrong(
            "closed",
            _("lukker alle de dage, hvor nogen behøves"),
            _("Der er intet at lægge vagter for: tag en lukkedag ud, eller vælg andre uger."),
        )
    for need in question.needs:
        able = [one for one in question.employees if need.centre in one.centres and question.able(one, need.group)]
        if not able and need.desired:
            wrong = _("Ingen kan {group} i {centre}.").format(group=need.group, centre=question.centres[need.centre])
            raise CannotPlan(
                wrong,
                cure=_("Giv en medarbejder kompetencen og stedet, eller tag behovet ud."),
                where=(f"needs: {need.centre}, {need.day}, {need.group}",),
            )


def _name(table: Table) -> str:
    name = table.take("name", str)
    table.done()
    return name


def _word_lists(top: Table, key: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    table = top.table(key, {})
    for name in list(table.data):
        yield name, table.words(name)


def _places(table: Table, centres: dict[str, str]) -> tuple[str, ...]:
    """`centre = "a"`, `centres = ["a", "b"]`, or all where nothing is said."""
    if "centre" in table:
        return (table.one_of("centre", tuple(centres)),)
    found = table.words("centres", tuple(centres))
    unknown = [key for key in found if key not in centres]
    if unknown:
        raise table.wrong("centres", _("er {value}").format(value=unknown[0]), ", ".join(centres))
    return found


def _shifts(table: Table, centres: dict[str, str]) -> list[Shift]:
    places, key, weekdays = _places(table, centres), table.take("name", str), table.weekdays("weekdays")
    starts, ends = table.minute("from"), table.minute("to")
    breaks = tuple(clock(text, table, "breaks") for text in table.words("breaks", ()))
    minutes, paid = table.whole("break_minutes", 30 if breaks else 0, most=120), table.take("break_paid", bool, True)
    table.done()
    if starts >= ends:
        raise table.wrong("to", _("er ikke efter from"), _("En vagt slutter samme dag, som den begynder."))
    if any(not starts <= at <= ends - minutes for at in breaks):
        raise table.wrong("breaks", _("ligger uden for vagten"), _("Pausen skal ligge i vagten."))
    return [Shift(f"{place}-{key}", place, weekdays, starts, ends, breaks, minutes, paid) for place in places]


def _generated(table: Table, centres: dict[str, str]) -> list[Shift]:
    """Shifts of each length in `hours`, beginning each `every` minutes and ending by `to`."""
    places, weekdays = _places(table, centres), table.weekdays("weekdays")
    first, last, every = table.minute("from"), table.minute("to"), table.whole("every", 30, least=5, most=240)
    hours = table.take("hours", list)
    breaks = tuple(clock(text, table, "breaks") for text in table.words("breaks", ()))
    minutes, paid = table.whole("break_minutes", 30 if breaks else 0, most=120), table.take("break_paid", bool, True)
    table.done()
    found = []
    for length in (round(float(one) * 60) for one in hours):
        for start in range(first, last - length + 1, every):
            inside = tuple(at for at in breaks if start + 120 <= at <= start + length - 120) if length > 360 else ()
            key = f"{start // 60:02d}{start % 60:02d}-{length}"
            found += [
                Shift(f"{place}-{key}", place, weekdays, start, start + length, inside, minutes, paid)
                for place in places
            ]
    return found


def _needs(table: Table, centres: dict[str, str], days: list[dt.date]) -> list[Need]:
    places = _places(table, centres)
    on = table.date("on", None)
    weekdays = table.weekdays("weekdays")
    starts, ends, group = table.minute("from"), table.minute("to"), table.take("group", str, "")
    minimum = table.whole("minimum", 0, most=MOST_PEOPLE)
    desired = table.whole("desired", minimum, least=minimum, most=MOST_PEOPLE)
    alongside = table.take("alongside", bool, False)
    table.done()
    if starts >= ends:
        raise table.wrong("to", _("er ikke efter from"), _("Et behov slutter samme dag, som det begynder."))
    chosen = [on] if on is not None else [day for day in days if day.weekday() in weekdays]
    if on is not None and on not in days:
        raise table.wrong("on", _("ligger uden for planen"), f"{days[0]} … {days[-1]}")
    return [Need(p, day, starts, ends, group, minimum, desired, alongside) for day in chosen for p in places]


def _employee(key: str, table: Table, centres: dict[str, str]) -> Employee:
    name, hours = table.take("name", str, key.capitalize()), table.number("weekly_hours", most=48)
    places = _places(table, centres)
    competences = frozenset(table.words("competences", ()))
    weekdays = table.weekdays("weekdays", range(7))
    most_late = table.whole("most_late", None, most=100)
    absences = [_absence(one) for one in table.tables("absences")]
    wishes = [_wish(one) for one in table.tables("wishes")]
    table.done()
    return Employee(key, name, hours, places, competences, weekdays, tuple(absences), tuple(wishes), most_late)


def _absence(table: Table) -> Absence:
    first = table.date("from")
    last, reason = table.date("through", first), table.take("reason", str, _("fri"))
    found = Absence(first, last, reason, table.take("counts_as_work", bool, True))
    table.done()
    if last < first:
        raise table.wrong("through", _("er før from"), _("Skriv den sidste dag."))
    return found


def _wish(table: Table) -> Wish:
    found = Wish(
        table.date("on"), table.one_of("want", ("off", "work", "early", "late")), table.number("weight", 100.0)
    )
    table.done()
    return found


def _shrinkage(table: Table) -> Shrinkage:
    found = Shrinkage(
        table.one_of("cause", SHRINKAGES),
        table.number("percent", most=60),
        table.one_of("counted", ("lift", "roster", "requirement")),
        table.take("source", str),
    )
    table.done()
    return found


def _rules(table: Table) -> Rules:
    usual = Rules()
    found = Rules(
        daily_rest_hours=table.number("daily_rest_hours", usual.daily_rest_hours, least=8, most=24),
        rest_day_hours=table.number("rest_day_hours", usual.rest_day_hours, least=24, most=72),
        rest_day_within_days=table.whole("rest_day_within_days", usual.rest_day_within_days, least=2, most=14),
        average_hours=table.number("average_hours", usual.average_hours, most=48),
        most_hours_in_week=table.number("most_hours_in_week", usual.most_hours_in_week, most=80),
        most_days_in_row=table.whole("most_days_in_row", usual.most_days_in_row, least=1, most=12),
        tolerance_hours=table.number("tolerance_hours", usual.tolerance_hours, most=200),
        late_from=table.minute("late_from", usual.late_from),
        most_late_in_week=table.whole("most_late_in_week", usual.most_late_in_week, most=7),
    )
    table.done()
    return found


def _prices(table: Table) -> Prices:
    usual = Prices()
    found = Prices(
        missing_desired=table.number("missing_desired", usual.missing_desired),
        missing_minimum=table.number("missing_minimum", usual.missing_minimum),
        unfair_late=table.number("unfair_late", usual.unfair_late),
        extra_hour=table.number("extra_hour", usual.extra_hour),
        away_day=table.number("away_day", usual.away_day),
    )
    table.done()
    return found


def _closed(top: Table, days: list[dt.date]) -> frozenset[dt.date]:
    """Public holidays, and the days the file says beside them."""
    said = top.take("closed", list, [])
    if not all(type(day) is dt.date for day in said):
        raise top.wrong("closed", _("er {value}").format(value=said), _("Skriv en liste af datoer."))
    return frozenset(day for day in days if day in said or day in public_holidays(day.year))
