"""What hours reach: the share of each group's need that falls while their centre is open, and what being open costs."""

from __future__ import annotations

from dataclasses import dataclass

from hovedindgang.planning.hours.document import Group, Hours, Question, Spans


@dataclass(frozen=True, slots=True)
class Change:
    """For one group at one centre: share of need reached before and after, and people whose times it opens or shuts."""

    group: str
    centre: str
    people: float
    before: float
    after: float
    gain: float  # people × the share of need that becomes reached
    lose: float  # people × the share of need that no longer is


def open_part(spans: Spans, start: int, minutes: int) -> float:
    """The part of [start, start + minutes) that lies in `spans`."""
    return sum(max(0, min(end, start + minutes) - max(first, start)) for first, end in spans) / minutes


def share_reached(question: Question, hours: Hours, group: Group, centre: str) -> float:
    """From 0 to 1."""
    week = hours.get(centre, {})
    step = question.step_minutes
    return sum(share * open_part(week.get(day, ()), start, step) for (day, start), share in group.need.items())


def group_share(question: Question, hours: Hours, group: Group) -> float:
    """Over all centres, weighed by people; 0 for a group of nobody."""
    people = sum(group.people.values())
    if not people:
        return 0.0
    return sum(n * share_reached(question, hours, group, centre) for centre, n in group.people.items()) / people


def total_share(question: Question, hours: Hours) -> float:
    people = sum(sum(group.people.values()) for group in question.groups)
    if not people:
        return 0.0
    return sum(group_share(question, hours, g) * sum(g.people.values()) for g in question.groups) / people


def worst_share(question: Question, hours: Hours) -> float:
    """Of the group that is served worst at its own centre."""
    shares = (
        share_reached(question, hours, group, centre)
        for group in question.groups
        for centre, people in group.people.items()
        if people
    )
    return min(shares, default=0.0)


def cost_kr(question: Question, hours: Hours) -> float:
    """A week's staff while open, supplements included."""
    return sum(
        day_cost_kr(question, centre, day, spans)
        for centre, week in hours.items()
        for day, spans in week.items()
        if centre in question.centres
    )


def day_cost_kr(question: Question, centre: str, day: int, spans: Spans) -> float:
    hours = sum(end - start for start, end in spans) / 60
    for one in question.supplements:
        if day in one.weekdays:
            inside = sum(max(0, min(end, one.ends) - max(start, one.starts)) for start, end in spans) / 60
            hours += inside * one.percent / 100
    return hours * question.hour_kr * question.staff[centre]


def changes(question: Question, before: Hours, after: Hours) -> list[Change]:
    """Who gains and who loses. A time of need that is as open as before is neither."""
    found = []
    step = question.step_minutes
    for group in question.groups:
        for centre, people in group.people.items():
            gain = lose = 0.0
            for (day, start), share in group.need.items():
                was = open_part(before.get(centre, {}).get(day, ()), start, step)
                now = open_part(after.get(centre, {}).get(day, ()), start, step)
                gain += share * max(0.0, now - was)
                lose += share * max(0.0, was - now)
            found.append(
                Change(
                    group.key,
                    centre,
                    people,
                    share_reached(question, before, group, centre),
                    share_reached(question, after, group, centre),
                    people * gain,
                    people * lose,
                )
            )
    return found
