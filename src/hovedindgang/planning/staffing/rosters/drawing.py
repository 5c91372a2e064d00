"""A roster as a drawing: a group of rows for each week, a row for each employee, a field for each day.

Where employees are many, two weeks stand side by side. The field is the day from the first start to the last end: a bar
where she works, a notch for her break, the letter of the centre in it; colour only repeats the letter, so that it reads
in print and to those who tell no colours apart.
"""

from __future__ import annotations

import datetime as dt
from html import escape

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.staffing.rosters.checking import missing
from hovedindgang.planning.staffing.rosters.document import Duty, Employee, Question, Roster
from hovedindgang.planning.staffing.rosters.words import day_text, hours_text, letters, verdict
from hovedindgang.planning.tables import clock_text

NAME, DAY_WIDTH, ROW, HEAD, GAP = 150, 150, 26, 34, 26
MANY, SIDE = 13, 30  # so many employees have two weeks side by side: four weeks are one sheet of A3 across
FILLS = ("#cfe3f5", "#f6dfb8", "#d5ecd0", "#ead4ee", "#f3d0cf", "#d8dadd")
STYLE = (
    "@page{size:A3 landscape;margin:8mm}"
    "text{font-family:'IBM Plex Sans',Arial,sans-serif;font-size:12px;fill:#1a1a1a}"
    ".small{font-size:10.5px}.bold{font-weight:600}.title{font-size:17px;font-weight:600}"
    ".line{stroke:#bfbfbf;stroke-width:.6}.bar{stroke:#1a1a1a;stroke-width:.8}.away{fill:#efefef}"
    ".notch{fill:#fff;stroke:#1a1a1a;stroke-width:.5}.late{stroke-width:2}.short{fill:#b00020;font-weight:600}"
)


def draw(question: Question, roster: Roster) -> str:
    """The SVG text; the same question and roster always give the same."""
    worked = {duty.day.weekday() for duty in roster.duties} | {need.day.weekday() for need in question.needs}
    week_days = sorted(worked) or [0]
    group = HEAD + ROW * (len(question.employees) + 1) + GAP
    columns = 2 if question.weeks > 1 and len(question.employees) >= MANY else 1
    wide = NAME + DAY_WIDTH * len(week_days) + 60
    width = wide * columns + SIDE * (columns - 1)
    height = 70 + group * -(-question.weeks // columns) + 20
    title = _("Vagtplan: {title}").format(title=question.title)
    first, last = question.days[0], question.days[-1]
    about = _("{people} medarbejdere, {first} til {last}. {verdict}").format(
        people=len(question.employees), first=day_text(first), last=day_text(last).rstrip("."), verdict=verdict(roster)
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-labelledby="roster-title roster-desc">',
        f'<title id="roster-title">{escape(title)}</title>',
        f'<desc id="roster-desc">{escape(about)}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        _text(12, 26, title, "title"),
        *_legend(question),
    ]
    scale = _Scale(question, roster)
    short: dict[dt.date, float] = {}
    for one in missing(question, roster.duties):
        short[one.need.day] = short.get(one.need.day, 0) + one.hours
    for week in range(question.weeks):
        days = [question.days[7 * week + number] for number in week_days]
        beside = (wide + SIDE) * (week % columns)
        parts.append(f'<g transform="translate({beside} 0)">')
        parts += _week(question, roster, days, 70 + group * (week // columns), scale, short)
        parts.append("</g>")
    parts.append(_text(12, height - 8, about, "small"))
    return "\n".join([*parts, "</svg>", ""])


class _Scale:
    """Minutes of the day to a place in the field of a day."""

    def __init__(self, question: Question, roster: Roster) -> None:
        self.first = min([duty.starts for duty in roster.duties], default=8 * 60) // 60 * 60
        self.last = -(-max([duty.ends for duty in roster.duties], default=16 * 60) // 60) * 60
        self.letters = letters(question)
        self.fills = dict(zip(question.centres, FILLS * len(question.centres), strict=False))

    def at(self, minute: int) -> float:
        return round(6 + (DAY_WIDTH - 12) * (minute - self.first) / (self.last - self.first), 1)


def _legend(question: Question) -> list[str]:
    found, x = [], 12.0
    signs = letters(question)
    for fill, (key, name) in zip(FILLS * len(question.centres), question.centres.items(), strict=False):
        found.append(f'<rect class="bar" x="{x}" y="38" width="24" height="16" fill="{fill}"/>')
        found.append(_text(x + 4, 50, signs[key], "small bold"))
        found.append(_text(x + 30, 50, name))
        x += 50 + 7.2 * len(name)
    found.append(f'<rect class="bar late" x="{x}" y="38" width="24" height="16" fill="#fff"/>')
    found.append(_text(x + 30, 50, _("sen dag")))
    found.append(f'<rect class="notch" x="{x + 100}" y="46" width="8" height="5"/>')
    found.append(_text(x + 114, 50, _("pause")))
    return found


def _week(
    question: Question, roster: Roster, days: list[dt.date], top: float, scale: _Scale, short: dict[dt.date, float]
) -> list[str]:
    duties = {(duty.employee, duty.day): duty for duty in roster.duties}
    bottom = top + HEAD + ROW * (len(question.employees) + 1)
    parts = ["<g>", _text(12, top + 14, _("Uge {number}").format(number=days[0].isocalendar().week), "bold")]
    right = NAME + DAY_WIDTH * len(days)
    parts.append(_text(right + 8, top + 14, _("timer"), "bold"))
    for column, day in enumerate(days):
        x = NAME + DAY_WIDTH * column
        parts.append(_text(x + 6, top + 14, day_text(day), "bold"))
        parts.append(_text(x + 6, top + 28, clock_text(scale.first), "small"))
        parts.append(_text(x + DAY_WIDTH - 36, top + 28, clock_text(scale.last), "small"))
        parts.append(f'<line class="line" x1="{x}" y1="{top}" x2="{x}" y2="{bottom}"/>')
        if day in question.closed:
            parts.append(_text(x + 6, top + HEAD + 15, _("lukket")))
        elif short.get(day, 0) >= 0.5:
            text = _("mangler {hours} t").format(hours=hours_text(short[day] * 60))
            parts.append(_text(x + 6, bottom - 7, text, "small short"))
    for row, one in enumerate(question.employees):
        y = top + HEAD + ROW * row
        parts.append(f'<line class="line" x1="8" y1="{y}" x2="{right + 50}" y2="{y}"/>')
        parts.append(_text(12, y + 16, one.name))
        total = 0
        for column, day in enumerate(days):
            duty = duties.get((one.key, day))
            x = NAME + DAY_WIDTH * column
            if duty is not None:
                total += duty.paid_minutes
                parts += _bar(question, one, duty, x, y, scale)
            elif (away := one.absent(day)) is not None and day not in question.closed:
                parts.append(
                    f'<rect class="away" x="{x + 6}" y="{y + 3}" width="{DAY_WIDTH - 12}" height="{ROW - 6}"/>'
                )
                parts.append(_text(x + 12, y + 16, away.reason, "small"))
        parts.append(_text(right + 8, y + 16, hours_text(total)))
    parts.append(f'<line class="line" x1="8" y1="{bottom - ROW}" x2="{right + 50}" y2="{bottom - ROW}"/>')
    return [*parts, "</g>"]


def _bar(question: Question, one: Employee, duty: Duty, x: float, y: float, scale: _Scale) -> list[str]:
    left, right = x + scale.at(duty.starts), x + scale.at(duty.ends)
    late = " late" if question.is_late(duty.day, duty.ends) else ""
    clock = f"{clock_text(duty.starts)}-{clock_text(duty.ends)}"
    told = f"{one.name}, {day_text(duty.day)} {clock}, {question.centres[duty.centre]}"
    parts = [
        f"<g><title>{escape(told)}</title>"
        f'<rect class="bar{late}" x="{left:.1f}" y="{y + 3}" width="{right - left:.1f}" height="{ROW - 6}" '
        f'fill="{scale.fills[duty.centre]}"/>'
    ]
    if duty.break_at is not None:
        start, end = x + scale.at(duty.break_at), x + scale.at(duty.break_at + duty.break_minutes)
        parts.append(f'<rect class="notch" x="{start:.1f}" y="{y + ROW - 9}" width="{end - start:.1f}" height="5"/>')
    label = f"{scale.letters[duty.centre]} {_brief(duty.starts)}-{_brief(duty.ends)}"
    return [*parts, _text(left + 3, y + 14, label, "small"), "</g>"]


def _brief(minute: int) -> str:
    return str(minute // 60) if minute % 60 == 0 else f"{minute // 60}.{minute % 60:02d}"


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    name = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}"{name}>{escape(text)}</text>'
