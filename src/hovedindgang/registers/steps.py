"""Rows of an event log as steps of cases."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from hovedindgang.registers.instants import BadInstant, Instants, format_of
from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.looking import CannotRead
from hovedindgang.registers.mapping import Layout, key_of
from hovedindgang.registers.reading import Refusal, Table
from hovedindgang.registers.rules import is_nothing, mask_cpr, says_yes, too_small

LONGEST_TEXT = 200
LONGEST_ID = 120


class Step(NamedTuple):
    """One thing done in one case. Texts are "" where the log says nothing."""

    case: str
    position: int  # 0, 1, ... within the case, by time and then by the log's own order
    at: dt.datetime
    activity: str
    group: str
    department: str
    channel: str
    lifecycle: str
    sent_on: bool = False  # the citizen herself was sent on to another


class CaseDates(NamedTuple):
    """What the log says of a case as a whole, on its first row."""

    started: dt.datetime | None
    ended: dt.datetime | None
    deadline: dt.datetime | None


@dataclass
class Log:
    """An event log, read: steps sorted by case and position."""

    name: str
    layout: Layout
    steps: list[Step]
    dates: dict[str, CaseDates]
    refused: list[Refusal]
    pooled: frozenset[str] = frozenset()  # groups with too few employees to be shown apart
    pooled_departments: frozenset[str] = frozenset()
    sizes_known: bool = False  # whether the log names employees, so that a group's size can be told


class Texts:
    """Cleans the few texts that a column repeats: each once. CPR is masked; what says "nothing" becomes ""."""

    def __init__(self) -> None:
        self._clean: dict[str, str] = {}

    def __call__(self, raw: str) -> str:
        found = self._clean.get(raw)
        if found is None:
            found = "" if is_nothing(raw) else mask_cpr(" ".join(raw.split()))
            if len(found) > LONGEST_TEXT:
                raise TooLong
            self._clean[raw] = found
        return found


class TooLong(ValueError):
    """A cell holds far more than a name or a number."""


def read_log(table: Table, layout: Layout, progress: Callable[[float], None] | None = None) -> Log:
    """Every whole row as a step. Raises CannotRead if none can be used."""
    rows = _Rows(table, layout)
    steps = [step for row in table.rows(progress) if (step := rows.step(row))]
    refuse_month_first(table, rows.instants)
    if not steps:
        raise CannotRead(no_rows(table))
    steps.sort(key=lambda step: (step.case, step.at))  # stable: equal times keep the log's order
    steps = [
        step._replace(position=position)
        for _case, of_case in groupby(steps, key=lambda step: step.case)
        for position, step in enumerate(of_case)
    ]
    return Log(
        name=table.name,
        layout=layout,
        steps=steps,
        dates=rows.dates,
        refused=sorted(table.refused, key=lambda refusal: refusal.line),
        pooled=too_small(rows.employees, Counter(step.group for step in steps)),
        pooled_departments=too_small(rows.employees_of, Counter(step.department for step in steps)),
        sizes_known=bool(rows.employees or rows.employees_of),
    )


def no_rows(table: Table) -> str:
    """Why nothing in the file could be used, with the first refusals."""
    reasons = [_("linje {line}: {reason}").format(line=r.line, reason=r.reason) for r in table.refused[:3]]
    wrong = _("{file} har ingen rækker, der kan bruges.").format(file=table.name)
    return "\n  ".join([wrong, *reasons])


def refuse_month_first(table: Table, instants: Instants) -> None:
    """Raises CannotRead where more dates must be read month first than day first: the rest would change places."""
    if instants.month_first > instants.day_first:
        wrong = _(
            "{file} skriver måneden før dagen; læst på dansk ville de to bytte plads. Sig det i en afbildning:\n"
            '  [formats]\n  time = "{format}"'
        )
        raise CannotRead(wrong.format(file=table.name, format=instants.month_first_format))


class _Rows:
    """Turns rows into steps, remembering what the log says of each case and who works in each group."""

    def __init__(self, table: Table, layout: Layout) -> None:
        self.table, self.layout = table, layout
        self.instants = Instants(layout.mapping.zone, layout.mapping.formats.get("time", ""))
        self.texts, self.cases = Texts(), dict[str, str]()
        self.dates: dict[str, CaseDates] = {}
        self.employees: dict[str, set[str]] = defaultdict(set)  # group → who works in it
        self.employees_of: dict[str, set[str]] = defaultdict(set)  # department → who works in it
        self.sent_on = layout.places.get("sent_on")
        self.has_dates = bool({"started", "ended", "deadline"} & layout.places.keys())

    def step(self, row: list[str]) -> Step | None:
        """The row as a step; None, and a refusal in the table, if it cannot be one."""
        places, texts = self.layout.places, self.texts
        raw_case = row[places["case"]].strip()
        if not raw_case or len(raw_case) > LONGEST_ID:
            self.table.refuse(
                _("Rækken har intet brugbart sagsnummer i kolonnen {column}.").format(column=self.layout.names["case"])
            )
            return None
        case = self.cases.setdefault(raw_case, raw_case)
        try:
            at = self.instants.read(row[places["at"]])
            activity = texts(row[places["activity"]])
            group, department, channel, lifecycle = (
                texts(row[places[role]]) if role in places else ""
                for role in ("group", "department", "channel", "lifecycle")
            )
        except BadInstant:
            at = activity = None
        except TooLong:
            self.table.refuse(_("Et felt er over {most} tegn langt.").format(most=LONGEST_TEXT))
            return None
        if at is None:
            self.table.refuse(bad_time(self.layout, "at", row))
            return None
        if not activity:
            self.table.refuse(
                _("Rækken har ingen aktivitet i kolonnen {column}.").format(column=self.layout.names["activity"])
            )
            return None
        if "resource" in places and not is_nothing(row[places["resource"]]):
            self._remember(row[places["resource"]].strip(), group, department)
        if self.has_dates and case not in self.dates:
            self.dates[case] = CaseDates(*(self._date(row, role) for role in CaseDates._fields))
        channel = (key_of(self.layout.mapping.channels, channel) or channel) if channel else ""
        sent_on = self.sent_on is not None and says_yes(row[self.sent_on])
        return Step(case, 0, at, activity, group, department, channel, lifecycle, sent_on)

    def _remember(self, employee: str, group: str, department: str) -> None:
        if group:
            self.employees[group].add(employee)
        if department:
            self.employees_of[department].add(employee)

    def _date(self, row: list[str], role: str) -> dt.datetime | None:
        """A date of the case; one that cannot be read is as if it were not there, for the step itself is whole."""
        if role not in self.layout.places:
            return None
        try:
            return self.instants.read(row[self.layout.places[role]])
        except BadInstant:
            return None


def bad_time(layout: Layout, role: str, row: list[str]) -> str:
    """Why a row's time could not be used, without repeating what stands there."""
    format, like = layout.mapping.formats.get("time", ""), format_of(row[layout.places[role]])
    if format:
        wrong = _('Tiden i kolonnen {column} mangler eller passer ikke til time = "{format}" under [formats].')
    elif like:
        wrong = _('Tiden i kolonnen {column} er skrevet sådan, at afbildningen må sige det: [formats] time = "{like}".')
    else:
        wrong = _(
            "Tiden i kolonnen {column} mangler eller kan ikke læses. Der læses fx 2026-11-22 14:30, 22-11-2026 14:30 "
            "og 22.11.2026 kl. 14.30; en anden skrivemåde siges i afbildningen under [formats] med time."
        )
    return wrong.format(column=layout.names[role], format=format, like=like)
