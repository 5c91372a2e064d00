"""The board: what the kept figures say of a period, each by the definition and the goals of its own days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

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
from hovedindgang.insight.models import HandCount
from hovedindgang.insight.periods import Period
from hovedindgang.insight.rates import Completeness, Rate, UnknownRange, unknown_range
from hovedindgang.insight.rules import DEFINITION_VERSION
from hovedindgang.insight.shown import Board, Line, Moment, UnderVersion, enquiries_a
from hovedindgang.insight.sums import HourRow, Hours, Row
from hovedindgang.kernel import clock
from hovedindgang.look.tables import hidden_rows
from hovedindgang.policy.queries import in_force
from hovedindgang.servicemodel.document import Channel

BREAKDOWNS = ("channel", "centre", "service")


def board(period: Period) -> Board:
    """The figures of a period, from the kept days, in at most seventeen queries."""
    today = clock.today()
    measure_of = measures()
    measure = measure_of(in_force(min(period.last, today)).version_id)
    contacts, enquiries = sums.contact_rows(period), sums.enquiry_rows(period)
    by_hand = sums.standing_counts(period)
    hours, covered = sums.hours(period), sums.days_covered(period, by_hand)
    whole = total(contacts)
    matters = total(enquiries)
    a = _a(contacts, measure_of)
    complete = _completeness(hours.whole, max(covered.values(), default=0), period, measure)
    by_day = hours.by_day
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
        corrected=_corrected(period, measure_of, complete),
        freshness=sums.freshness(period),
        measure=measure,
        once_goal=goal_of(measure.model, "first_contact_resolution"),
        versions=_under_versions(contacts, measure_of, by_day, period),
        a=a.resting_on(complete),
        wide=_wide(a.resting_on(complete), whole),
        b=_b(matters, "window").resting_on(complete),
        b_beside={days: _b(matters, word).resting_on(complete) for word, days in WINDOW_KEYS.items() if days},
        b_unknown=_unknown(enquiries, complete),
        not_sent_on=_not_sent_on(contacts, breakdowns["channel"]),
        contacts=whole,
        enquiries=matters,
        completeness=complete,
        over_time=_over_time(contacts, measure_of, by_day, period, measure),
        breakdowns=breakdowns,
        by_level=_by_level(enquiries, measure.smallest_group, complete),
        hours=hours.whole,
        hours_by_centre=_hours_shown(hours.by_centre, breakdowns["centre"]),
        counted_by_hand=by_hand,
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
    found, _few = _breakdowns(period, contacts, enquiries, Hours([], [], []), {}, measure_of, measure)
    lines = {
        "channel": found["channel"],
        "centre_id": found["centre"],
        "service_id": found["service"],
        "level": _by_level(enquiries, measure.smallest_group),
    }
    hidden = {field: frozenset(line.key for line in of if line.hidden) for field, of in lines.items()}
    causes = sums.avoidable_rows(period)
    told = {row["cause"] for row in _large_enough(causes, "enquiries", measure.smallest_group)}
    return hidden | {"avoidable_cause": frozenset(row["cause"] for row in causes if row["cause"] not in told)}


def departments_shown(period: Period) -> set[str]:
    """The departments whose handovers the board of a period tells of."""
    today = clock.today()
    measure = measures()(in_force(min(period.last, today)).version_id)
    start, end = clock.day_bounds(period.first)[0], clock.day_bounds(period.last)[1]
    rows = _large_enough(sums.handover_rows(start, end, today), "sent", measure.smallest_group)
    return {row["department_id"] for row in rows}


LATEST = 50


def hand_counts_entered() -> list[HandCount]:
    """The latest counts by hand, those that were put right among them."""
    rows = HandCount.objects.select_related("entered_by", "replaced_by").order_by("-first_on", "-pk")
    return list(rows[:LATEST])


def hand_count_of(count_id: int) -> HandCount | None:
    """A count that stands: neither taken back nor put right."""
    return HandCount.objects.filter(pk=count_id, replaced_by=None, arrived__isnull=False).first()


def _corrected(period: Period, measure_of: MeasureOf, complete: Completeness) -> Corrected | None:
    days = corrections.days_corrected(period)
    if not days:
        return None
    now = sums.contact_rows_now(period)
    a, b = _a(now, measure_of), _b_of_contacts(total(now))
    return Corrected(a=a.resting_on(complete), b=b.resting_on(complete), why=corrections.reasons(days))


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
    return Rate(
        numerator=a.numerator,
        denominator=a.denominator + whole["elsewhere"],
        open=a.open,
        unclear=a.unclear,
        not_valid=a.not_valid,
    )


def _not_sent_on(rows: list[Row], channels: list[Line]) -> dict[str, Rate]:
    """By channel, those left out that the board hides."""
    hidden = {line.key for line in channels if line.hidden}
    complete = {line.key: line.completeness for line in channels}
    spoken = [row for row in _by(rows, "channel") if row["channel"] in {Channel.IN_PERSON, Channel.PHONE}]
    return {
        row["channel"]: Rate(numerator=row["not_sent_on"], denominator=row["met"]).resting_on(
            complete.get(row["channel"])
        )
        for row in sorted(spoken, key=lambda row: str(row["channel"]))
        if row["channel"] not in hidden
    }


def _under_versions(
    rows: list[Row], measure_of: MeasureOf, by_day: list[HourRow], period: Period
) -> list[UnderVersion]:
    numbers = sorted({row["version"] for row in rows}, key=lambda number: measure_of(number).valid_from or dt.date.min)
    begins = [measure_of(number).valid_from or dt.date.min for number in numbers]
    found = []
    for number, first, after in zip(numbers, begins, [*begins, dt.date.max][1:], strict=True):
        measure = measure_of(number)
        its_days = [row for row in by_day if row.day and first <= row.day < after]
        complete = _completeness(its_days, len(its_days), period, measure)
        a = _a([row for row in rows if row["version"] == number], measure_of)
        found.append(UnderVersion(measure=measure, a=a.resting_on(complete)))
    return found


def _over_time(
    contacts: list[Row], measure_of: MeasureOf, by_day: list[HourRow], period: Period, measure: Measure
) -> list[Moment]:
    moments = []
    buckets = _grouped(by_day, lambda row: period.bucket_of(row.day).isoformat() if row.day else None)
    for starts in sorted({row["bucket"] for row in contacts}):
        rows = [row for row in contacts if row["bucket"] == starts]
        whole = total(rows)
        its_days = buckets.get(starts.isoformat(), [])
        complete = _completeness(its_days, len(its_days), period, measure)
        a, b = _a(rows, measure_of).resting_on(complete), _b_of_contacts(whole).resting_on(complete)
        moments.append(Moment(starts=starts, a=a, b=b, contacts=whole["contacts"], completeness=complete))
    return moments


def _line(
    key: str,
    enquiries: list[Row],
    a: Rate,
    completeness: Completeness | None = None,
    *,
    rests_on: Completeness | None = None,
) -> Line:
    """`completeness` is the line's own; a line without one of its own rests on that of the whole."""
    matters = total(enquiries)
    return Line(
        key=key,
        a=a.resting_on(completeness or rests_on),
        b=_b(matters, "window").resting_on(completeness or rests_on),
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
        by_hand=sum(row.by_hand for row in hours),
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
    complete = _completeness(hours.whole, max(covered.values(), default=0), period, measure)
    services = [
        _line(row["service_id"], [row], enquiries_a(row), rests_on=complete) for row in _by(enquiries, "service_id")
    ]
    services.sort(key=lambda line: (-line.enquiries, line.key))
    return {
        "channel": _hide(placed("channel", _grouped(hours.whole, lambda row: row.channel)), smallest),
        "centre": _hide(centres, smallest, also=set(few)),
        "service": _hide(services, smallest),
    }, few


def _by_level(enquiries: list[Row], smallest: int, complete: Completeness | None = None) -> list[Line]:
    rows = _by(enquiries, "level")
    return _hide([_line(row["level"], [row], enquiries_a(row), rests_on=complete) for row in rows], smallest)


def _hours_shown(hours: list[HourRow], centres: list[Line]) -> list[HourRow]:
    """Without the centres that the board hides."""
    hidden = {line.key for line in centres if line.hidden}
    return [row for row in hours if (row.centre or "") not in hidden]


def _unknown(enquiries: list[Row], complete: Completeness) -> UnknownRange:
    rows = _by(enquiries, "service_id")
    found = unknown_range([(row["once_window"], row["known_window"], row["unknown_window"]) for row in rows])
    return replace(found, worst=None, like_known=None) if complete.valid is False else found


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
