"""Rules, rosters and gaps in words, in Danish and English."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import ngettext, number
from hovedindgang.planning.staffing.rosters.building import Rule
from hovedindgang.planning.staffing.rosters.checking import Missing, bill, missing
from hovedindgang.planning.staffing.rosters.document import Question, Roster
from hovedindgang.planning.tables import clock_text


def weekday(day: int) -> str:
    return (_("man"), _("tir"), _("ons"), _("tor"), _("fre"), _("lør"), _("søn"))[day]


def day_text(day: dt.date) -> str:
    return f"{weekday(day.weekday())} {day.day}.{day.month}."


def hours_text(minutes: float) -> str:
    return number(minutes / 60, 1)


def rule_text(question: Question, rule: Rule) -> str:
    """One rule as a sentence about a person or a centre and a day."""
    rules, names = question.rules, {one.key: one for one in question.employees}
    who = names[rule.employee].name if rule.employee in names else rule.employee
    day = "" if rule.day is None else day_text(rule.day)
    if rule.kind == "minimum":
        least = sorted(
            {
                (need.starts, need.ends, need.group, need.minimum)
                for need in question.needs
                if (need.centre, need.day) == (rule.centre, rule.day) and need.minimum
            }
        )
        wanted = ", ".join(
            f"{clock_text(start)}-{clock_text(end)} {people} {group or _('uanset opgave')}"
            for start, end, group, people in least
        )
        return _("{centre} {day}: mindst {wanted}").format(
            centre=question.centres.get(rule.centre, rule.centre), day=day, wanted=wanted
        )
    if rule.kind == "absence":
        last, _bar, reason = rule.about.partition("|")
        until = day_text(dt.date.fromisoformat(last))
        return _("{who}: {reason} {first} til {last}").format(who=who, reason=reason, first=day, last=until)
    if rule.kind == "hours":
        return _("{who}: {hours} timer i perioden, højst {tolerance} fra eller til").format(
            who=who,
            hours=hours_text(question.agreed_minutes(names[rule.employee])),
            tolerance=number(rules.tolerance_hours, 1),
        )
    if rule.kind == "weekdays":
        off = ", ".join(weekday(day) for day in range(7) if day not in names[rule.employee].weekdays)
        return _("{who}: arbejder ikke {days}").format(who=who, days=off)
    text = {
        "week": _("{who}: højst {week} timer på en uge"),
        "average": _("{who}: højst {average} timer om ugen i gennemsnit (lov om arbejdstid § 4)"),
        "daily_rest": _("{who}: {rest} timers hvile mellem to arbejdsdage (arbejdsmiljøloven § 50)"),
        "weekly_rest": _("{who}: et ugentligt fridøgn (arbejdsmiljøloven § 51)"),
        "row": _("{who}: højst {row} dage i træk"),
        "most_late": _("{who}: højst {late} sene dage i perioden"),
        "late_week": _("{who}: højst {late_week} sene dage på en uge"),
        "place": _("{who}: kan ikke møde {centre} {day}"),
        "closed": _("{who}: der er lukket {day}"),
        "one_duty": _("{who}: kun én vagt {day}"),
    }[rule.kind]
    late = names[rule.employee].most_late if rule.employee in names else None
    return text.format(
        who=who,
        day=day,
        centre=rule.centre,
        week=number(rules.most_hours_in_week, 1),
        average=number(rules.average_hours, 0),
        rest=number(rules.daily_rest_hours, 0),
        row=rules.most_days_in_row,
        late=late,
        late_week=rules.most_late_in_week,
    )


def verdict(roster: Roster) -> str:
    """How good the roster is proved to be; the gap is always said."""
    if roster.ended == "partial":
        return _(
            "Søgningen blev standset, før løseren fandt en plan: dette er et udkast, der bryder reglerne nedenfor."
        )
    if roster.bound_kr is None or roster.gap is None:
        return _("Ingen nedre grænse er fundet endnu: hvor langt planen er fra den bedste, vides ikke.")
    if roster.ended == "proved":
        return _("Bevist: ingen plan er bedre efter disse priser.")
    return _("Højst {gap} % over den bedste plan, der kan findes (nedre grænse {bound} kr.).").format(
        gap=number(100 * roster.gap, 2), bound=number(roster.bound_kr)
    )


def lines(question: Question, roster: Roster) -> list[str]:
    """The roster as a text table, a week at a time: a line for each employee, a column for each day worked."""
    said = [question.title, ""]
    duties = {(duty.employee, duty.day): duty for duty in roster.duties}
    signs = letters(question)
    width = max(9, *(len(one.name) + 2 for one in question.employees))
    for week in range(question.weeks):
        days = [d for d in question.days[7 * week : 7 * week + 7] if any(duty.day == d for duty in roster.duties)]
        heading = _("Uge {number}").format(number=question.days[7 * week].isocalendar().week)
        said.append(f"{heading:<{width}}" + "".join(f"{day_text(day):<15}" for day in days))
        for one in question.employees:
            cells, total = [], 0
            for day in days:
                duty, away = duties.get((one.key, day)), one.absent(day)
                if duty is not None:
                    cells.append(f"{signs[duty.centre]} {clock_text(duty.starts)}-{clock_text(duty.ends)}")
                    total += duty.paid_minutes
                else:
                    cells.append(away.reason[:12] if away is not None else "-")
            said.append(f"{one.name:<{width}}" + "".join(f"{cell:<15}" for cell in cells) + hours_text(total))
        said.append("")
    said.append(", ".join(f"{letter} = {question.centres[centre]}" for centre, letter in signs.items()))
    return said + summary(question, roster)


def summary(question: Question, roster: Roster) -> list[str]:
    """What it costs, what is missing, and how near the best it is."""
    cost = bill(question, roster.duties)
    gaps = missing(question, roster.duties)
    said = [
        _(
            "Pris efter planens egne vægte: {total} kr. (mangel {missing}, ønsker {wishes}, sene dage {late}, "
            "ekstra timer {extra}, andre steder {away})."
        ).format(
            total=number(cost.total),
            missing=number(cost.missing),
            wishes=number(cost.wishes),
            late=number(cost.unfair_late),
            extra=number(cost.extra_hours),
            away=number(cost.away),
        ),
        verdict(roster),
        _("Mangler i alt {hours} persontimer efter ønsket bemanding, løftet {percent} % for fravær.").format(
            hours=number(sum(one.hours for one in gaps), 1), percent=number(100 * (question.lift - 1), 1)
        ),
    ]
    return said + worst(question, gaps)


def worst(question: Question, gaps: list[Missing], most: int = 5) -> list[str]:
    """The centre days on which most is missing."""
    by_day: dict[tuple[str, dt.date], float] = defaultdict(float)
    for one in gaps:
        by_day[one.need.centre, one.need.day] += one.hours
    found = sorted(by_day.items(), key=lambda item: (-item[1], item[0][1], item[0][0]))
    said = [
        "  "
        + _("{centre} {day}: {hours} persontimer mangler").format(
            centre=question.centres[c], day=day_text(d), hours=number(h, 1)
        )
        for (c, d), h in found[:most]
        if h >= 0.5
    ]
    left = len([h for h in by_day.values() if h >= 0.5]) - len(said)
    if left > 0:
        text = ngettext("og {number} dag mere på et center", "og {number} dage mere på et center", left)
        said.append("  " + text.format(number=left))
    return said


def letters(question: Question) -> dict[str, str]:
    """A short sign for each centre: its first letters, as many as tell it from the others."""
    for length in range(1, 12):
        signs = {key: name[:length].upper() for key, name in question.centres.items()}
        if len(set(signs.values())) == len(signs):
            return signs
    return {key: key for key in question.centres}
