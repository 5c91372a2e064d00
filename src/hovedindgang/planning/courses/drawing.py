"""A training plan as a drawing: who is on which course when, when goals are reached, and how competence grows."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from hovedindgang.planning.courses.document import Plan, Training, reached_in
from hovedindgang.planning.courses.words import curve, verdict
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import number
from hovedindgang.servicemodel.wording import date_text

if TYPE_CHECKING:
    from hovedindgang.planning.courses.along import Point

NAME, WIDTH, ROW, TOP, CURVE = 170, 900, 26, 96, 150
STYLE = (
    "text{font-family:'IBM Plex Sans',Arial,sans-serif;font-size:12px;fill:#1a1a1a}"
    ".small{font-size:10.5px}.bold{font-weight:600}.title{font-size:17px;font-weight:600}"
    ".line{stroke:#bfbfbf;stroke-width:.6}.away{fill:#cfe3f5;stroke:#1a1a1a;stroke-width:.8}"
    ".beside{fill:#fff;stroke:#1a1a1a;stroke-width:.8;stroke-dasharray:3 2}.closed{fill:#f1f1f1}"
    ".by{stroke:#b00020;stroke-width:1.4;stroke-dasharray:5 3}.mean{fill:none;stroke:#1a1a1a;stroke-width:2}"
    ".least{fill:none;stroke:#1a1a1a;stroke-width:1.4;stroke-dasharray:2 3}"
)


def draw(training: Training, plan: Plan, points: Sequence[Point] = ()) -> str:
    """The SVG text; the same question and plan always give the same. `points`: both indicators along it, drawn too."""
    courses = list(training.courses.values())
    bottom = TOP + ROW * len(training.learners)
    below = bottom + 50 + CURVE + 60
    legend = below + (CURVE + 50 if points else -20)
    height = legend + 18 * -(-len(courses) // 2) + 40
    width = NAME + WIDTH + 40
    title = _("Kursusplan: {title}").format(title=training.title)
    about = _("{people} medarbejdere, {courses} kurser. {verdict}").format(
        people=len(training.learners), courses=len(courses), verdict=verdict(plan)
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-labelledby="courses-title courses-desc">',
        f'<title id="courses-title">{escape(title)}</title>',
        f'<desc id="courses-desc">{escape(about)}</desc>',
        f'<style>{STYLE}</style><rect width="{width}" height="{height}" fill="#fff"/>',
        _text(12, 26, title, "title"),
        _text(12, 46, _("Fuld ramme: væk fra skranken. Stiplet: oplæres ved skranken. ● målet er nået."), "small"),
        *_calendar(training, bottom),
    ]
    for row, learner in enumerate(training.learners):
        y = TOP + ROW * row
        parts.append(f'<line class="line" x1="8" y1="{y}" x2="{NAME + WIDTH}" y2="{y}"/>')
        parts.append(_text(12, y + 17, f"{learner.name}, {training.centres[learner.centre].name}"))
        for one in plan.enrolments:
            if one.learner == learner.key:
                parts += _bar(training, one.course, one.week, learner.name, y)
        for goal in training.goals:
            week = reached_in(training, plan, goal, learner.key)
            if week:
                told = _("{who} når {share} % den {on}").format(
                    who=learner.name, share=number(goal.share_percent), on=date_text(training.monday(week))
                )
                parts.append(
                    f'<circle cx="{_x(training, week)}" cy="{y + 23}" r="3.5"><title>{escape(told)}</title></circle>'
                )
    parts += _curve(training, plan, bottom + 50)
    parts += _indicators(training, points, below) if points else []
    for place, course in enumerate(courses):
        x, y = 12 + (width // 2) * (place % 2), legend + 18 * (place // 2)
        text = _("{number}: {name} (opgaver: {services}, dage: {days})").format(
            number=place + 1,
            name=course.name,
            services=len(course.teaches),
            days=number(course.days, int(course.days % 1 > 0)),
        )
        parts.append(_text(x, y, text))
    parts.append(_text(12, height - 10, about, "small"))
    return "\n".join([*parts, "</svg>", ""])


def _x(training: Training, week: float) -> float:
    return round(NAME + WIDTH * week / training.weeks, 1)


def _calendar(training: Training, bottom: int) -> list[str]:
    """Months or quarters above, closed weeks in grey, the dates of the goals as dashed lines through it all."""
    parts = []
    for week in sorted(training.closed):
        x, wide = _x(training, week), _x(training, week + 1) - _x(training, week)
        parts.append(f'<rect class="closed" x="{x}" y="{TOP}" width="{wide:.1f}" height="{bottom - TOP}"/>')
    step = 1 if training.weeks <= 60 else 3
    month = dt.date(training.starts_on.year, training.starts_on.month, 1)
    while (month - training.starts_on).days < 7 * training.weeks:
        if (month.month - 1) % step == 0 and month >= training.starts_on:
            x = _x(training, (month - training.starts_on).days / 7)
            parts.append(f'<line class="line" x1="{x}" y1="{TOP - 14}" x2="{x}" y2="{bottom + 50 + CURVE}"/>')
            parts.append(_text(x + 3, TOP - 4, f"{month.month}/{month.year % 100:02d}", "small"))
        month = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    for goal in training.goals:
        x = min(_x(training, training.last_week(goal)), NAME + WIDTH)
        parts.append(f'<line class="by" x1="{x}" y1="{TOP - 26}" x2="{x}" y2="{bottom + 50 + CURVE}"/>')
        text = _("{share} % senest {by}").format(share=number(goal.share_percent), by=date_text(goal.by))
        parts.append(f'<text class="small" x="{x - 4}" y="{TOP - 18}" text-anchor="end">{escape(text)}</text>')
    return parts


def _bar(training: Training, key: str, week: int, who: str, y: int) -> list[str]:
    course = training.courses[key]
    x, right = _x(training, week), _x(training, week + course.weeks)
    place = list(training.courses).index(key) + 1
    told = f"{who}, {course.name}, {date_text(training.monday(week))}"
    kind = "beside" if course.side_by_side else "away"
    wide = max(right - x, 13.0)
    return [
        f'<g><title>{escape(told)}</title><rect class="{kind}" x="{x}" y="{y + 4}" width="{wide:.1f}" height="18"/>',
        _text(x + 2, y + 17, str(place), "small"),
        "</g>",
    ]


def _curve(training: Training, plan: Plan, top: int) -> list[str]:
    """Share of services known, as steps: the mean drawn, the one who knows least dotted."""
    points = curve(training, plan)
    parts = [_text(12, top - 12, _("Opgaver, medarbejderne kan"), "bold")]
    parts.append(_text(12, top + 28, _("fuldt: i gennemsnit"), "small"))
    parts.append(_text(12, top + 44, _("prikket: den, der kan færrest"), "small"))
    for percent in (0, 50, 100):
        y = top + CURVE * (1 - percent / 100)
        parts.append(f'<line class="line" x1="{NAME}" y1="{y}" x2="{NAME + WIDTH}" y2="{y}"/>')
        parts.append(_text(NAME - 38, y + 4, f"{percent} %", "small"))
    for kind in ("mean", "least"):
        steps, before = [], None
        for point in points:
            x, y = _x(training, min(point["week"], training.weeks)), top + CURVE * (1 - point[f"{kind}_percent"] / 100)
            if before is not None:
                steps.append(f"{x},{before:.1f}")
            steps.append(f"{x},{y:.1f}")
            before = y
        parts.append(f'<polyline class="{kind}" points="{" ".join(steps)}"/>')
    return parts


def _indicators(training: Training, points: Sequence[Point], top: int) -> list[str]:
    """Both indicators by date, each with its interval: solved in Borgerservice drawn, in one contact dotted."""
    drawn = {"mean": [one.resolved for one in points], "least": [one.first_contact for one in points]}
    every = [one for figures in drawn.values() for one in figures]
    low = 5 * math.floor(min(one.low if math.isfinite(one.low) else one.value for one in every) / 5)
    high = 5 * math.ceil(max(one.high if math.isfinite(one.high) else one.value for one in every) / 5)
    high = max(high, low + 5)

    def y(value: float) -> float:
        return round(top + CURVE * (1 - (value - low) / (high - low)), 1)

    parts = [
        _text(12, top - 12, _("Simuleret med det, alle kan på datoen"), "bold"),
        _text(12, top + 28, _("fuldt: løst i Borgerservice"), "small"),
        _text(12, top + 44, _("prikket: løst i én henvendelse"), "small"),
        _text(12, top + 60, _("lodret streg: 95 %-interval"), "small"),
    ]
    for percent in (low, (low + high) / 2, high):
        parts.append(f'<line class="line" x1="{NAME}" y1="{y(percent)}" x2="{NAME + WIDTH}" y2="{y(percent)}"/>')
        parts.append(_text(NAME - 38, y(percent) + 4, f"{percent:g} %", "small"))
    for kind, figures in drawn.items():
        own = [(_x(training, min(at.week, training.weeks)), one) for at, one in zip(points, figures, strict=True)]
        path = " ".join(f"{x},{y(one.value)}" for x, one in own)
        parts.append(f'<polyline class="{kind}" points="{path}"/>')
        for point, (x, one) in zip(points, own, strict=True):
            told = f"{date_text(point.on)}: {number(one.value, 1)} %"
            ends = (one.low, one.high) if math.isfinite(one.half_width) else (one.value, one.value)
            parts.append(
                f'<g><title>{escape(told)}</title><line x1="{x}" y1="{y(ends[0])}" x2="{x}" y2="{y(ends[1])}" '
                f'stroke="#1a1a1a"/><circle cx="{x}" cy="{y(one.value)}" r="2.5"/></g>'
            )
        for x, one in (own[0], own[-1]):
            anchor = "start" if x < NAME + WIDTH - 60 else "end"
            shown = f"{number(one.value, 1)} %"
            parts.append(
                f'<text class="small" x="{x + (5 if anchor == "start" else -5)}" y="{y(one.value) - 7}" '
                f'text-anchor="{anchor}">{escape(shown)}</text>'
            )
    return parts


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    name = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}"{name}>{escape(text)}</text>'
