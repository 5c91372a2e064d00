"""A training plan in words, as data and as what the simulator needs: who knows what from when."""

from __future__ import annotations

from typing import Any

from hovedindgang.planning.courses.building import Rule
from hovedindgang.planning.courses.checking import training_kr
from hovedindgang.planning.courses.document import Plan, Training, known_in, reached_in
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import number
from hovedindgang.servicemodel.wording import date_text


def rule_text(training: Training, rule: Rule) -> str:
    """One rule as a sentence."""
    people = {one.key: one.name for one in training.learners}
    who = people.get(rule.subject, rule.subject)
    centre = training.centres.get(rule.subject)
    course = training.courses.get(rule.subject)
    if rule.kind == "goal":
        goal = next(goal for goal in training.goals if goal.key == rule.about)
        text = _("{who}: generalist i {share} % af opgaverne den {by}")
        return text.format(who=who, share=number(goal.share_percent), by=date_text(goal.by))
    if rule.kind == "absent" and centre is not None:
        return _("{centre}: højst {people} væk på kursus ad gangen").format(
            centre=centre.name, people=centre.most_absent
        )
    if rule.kind == "competent" and centre is not None:
        text = _("{centre}: mindst {people} på arbejde, som kan {service}")
        return text.format(centre=centre.name, people=centre.least_competent, service=rule.about)
    if rule.kind == "sessions" and course is not None:
        text = _("{course}: højst {people} deltagere, når det holdes")
        return text.format(course=course.name, people=course.capacity * course.sessions_a_week)
    if rule.kind == "mentor" and course is not None:
        place = training.centres[rule.about].name
        return _("{course}: en kollega i {centre}, som kan det, ved siden af").format(course=course.name, centre=place)
    return f"{rule.kind}: {who} {rule.about}".strip()


def verdict(plan: Plan) -> str:
    if plan.ended == "proved":
        return _("Bevist: ingen plan er bedre efter disse priser.")
    return _("Højst {gap} % over den bedste plan, der kan findes (nedre grænse {bound} kr.).").format(
        gap=number(100 * plan.gap, 2), bound=number(plan.bound_kr)
    )


def lines(training: Training, plan: Plan) -> list[str]:
    """The plan for each employee, when each goal is reached, and what it costs."""
    said = [training.title, ""]
    for learner in training.learners:
        own = [one for one in plan.enrolments if one.learner == learner.key]
        said.append(f"{learner.name} ({training.centres[learner.centre].name})")
        for one in own:
            course = training.courses[one.course]
            end = training.monday(one.week + course.weeks)
            said.append(f"  {date_text(training.monday(one.week))} - {date_text(end)}  {course.name}")
        if not own:
            said.append("  " + _("intet at lære"))
        for goal in training.goals:
            week = reached_in(training, plan, goal, learner.key)
            when = "-" if week is None else date_text(training.monday(week)) if week else _("allerede nu")
            share = number(goal.share_percent)
            said.append("  " + _("{share} % af opgaverne: {when}").format(share=share, when=when))
    said.append("")
    for goal in training.goals:
        weeks = [reached_in(training, plan, goal, one.key) for one in training.learners]
        last = max(week for week in weeks if week is not None)
        text = _("Alle kan {share} % af opgaverne den {when}; målet er {by}.")
        said.append(
            text.format(share=number(goal.share_percent), when=date_text(training.monday(last)), by=date_text(goal.by))
        )
    said.append(_("Koster {kr} kr. i kurser og dage væk fra skranken.").format(kr=number(training_kr(training, plan))))
    said.append(verdict(plan))
    return said


def curve(training: Training, plan: Plan) -> list[dict[str, Any]]:
    """Share of all services that employees know, by date: the mean, and the one who knows least."""
    changes = {0, training.weeks} | {
        training.counts_from(training.courses[one.course], one.week) for one in plan.enrolments
    }
    found = []
    for week in sorted(changes):
        shares = [len(known) / len(training.services) for known in known_in(training, plan, week).values()]
        found.append(
            {
                "on": training.monday(week).isoformat(),
                "week": week,
                "mean_percent": round(100 * sum(shares) / len(shares), 1),
                "least_percent": round(100 * min(shares), 1),
            }
        )
    return found


def as_data(training: Training, plan: Plan) -> dict[str, Any]:
    """Everything in plain values. `competences` is who has learned what from which date, for the simulator."""
    return {
        "title": training.title,
        "price_kr": round(plan.price_kr, 2),
        "bound_kr": round(plan.bound_kr, 2),
        "gap": plan.gap,
        "proved": plan.ended == "proved",
        "ended": plan.ended,
        "seconds": round(plan.seconds, 1),
        "seed": plan.seed,
        "cost_kr": round(training_kr(training, plan), 2),
        "sources": dict(training.sources),
        "goals": [
            {
                "goal": goal.key,
                "share_percent": goal.share_percent,
                "by": goal.by.isoformat(),
                "source": goal.source,
                "reached": {
                    one.key: None
                    if (week := reached_in(training, plan, goal, one.key)) is None
                    else training.monday(week).isoformat()
                    for one in training.learners
                },
            }
            for goal in training.goals
        ],
        "enrolments": [
            {
                "employee": one.learner,
                "course": one.course,
                "from": training.monday(one.week).isoformat(),
                "until": training.monday(one.week + training.courses[one.course].weeks).isoformat(),
                "counts_from": training.monday(
                    training.counts_from(training.courses[one.course], one.week)
                ).isoformat(),
            }
            for one in plan.enrolments
        ],
        "curve": curve(training, plan),
        "competences": matrix(training, plan),
    }


def matrix(training: Training, plan: Plan) -> list[dict[str, Any]]:
    """Employee × service by date: a row for each time that she comes to know more; the first row is the beginning."""
    found = []
    for learner in training.learners:
        changes = {0} | {
            training.counts_from(training.courses[one.course], one.week)
            for one in plan.enrolments
            if one.learner == learner.key
        }
        before: frozenset[str] | None = None
        for week in sorted(changes):
            known = known_in(training, plan, week)[learner.key]
            if known != before:
                found.append(
                    {"employee": learner.key, "from": training.monday(week).isoformat(), "generalist_in": sorted(known)}
                )
            before = known
    return found
