"""The board: what the kept figures say of a period, each by the definition and the goals of its own days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from hovedindgang.insight import corrections, sums
from hovedindgang.insight.corrections import Corrected
from hovedindgang.insight.figures import (
    CONTACT_FIGURES,
    ENQUIRY_FIGURES,
    MATTER_FIGURES,
    TALLY_FIGURES,
    WINDOW_KEYS,
)
from hovedindgang.insight.measure import Measure, goal_of, measures
from hovedindgang.insight.periods import Period
from hovedindgang.insight.rates import Completeness, Rate, unknown_range
from hovedindgang.insight.rules import DEFINITION_VERSION
from hovedindgang.insight.shown import Board, Line, Moment, UnderVersion, enquiries_a
from hovedindgang.insight.sums import HourRow, Hours, Row
from hovedindgang.kernel import clock
from hovedindgang.look.tables import hidden_rows
from hovedindgang.policy.queries import in_force
from hovedindgang.servicemodel.document import Channel

BREAKDOWNS = ("channel", "centre", "service")


def board(period: Period) -> Board:
    """The figures of a period, from the kept days, in at most sixteen queries."""
    today = clock.today()
    measure_of = measures()
    measure = measure_of(in_force(min(period.last, today)).version_id)
    contacts, enquiries = sums.contact_rows(period), sums.enquiry_rows(period)
    hours, covered = sums.hours(period), sums.days_covered(period)
    whole = total(contacts)
    matters = total(enquiries)
    a = _a(contacts, measure_of)
    complete = _completeness(hours.whole, max(covered.values(), default=0), period, measure)
    breakdowns, few_staff = _breakdowns(period, contacts, enquiries, hours, covered, measure_of, measure)
    start, end = clock.day_bounds(period.first)[0], clock.day_bounds(period.last)[1]
    final_on = period.final_on(measure.provisional_days)
    closed_until, all_closed = corrections.closed_months(period)
    return Board(
        period=period,
        as_of=today,
        definition_version=DEFINITION_VERSION,
        final=today >= final_on and all_closed,
        final_on=final_on,
        closed_until=closed_until,
        corrected=_corrected(period, measure_of),
        freshness=sums.freshness(period),
        measure=measure,
        once_goal=goal_of(measure.model, "first_contact_resolution"),
        versions=_under_versions(contacts, measure_of),
        a=a,
        wide=_wide(a, whole),
        b=_b(matters, "window"),
        b_beside={days: _b(matters, word) for word, days in WINDOW_KEYS.items() if days},
        b_unknown=unknown_range(
            [(row["once_window"], row["known_window"], row["unknown_window"]) for row in _by(enquiries, "service_id")]
        ),
        not_sent_on=_not_sent_on(contacts, breakdowns["channel"]),
        contacts=whole,
        enquiries=matters,
        completeness=complete,
        over_time=_over_time(contacts, measure_of),
        breakdowns=breakdowns,
        by_level=_by_level(enquiries, measure.smallest_group),
        hours=hours.whole,
        days_covered=covered,
        avoidable={
            row["cause"]: row["enquiries"]
            for row in _large_enough(sums.avoidable_rows(period), "enquiries", measure.smallest_group)
        },
        open_now=sums.open_by_age(today),
        handovers=_large_enough(sums.handover_rows(start, end, today), "sent", measure.smallest_group),
        smallest=measure.smallest_group,
        centres_hidden_for_staff=few_staff,
    )


def hidden_groups(period: Period) -> dict[str, frozenset[str]]:
    """Which groups the board of a period does not show, by the field that names them ("": none named)."""
    measure_of = measures()
    measure = measure_of(in_force(min(period.last, clock.today())).version_id)
    contacts, enquiries = sums.contact_rows(period), sums.enquiry_rows(period)
    found, _few = _breakdowns(period, contacts, enquiries, Hours([], []), {}, measure_of, measure)
    lines = {
        "channel": found["channel"],
        "centre_id": found["centre"],
        "service_id": found["service"],
        "level": _by_level(enquiries, measure.smallest_group),
    }
    return {field: frozenset(line.key for line in of if line.hidden) for field, of in lines.items()}


def _corrected(period: Period, measure_of: MeasureOf) -> Corrected | None:
    days = corrections.days_corrected(period)
    if not days:
        return None
    now = sums.contact_rows_now(period)
    return Corrected(a=_a(now, measure_of), b=_b_of_contacts(total(now)), why=corrections.reasons(days))


def total(rows: Iterable[Row]) -> Row:
    """All figures of the rows added up; every figure is there, 0 where there are no rows."""
    # Contacts and enquiries share some names; each is added once.
    added = dict.fromkeys((*CONTACT_FIGURES, *MATTER_FIGURES, *TALLY_FIGURES, *ENQUIRY_FIGURES), 0)
    for row in rows:
        for name in added:
            added[name] += row.get(name) or 0
    return added


def _by(rows: Iterable[Row], *keys: str) -> list[Row]:
    """The rows grouped by what stands in `keys`, with their figures added up."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return [{**total(group), **dict(zip(keys, place, strict=True))} for place, group in groups.items()]


MeasureOf = Callable[[int], Measure]


def _a(rows: Iterable[Row], measure_of: MeasureOf) -> Rate:
    """Indicator A of contacts, each counted as the version in force on its day says."""
    return sum((measure_of(row["version"]).a_of(row) for row in rows), Rate(numerator=0, denominator=0))


def _b(row: Row, word: str) -> Rate:
    return Rate(numerator=row[f"once_{word}"], denominator=row[f"known_{word}"])


def _b_of_contacts(whole: Row) -> Rate:
    """The same with the model's own window, from the rows of contacts."""
    return Rate(numerator=whole["matters_once"], denominator=whole["matters_known"])


def _wide(a: Rate, whole: Row) -> Rate | None:
    """All citizens' contacts to the municipality, those that went straight to a department included."""
    if not whole["elsewhere"]:
        return None
    return Rate(numerator=a.numerator, denominator=a.denominator + whole["elsewhere"], open=a.open, unclear=a.unclear)


def _not_sent_on(rows: list[Row], channels: list[Line]) -> dict[str, Rate]:
    """By channel, those left out that the board hides."""
    hidden = {line.key for line in channels if line.hidden}
    spoken = [row for row in _by(rows, "channel") if row["channel"] in {Channel.IN_PERSON, Channel.PHONE}]
    return {
        row["channel"]: Rate(numerator=row["met"] - row["sent_on"], denominator=row["met"])
        for row in sorted(spoken, key=lambda row: str(row["channel"]))
        if row["channel"] not in hidden
    }


def _under_versions(rows: list[Row], measure_of: MeasureOf) -> list[UnderVersion]:
    numbers = sorted({row["version"] for row in rows}, key=lambda number: measure_of(number).valid_from or dt.date.min)
    return [
        UnderVersion(measure=measure_of(number), a=_a([r for r in rows if r["version"] == number], measure_of))
        for number in numbers
    ]


def _over_time(contacts: list[Row], measure_of: MeasureOf) -> list[Moment]:
    moments = []
    for starts in sorted({row["bucket"] for row in contacts}):
        rows = [row for row in contacts if row["bucket"] == starts]
        whole = total(rows)
        a, b = _a(rows, measure_of), _b_of_contacts(whole)
        moments.append(Moment(starts=starts, a=a, b=b, contacts=whole["contacts"]))
    return moments


def _line(key: str, enquiries: list[Row], a: Rate, completeness: Completeness | None = None) -> Line:
    matters = total(enquiries)
    return Line(
        key=key,
        a=a,
        b=_b(matters, "window"),
        enquiries=matters["enquiries"],
        unknown=matters["unknown"],
        completeness=completeness,
    )


def _completeness(hours: list[HourRow], days_covered: int, period: Period, measure: Measure) -> Completeness:
    return Completeness(
        registered=sum(row.registered for row in hours),
        matched=sum(row.matched for row in hours),
        arrived=sum(row.arrived for row in hours),
        days_covered=days_covered,
        days=period.days,
        limit=measure.completeness_limit,
    )


def _grouped(hours: list[HourRow], key: Callable[[HourRow], str | None]) -> dict[str | None, list[HourRow]]:
    groups: dict[str | None, list[HourRow]] = {}
    for row in hours:
        groups.setdefault(key(row), []).append(row)
    return groups


def _breakdowns(
    period: Period,
    contacts: list[Row],
    enquiries: list[Row],
    hours: Hours,
    covered: dict[str, int],
    measure_of: MeasureOf,
    measure: Measure,
) -> tuple[dict[str, list[Line]], list[str]]:
    """The tables by channel, centre and service, small groups hidden; and the centres with too few employees."""

    def placed(name: str, of_hours: Mapping[str | None, list[HourRow]]) -> list[Line]:
        lines = []
        for key in sorted({row[name] for row in (*contacts, *enquiries)}, key=str):
            days = covered.get(key, 0) if name == "channel" else max(covered.values(), default=0)
            complete = _completeness(of_hours.get(key, []), days, period, measure)
            a = _a([row for row in contacts if row[name] == key], measure_of)
            lines.append(_line(key or "", [row for row in enquiries if row[name] == key], a, complete))
        return lines

    smallest = measure.smallest_group
    centres = placed("centre_id", _grouped(hours.by_centre, lambda row: row.centre))
    staff = sums.staff_of_centres(period)
    few = sorted(key for key, number in staff.items() if number < smallest)
    services = [_line(row["service_id"], [row], enquiries_a(row)) for row in _by(enquiries, "service_id")]
    services.sort(key=lambda line: (-line.enquiries, line.key))
    return {
        "channel": _hide(placed("channel", _grouped(hours.whole, lambda row: row.channel)), smallest),
        "centre": _hide(centres, smallest, also=set(few)),
        "service": _hide(services, smallest),
    }, few


def _by_level(enquiries: list[Row], smallest: int) -> list[Line]:
    return _hide([_line(row["level"], [row], enquiries_a(row)) for row in _by(enquiries, "level")], smallest)


def _large_enough(rows: list[Row], figure: str, smallest: int) -> list[Row]:
    """The rows without small groups, and without those by which the small could be worked out."""
    hidden = hidden_rows([row[figure] for row in rows], smallest)
    return [row for number, row in enumerate(rows) if number not in hidden]


def _hide(lines: list[Line], smallest: int, also: set[str] | None = None) -> list[Line]:
    """The lines with small groups hidden, and as many others as keep them from being worked out from the total."""
    counts = [
        1 if also and line.key in also else min(line.a.denominator or line.enquiries, line.enquiries) for line in lines
    ]
    hidden = hidden_rows(counts, smallest)
    nothing = Rate(numerator=0, denominator=0, hidden=True)
    return [
        Line(key=line.key, a=nothing, b=nothing, enquiries=0, unknown=0, hidden=True) if row in hidden else line
        for row, line in enumerate(lines)
    ]
