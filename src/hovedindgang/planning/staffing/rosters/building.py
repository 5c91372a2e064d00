"""A roster's question as an integer program.

One variable for each employee, day and shift. When a break is held is decided for the people of a shift who can do the
same, as a number of them, and handed out afterwards; that loses nothing and makes the program small. Coverage needs no
variable for who serves which group: by Hall's theorem, needs of several groups can be filled at once exactly when for
each set of groups enough people are there who can do one of them. What is missing has unit steps with rising prices,
so that the relaxation is tight.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections import defaultdict
from dataclasses import dataclass, field, replace

from hovedindgang.planning.integer import Program
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.staffing.rosters.document import DAY, Duty, Employee, Need, Question, Shift

ORE = 100  # prices in the program are whole øre
MOST_GROUPS = 6  # at one centre at one time: 63 sets of groups


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that people know, by its kind and whom or what it is about; `telling` says it in words."""

    kind: str
    employee: str = ""
    centre: str = ""
    day: dt.date | None = None
    about: str = ""


Team = tuple[frozenset[str], dt.date, str]  # people who can do the same, on a day, in a shift


@dataclass(slots=True)
class Built:
    program: Program
    duties: dict[int, Duty] = field(default_factory=dict)  # variable to the duty it stands for, its break still open
    breaks: dict[Team, dict[int | None, int]] = field(default_factory=dict)  # variables: how many rest when
    teams: dict[int, Team] = field(default_factory=dict)  # of the variable of a duty
    rules: list[Rule] = field(default_factory=list)
    floor_ore: int = 0  # what every roster of the question costs, whoever works when

    def chosen(self, values: tuple[int, ...]) -> tuple[Duty, ...]:
        """The duties of an answer, each with its break."""
        left = {team: {at: values[index] for at, index in breaks.items()} for team, breaks in self.breaks.items()}
        found = []
        for index, duty in self.duties.items():
            if values[index]:
                times = left[self.teams[index]]
                at = next(at for at, people in times.items() if people)
                times[at] -= 1
                found.append(with_break(duty, at))
        return tuple(found)


def with_break(duty: Duty, at: int | None) -> Duty:
    return replace(duty, break_at=at, break_minutes=0 if at is None else duty.break_minutes)


def build(question: Question) -> Built:
    """The program of `question`. Raises CannotPlan for needs that nobody or no shift can ever fill."""
    return _Builder(question).built()


def fair_late(question: Question) -> tuple[int, int]:
    """Late days that are fair for one employee: floor and ceiling of those needed, shared by all who can be late."""
    needed = sum(_late_needed(question).values())
    able = sum(1 for one in question.employees if one.most_late is None or one.most_late > 0)
    return (0, 0) if not able else (needed // able, -(-needed // able))


def _late_needed(question: Question) -> dict[tuple[str, dt.date], int]:
    """People that the desired level takes late, by centre and day."""
    at: dict[tuple[str, dt.date, int], int] = defaultdict(int)
    for need in question.needs:
        if need.alongside or need.day in question.closed or not question.is_late(need.day, need.ends):
            continue
        for minute in {need.starts, max(need.starts, question.rules.late_from)}:
            if question.is_late(need.day, minute + 1) and minute < need.ends:
                at[need.centre, need.day, minute] += need.desired
    most: dict[tuple[str, dt.date], int] = defaultdict(int)
    for (centre, day, _minute), people in at.items():
        most[centre, day] = max(most[centre, day], people)
    return most


class _Builder:
    def __init__(self, question: Question) -> None:
        self.question = question
        self.program = Program()
        self.result = Built(self.program)
        self.rule_index: dict[Rule, int] = {}
        self.on: dict[tuple[str, dt.date], list[int]] = defaultdict(list)  # employee and day to variables
        self.at: dict[tuple[str, dt.date], list[tuple[Team, int | None]]] = defaultdict(list)
        self.members: dict[Team, list[int]] = defaultdict(list)
        self.shifts = {shift.key: shift for shift in question.shifts}
        # What nobody asks for tells nobody apart.
        groups = {need.group for need in question.needs if need.group}
        self.asked = frozenset().union(*(question.groups.get(group, {group}) for group in groups))

    def built(self) -> Built:
        self._duties()
        for employee in self.question.employees:
            self._absences(employee)
            self._hours(employee)
            self._rest(employee)
            self._late(employee)
        needs: dict[tuple[str, dt.date], list[Need]] = defaultdict(list)
        for need in self.question.needs:
            if need.day not in self.question.closed:
                needs[need.centre, need.day].append(need)
        for (centre, day), there in needs.items():
            self._coverage(centre, day, there)
        return self.result

    def _rule(self, rule: Rule, weight: int = 1) -> int:
        if rule not in self.rule_index:
            self.rule_index[rule] = self.program.rule(weight)
            self.result.rules.append(rule)
        return self.rule_index[rule]

    def _duties(self) -> None:
        for employee in self.question.employees:
            wishes: dict[dt.date, list[tuple[str, int]]] = defaultdict(list)
            for wish in employee.wishes:
                wishes[wish.day].append((wish.want, round(wish.weight * ORE)))
            for day in self.question.days:
                if day in self.question.closed:
                    continue
                for shift in self.question.shifts:
                    if shift.centre in employee.centres and day.weekday() in shift.weekdays:
                        self._duty(employee, day, shift, wishes[day])
                if self.on[employee.key, day]:
                    self.program.row(self.on[employee.key, day], high=1)
                # A wish to work is paid beforehand, and working gives it back.
                self.result.floor_ore += sum(weight for want, weight in wishes[day] if want == "work")

        for team, breaks in self.result.breaks.items():
            members = self.members[team]
            for at in self.shifts[team[2]].breaks_at or (None,):
                breaks[at] = self.program.variable(0, len(members))
                self.at[self.shifts[team[2]].centre, team[1]].append((team, at))
            self.program.row([*members, *breaks.values()], [1] * len(members) + [-1] * len(breaks), low=0, high=0)

    def _duty(self, employee: Employee, day: dt.date, shift: Shift, wishes: list[tuple[str, int]]) -> None:
        late = self.question.is_late(day, shift.ends)
        price = 0 if shift.centre == employee.centres[0] else round(self.question.prices.away_day * ORE)
        for want, weight in wishes:
            if want == "work":
                price -= weight
            elif want == "off" or (want == "late") != late:
                price += weight
        index = self.program.variable(price=price)
        self.on[employee.key, day].append(index)
        self.program.chosen_by.append(index)
        team = employee.competences & self.asked, day, shift.key
        self.result.teams[index] = team
        self.result.breaks.setdefault(team, {})
        self.members[team].append(index)
        self.result.duties[index] = Duty(
            employee.key,
            day,
            shift.key,
            shift.centre,
            shift.starts,
            shift.ends,
            break_minutes=shift.break_minutes if shift.breaks_at else 0,
            paid_minutes=shift.paid_minutes,
        )

    def _all(self, employee: Employee) -> list[int]:
        return [index for day in self.question.days for index in self.on[employee.key, day]]

    def _absences(self, employee: Employee) -> None:
        for absence in employee.absences:
            away = [
                i for d in self.question.days if absence.first <= d <= absence.last for i in self.on[employee.key, d]
            ]
            if away:
                rule = Rule("absence", employee.key, day=absence.first, about=f"{absence.last}|{absence.reason}")
                self.program.row(away, high=0, rule=self._rule(rule, 4))
        never = [
            i for d in self.question.days if d.weekday() not in employee.weekdays for i in self.on[employee.key, d]
        ]
        if never:
            self.program.row(never, high=0, rule=self._rule(Rule("weekdays", employee.key), 4))

    def _hours(self, employee: Employee) -> None:
        question, program, duties = self.question, self.program, self.result.duties
        agreed, tolerance = question.agreed_minutes(employee), round(question.rules.tolerance_hours * 60)
        every = self._all(employee)
        unit = math.gcd(*(duties[i].paid_minutes for i in every), agreed, 60)
        work = [duties[i].paid_minutes // unit for i in every]
        low, high = -(-max(0, agreed - tolerance) // unit), (agreed + tolerance) // unit
        rule = self._rule(Rule("hours", employee.key), 2)
        program.row(every, work, low=low, high=max(high, 0), rule=rule)
        extra = program.variable(0, max(0, tolerance // unit + 1), round(question.prices.extra_hour * ORE * unit / 60))
        program.row([*every, extra], [*work, -1], high=agreed // unit if agreed >= 0 else 0, rule=rule)
        week_limit = round(question.rules.most_hours_in_week * 60) // unit
        for week in range(question.weeks):
            these = [i for d in question.days[7 * week : 7 * week + 7] for i in self.on[employee.key, d]]
            if sum(sorted((duties[i].paid_minutes // unit for i in these), reverse=True)[:7]) > week_limit:
                hours = [duties[i].paid_minutes // unit for i in these]
                program.row(these, hours, high=week_limit, rule=self._rule(Rule("week", employee.key)))
        average = round(question.rules.average_hours * 60 * question.weeks) // unit
        if high > average:
            program.row(every, work, high=average, rule=self._rule(Rule("average", employee.key), 8))

    def _rest(self, employee: Employee) -> None:
        question, program, days = self.question, self.program, self.question.days
        daily = self._rule(Rule("daily_rest", employee.key), 8)
        for day, after in itertools.pairwise(days):
            self._apart(employee, day, after, question.rules.daily_rest_hours, [], daily)
        length = question.rules.most_days_in_row + 1
        for first in range(len(days) - length + 1):
            these = [i for day in days[first : first + length] for i in self.on[employee.key, day]]
            if these:
                program.row(these, high=length - 1, rule=self._rule(Rule("row", employee.key)))
        weekly = self._rule(Rule("weekly_rest", employee.key), 8)
        resting: dict[dt.date, int] = {}
        for number, day in enumerate(days):
            resting[day] = program.variable()
            program.row([*self.on[employee.key, day], resting[day]], high=1, rule=weekly)
            if 0 < number < len(days) - 1:
                before, after = days[number - 1], days[number + 1]
                self._apart(employee, before, after, question.rules.rest_day_hours, [resting[day]], weekly)
        within = question.rules.rest_day_within_days
        for first in range(len(days) - within + 1):
            program.row([resting[day] for day in days[first : first + within]], low=1, rule=weekly)

    def _apart(
        self, employee: Employee, day: dt.date, after: dt.date, hours: float, also: list[int], rule: int
    ) -> None:
        """Between the end on `day` and the start on `after` lie `hours` (where all of `also` are chosen)."""
        duties = self.result.duties
        ends = sorted({duties[i].ends for i in self.on[employee.key, day]})
        between = (after - day).days * DAY
        for end in ends:
            early = [i for i in self.on[employee.key, after] if duties[i].starts + between - end < hours * 60]
            if early:
                late = [i for i in self.on[employee.key, day] if duties[i].ends >= end]
                self.program.row([*late, *early, *also], high=1 + len(also), rule=rule)

    def _late(self, employee: Employee) -> None:
        question, program = self.question, self.program
        late = [
            i for i in self._all(employee) if question.is_late(self.result.duties[i].day, self.result.duties[i].ends)
        ]
        if not late:
            return
        if employee.most_late is not None:
            program.row(late, high=employee.most_late, rule=self._rule(Rule("most_late", employee.key)))
        for week in range(question.weeks):
            days = set(question.days[7 * week : 7 * week + 7])
            these = [i for i in late if self.result.duties[i].day in days]
            if these:
                rule = self._rule(Rule("late_week", employee.key))
                program.row(these, high=question.rules.most_late_in_week, rule=rule)
        low, high = fair_late(question)
        price = round(question.prices.unfair_late * ORE)
        above, below = program.variable(0, len(question.days), price), program.variable(0, low, price)
        program.row([*late, above], [1] * len(late) + [-1], high=high)
        if employee.most_late is None:
            program.row([*late, below], low=low)

    def _coverage(self, centre: str, day: dt.date, needs: list[Need]) -> None:
        there = self.at[centre, day]
        cuts = {need.starts for need in needs} | {need.ends for need in needs}
        for team, break_at in there:
            shift = self.shifts[team[2]]
            cuts |= {shift.starts, shift.ends}
            if break_at is not None:
                cuts |= {break_at, break_at + shift.break_minutes}
        # Neighbouring pieces in which the same people are at the counter for the same needs are one.
        pieces: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = defaultdict(int)
        for start, end in itertools.pairwise(sorted(cuts)):
            active = tuple(n for n, need in enumerate(needs) if need.starts <= start < need.ends)
            if active:
                present = tuple(n for n, (team, at) in enumerate(there) if _present(self.shifts[team[2]], at, start))
                pieces[active, present] += end - start
        for (active, numbers), minutes in pieces.items():
            wanted, present_teams = [needs[n] for n in active], [there[n] for n in numbers]
            for need in wanted:
                if need.alongside:
                    self._piece(centre, day, [need], present_teams, minutes)
            self._piece(centre, day, [need for need in wanted if not need.alongside], present_teams, minutes)

    def _piece(
        self, centre: str, day: dt.date, needs: list[Need], present: list[tuple[Team, int | None]], minutes: int
    ) -> None:
        """Needs that are filled at once by the people in `present`, for `minutes`."""
        question, program = self.question, self.program
        if len(needs) > MOST_GROUPS:
            wrong = _("{centre} har {number} grupper på én gang; højst {most} kan planlægges.")
            raise CannotPlan(
                wrong.format(centre=question.centres[centre], number=len(needs), most=MOST_GROUPS),
                cure=_("Saml opgaver, som de samme medarbejdere kan, i én gruppe."),
                where=(f"{centre}, {day}",),
            )
        missing = [self._missing(need, minutes) for need in needs]
        for size in range(1, len(needs) + 1):
            for chosen in itertools.combinations(range(len(needs)), size):
                takes = [question.takes(needs[n].group) for n in chosen]
                able = [self.result.breaks[team][at] for team, at in present if any(take <= team[0] for take in takes)]
                wanted = sum(self._steps(needs[n]) for n in chosen)
                program.row([*able, *(v for n in chosen for v in missing[n])], low=wanted)
                least = sum(needs[n].minimum for n in chosen)
                if least and question.prices.missing_minimum is None:
                    rule = self._rule(Rule("minimum", centre=centre, day=day), 3)
                    program.row(able, low=least, rule=rule)

    def _lifted(self, need: Need) -> float:
        return max(need.desired * self.question.lift, need.minimum)

    def _steps(self, need: Need) -> int:
        return math.ceil(self._lifted(need) - 1e-9)

    def _missing(self, need: Need, minutes: int) -> list[int]:
        """Variables for the people missing: the last, partial step first and cheapest, the minimum last and dearest."""
        question, program = self.question, self.program
        lifted, steps = self._lifted(need), self._steps(need)
        part = lifted - (steps - 1) if steps > need.minimum else 0.0
        hour = question.prices.missing_desired * ORE * minutes / 60
        found = []
        if steps > need.minimum:
            found.append(program.variable(0, 1, round(hour * part)))
            whole = steps - need.minimum - 1
            if whole:
                found.append(program.variable(0, whole, round(hour)))
        if need.minimum:
            dear = question.prices.missing_minimum
            # Where the minimum is a rule it is never missing; only an explanation of a collision lets it be.
            price = hour * 10 if dear is None else dear * ORE * minutes / 60
            found.append(program.variable(0, need.minimum, round(price)))
        return found


def _present(shift: Shift, break_at: int | None, minute: int) -> bool:
    resting = break_at is not None and break_at <= minute < break_at + shift.break_minutes
    return shift.starts <= minute < shift.ends and not resting
