"""A roster for other programs: as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

from hovedindgang.planning.staffing.rosters.checking import bill, broken_rules, missing
from hovedindgang.planning.staffing.rosters.document import Duty, Question, Roster
from hovedindgang.planning.staffing.rosters.words import rule_text
from hovedindgang.planning.tables import clock_text


def as_data(question: Question, roster: Roster) -> dict[str, Any]:
    """Everything about the roster, in plain values; money in kroner, times as "HH:MM"."""
    cost = bill(question, roster.duties)
    return {
        "title": question.title,
        "starts_on": question.starts_on.isoformat(),
        "weeks": question.weeks,
        "price_kr": round(roster.price_kr, 2),
        "bound_kr": None if roster.bound_kr is None else round(roster.bound_kr, 2),
        "gap": roster.gap,
        "proved": roster.ended == "proved",
        "ended": roster.ended,
        "seconds": round(roster.seconds, 1),
        "seed": roster.seed,
        "bill_kr": {
            "missing": round(cost.missing, 2),
            "wishes": round(cost.wishes, 2),
            "unfair_late": round(cost.unfair_late, 2),
            "extra_hours": round(cost.extra_hours, 2),
            "away": round(cost.away, 2),
        },
        "broken": [rule_text(question, rule) for rule in broken_rules(question, roster.duties)],
        "shrinkage": [
            {"cause": one.cause, "percent": one.percent, "counted": one.counted, "source": one.source}
            for one in question.shrinkage
        ],
        "sources": dict(question.sources),
        "employees": [_employee(question, roster, one.key) for one in question.employees],
        "duties": [_duty(question, duty) for duty in _in_order(roster)],
        "missing": [
            {
                "centre": one.need.centre,
                "day": one.need.day.isoformat(),
                "from": clock_text(one.starts),
                "to": clock_text(one.ends),
                "group": one.need.group,
                "people": round(one.people, 3),
                "of_minimum": one.minimum,
            }
            for one in missing(question, roster.duties)
        ],
    }


def as_csv(question: Question, roster: Roster) -> str:
    """One line for each duty, in the order of days."""
    out = io.StringIO()
    rows = [_duty(question, duty) for duty in _in_order(roster)]
    columns = ["day", "employee", "name", "centre", "from", "to", "break_from", "break_minutes", "paid_hours", "shift"]
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _in_order(roster: Roster) -> list[Duty]:
    return sorted(roster.duties, key=lambda duty: (duty.day, duty.centre, duty.starts, duty.employee))


def _employee(question: Question, roster: Roster, key: str) -> dict[str, Any]:
    one = next(one for one in question.employees if one.key == key)
    own = list(roster.of(key))
    return {
        "employee": key,
        "name": one.name,
        "hours": round(sum(duty.paid_minutes for duty in own) / 60, 2),
        "agreed_hours": round(question.agreed_minutes(one) / 60, 2),
        "days": len(own),
        "late_days": sum(question.is_late(duty.day, duty.ends) for duty in own),
        "days_away": sum(duty.centre != one.centres[0] for duty in own),
    }


def _duty(question: Question, duty: Duty) -> dict[str, Any]:
    return {
        "day": duty.day.isoformat(),
        "employee": duty.employee,
        "name": next(one.name for one in question.employees if one.key == duty.employee),
        "centre": duty.centre,
        "from": clock_text(duty.starts),
        "to": clock_text(duty.ends),
        "break_from": None if duty.break_at is None else clock_text(duty.break_at),
        "break_minutes": duty.break_minutes,
        "paid_hours": round(duty.paid_minutes / 60, 2),
        "shift": duty.shift,
    }
