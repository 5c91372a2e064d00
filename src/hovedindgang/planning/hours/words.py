"""Hours, and who gains and loses by them, in words and as data."""

from __future__ import annotations

from typing import Any

from hovedindgang.planning.hours.choosing import BestHours
from hovedindgang.planning.hours.document import Hours, Question, Spans
from hovedindgang.planning.hours.reaching import Change, changes, cost_kr, group_share, total_share
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import number
from hovedindgang.planning.tables import WEEKDAYS, clock_text


def weekday(day: int) -> str:
    return (_("man"), _("tir"), _("ons"), _("tor"), _("fre"), _("lør"), _("søn"))[day]


def spans_text(spans: Spans) -> str:
    return " ".join(f"{clock_text(start)}-{clock_text(end)}" for start, end in spans) or _("lukket")


def hours_lines(question: Question, hours: Hours) -> list[str]:
    days = sorted({day for week in hours.values() for day, spans in week.items() if spans} | set(range(5)))
    width = max(len(name) for name in question.centres.values()) + 2
    said = [" " * width + "".join(f"{weekday(day):<13}" for day in days)]
    for centre, name in question.centres.items():
        week = hours.get(centre, {})
        said.append(f"{name:<{width}}" + "".join(f"{spans_text(week.get(day, ())):<13}" for day in days))
    return [line.rstrip() for line in said]


def change_lines(question: Question, before: Hours, after: Hours) -> list[str]:
    """Groups over all centres first, then each centre that is touched."""
    found = changes(question, before, after)
    said = []
    for group in question.groups:
        mine = [one for one in found if one.group == group.key]
        said.append(
            _(
                "{group}: {before} % af behovet nås i dag, {after} % bagefter; {gain} vinder en tid, {lose} mister en"
            ).format(
                group=group.name,
                before=number(100 * group_share(question, before, group), 1),
                after=number(100 * group_share(question, after, group), 1),
                gain=number(sum(one.gain for one in mine)),
                lose=number(sum(one.lose for one in mine)),
            )
        )
        said += [f"  {_touched(question, one)}" for one in mine if round(one.gain) or round(one.lose)]
    said.append(
        _(
            "Alle: {before} % i dag, {after} % bagefter. Personale om ugen: {cost} kr. i dag, {then} kr. bagefter."
        ).format(
            before=number(100 * total_share(question, before), 1),
            after=number(100 * total_share(question, after), 1),
            cost=number(cost_kr(question, before)),
            then=number(cost_kr(question, after)),
        )
    )
    return said


def _touched(question: Question, one: Change) -> str:
    return _("{centre}: {before} % til {after} %, {gain} vinder, {lose} taber").format(
        centre=question.centres[one.centre],
        before=number(100 * one.before, 1),
        after=number(100 * one.after, 1),
        gain=number(one.gain),
        lose=number(one.lose),
    )


def choice_lines(question: Question, found: BestHours) -> list[str]:
    best = found[0]
    assert question.choice is not None
    said = [
        _("De bedste åbningstider for højst {budget} kr. om ugen:").format(budget=number(question.choice.budget_kr)),
        *hours_lines(question, best.hours),
        "",
        *change_lines(question, question.hours, best.hours),
        _("Bevist: intet valg på de samme trin når mere for pengene.")
        if best.proved
        else _("Ikke bevist: højst {percent} % af behovet kan nås.").format(percent=number(100 * best.bound, 2)),
        "",
        _("De næste, og hvor de er anderledes (dage, som alle har lige meget brug for, kan byttes):"),
    ]
    for place, one in enumerate(found[1:], 2):
        text = _("{place}. {total} % af alle, {worst} % af dem, der har det sværest, {cost} kr.: {differs}")
        said.append(
            text.format(
                place=place,
                total=number(100 * one.total, 2),
                worst=number(100 * one.worst, 2),
                cost=number(one.cost_kr),
                differs="; ".join(_differs(question, best.hours, one.hours)),
            )
        )
    if found.interrupted:
        said.append(_("Afbrudt: svaret er det bedste indtil da."))
    return said


def _differs(question: Question, best: Hours, other: Hours) -> list[str]:
    if question.choice is not None and question.choice.same_hours:
        first = next(iter(question.centres))
        return [
            f"{weekday(day)} {spans_text(other[first].get(day, ()))}"
            for day in range(7)
            if best[first].get(day, ()) != other[first].get(day, ())
        ]
    return [
        f"{name} {weekday(day)} {spans_text(other[centre].get(day, ()))}"
        for centre, name in question.centres.items()
        for day in range(7)
        if best[centre].get(day, ()) != other[centre].get(day, ())
    ]


def as_data(question: Question, found: BestHours | None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "title": question.title,
        "sources": {**question.sources, **{f"need.{group.key}": group.source for group in question.groups}},
        "today": _hours_data(question, question.hours),
    }
    if question.changed is not None:
        said["changed"] = _hours_data(question, question.changed)
        said["changes"] = _changes_data(question, question.changed)
    if found:
        said["best"] = [
            {
                **_hours_data(question, one.hours),
                "value": round(one.value, 6),
                "bound": round(one.bound, 6),
                "proved": one.proved,
                "changes": _changes_data(question, one.hours),
            }
            for one in found
        ]
        said["interrupted"] = found.interrupted
    return said


def _hours_data(question: Question, hours: Hours) -> dict[str, Any]:
    return {
        "hours": {
            centre: {
                WEEKDAYS[day]: [f"{clock_text(start)}-{clock_text(end)}" for start, end in spans]
                for day, spans in sorted(hours.get(centre, {}).items())
            }
            for centre in question.centres
        },
        "cost_kr": round(cost_kr(question, hours), 2),
        "reached_percent": round(100 * total_share(question, hours), 2),
        "by_group_percent": {g.key: round(100 * group_share(question, hours, g), 2) for g in question.groups},
    }


def _changes_data(question: Question, after: Hours) -> list[dict[str, Any]]:
    return [
        {
            "group": one.group,
            "centre": one.centre,
            "people": one.people,
            "before_percent": round(100 * one.before, 2),
            "after_percent": round(100 * one.after, 2),
            "gain_people": round(one.gain, 1),
            "lose_people": round(one.lose, 1),
        }
        for one in changes(question, question.hours, after)
    ]
