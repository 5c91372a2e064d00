"""When each employee is at work, and where: her usual week, weekends by turns, and days out with a travelling team."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from hovedindgang.planning.distances import DETOUR
from hovedindgang.planning.service.ground import DAY, OVER, Ground, minutes_of, week_number
from hovedindgang.planning.service.inputs import Outing, Team
from hovedindgang.planning.service.placing import kilometres
from hovedindgang.planning.simulation.scenario import ByDate, Periods, Shift, joined
from hovedindgang.servicemodel.document import Channel, Period, ServiceModel

TRAVEL = "travel"  # no channel: on the road nobody is served
UNKNOWN_MINUTES = 30.0  # of travel, where the model does not say where the places are (assumed)
LEAST_MINUTES = 30.0  # at home, between or after trips: for less she does not go there
GAP_MINUTES = 60.0  # between two stretches of a day: for less she stays
LONG_DAY = 6 * 60.0  # beyond it she has her lunch, wherever she is

Week = dict[int, Periods]  # weekday → when she is at work


@dataclass(frozen=True, slots=True)
class Trip:
    """A day out: there from `begins` until `ends`, `travel` minutes from home."""

    begins: float
    ends: float
    place: str
    travel: float


def week_of(ground: Ground, team: Team, number: int) -> tuple[ByDate[tuple[Shift, ...]], list[float]]:
    """Her shifts on each day: from before the door opens until after it shuts, and her hours of the week in all; and
    of each day the minutes that she is on the road home, which are paid too: those inside are served first.

    On a Saturday or Sunday on which the door is open half of the team is there, by turns; they are off as long on other
    days of that week. Who is sent out on a day on which she is otherwise off has those hours more.
    """
    outings, alternates = sent_out(ground, team)[number], _alternates(ground, team)
    turns: dict[bool, Week] = {}
    usual: list[Periods] = [()] * len(ground.dates)
    for day, weekday, week in _days_open(ground, team):
        turn = not alternates or (number + week) % 2 == 0
        if turn not in turns:
            turns[turn] = _usual_days(ground, team, number, at_weekend=turn)
        usual[day] = turns[turn].get(weekday, ())
    trips: list[tuple[Trip, ...]] = [()] * len(ground.dates)
    if outings:
        trips = [tuple(_trips(ground, team, outings, day)) for day in range(len(ground.dates))]
    kinds = list(zip(usual, trips, strict=True))
    known = {kind: _shifts(ground, team, number, *kind) for kind in dict.fromkeys(kinds)}
    days = [known[kind] for kind in kinds]
    return ByDate(shifts for shifts, _home in days), [home for _shifts, home in days]


def _days_open(ground: Ground, team: Team) -> list[tuple[int, int, int]]:
    """(day, weekday, number of its week) of each on which the team may be at work: at weekends only where it opens."""
    key = "days open", team.centre, _answers(ground, team)
    if key not in ground.at_work:
        ground.at_work[key] = [
            (day, date.weekday(), week_number(date))
            for day, date in enumerate(ground.dates)
            if not ground.closed[day] and (date.weekday() < 5 or _opens(ground, team, day))
        ]
    found: list[tuple[int, int, int]] = ground.at_work[key]
    return found


def _opens(ground: Ground, team: Team, day: int) -> bool:
    return bool(ground.own[team.centre][day] or (_answers(ground, team) and ground.phone[day]))


def _answers(ground: Ground, team: Team) -> bool:
    return ground.inputs.phones_at in (None, team.centre)


def _alternates(ground: Ground, team: Team) -> bool:
    """Whether they take weekends by turns; who is alone does not, and who has nothing to do from Monday to Friday."""
    return team.number > 1 and any(day < 5 for day in _weekday_work(ground, team)[1])


# ------------------------------------------------------------------------------------------------- her usual week


def _usual_days(ground: Ground, team: Team, number: int, *, at_weekend: bool) -> Week:
    """For each weekday when she is at work. Long days make the others shorter, and fewer hours fewer days.

    Full time she is there for door and telephones; with fewer hours for the door alone, and away on days it is shut.
    """
    doors, wide = _weekday_work(ground, team)
    weekend = {day: work for day, work in wide.items() if day >= 5} if at_weekend else {}
    contract = max(0.0, team.hours_per_week * 60.0 - _minutes(weekend))
    doors, wide = ({day: work for day, work in one.items() if day < 5} for one in (doors, wide))
    out = {one.weekday for one in sent_out(ground, team)[number]}
    needed = dict(wide)
    if _minutes(needed) > contract + OVER:
        needed |= doors
        for weekday in sorted(wide, key=lambda day: (day in doors or day in out, (day + number) % 5)):
            rest = {day: work for day, work in needed.items() if day != weekday}
            if _minutes(rest) >= contract - OVER:
                needed = rest
    lengths = {day: minutes_of(work) for day, work in needed.items()}
    if _minutes(needed) > contract + OVER:
        lengths = {day: length * contract / _minutes(needed) for day, length in lengths.items()}
    least = _least(list(lengths.values()), contract)
    return {day: _lasting(needed[day], max(lengths[day], least)) for day in needed} | weekend


def _least(lengths: list[float], contract: float) -> float:
    """The least day that fills the contract, where the longer ones stay as long as they are."""
    shorter, left = sorted(lengths), contract - sum(lengths)
    for number, length in enumerate(shorter, start=1):  # raised to one height, as water would be
        left += length
        if left / number >= length and (number == len(shorter) or left / number <= shorter[number]):
            return left / number
    return 0.0


def _lasting(work: Periods, minutes: float) -> Periods:
    """The same day, so long: each stretch shorter at its end, or the gaps filled and then the evening."""
    total = minutes_of(work)
    if minutes <= total:
        return tuple((begins, begins + (ends - begins) * minutes / total) for begins, ends in work)
    more, longer = minutes - total, []
    for (begins, ends), (following, _ends) in zip(work, [*work[1:], (DAY, DAY)], strict=True):
        added = min(more, following - ends)
        more -= added
        longer.append((begins, ends + added))
    return joined(longer)


def _weekday_work(ground: Ground, team: Team) -> tuple[Week, Week]:
    """Weekday → at work for the centre's own door, and for door and telephones, with the time before and after.

    As on most days of the years around: a day on which it shuts early, or a week of holidays, makes no other week.
    """
    key = "work", team.centre, _answers(ground, team)
    if key not in ground.at_work:
        door: Week = {}
        wide: Week = {}
        for weekday in range(7):
            opens, calls = Counter[Periods](), Counter[Periods]()
            for year in ground.years:
                those = slice((weekday - year.dates[0].weekday()) % 7, None, 7)
                opens.update(year.own[team.centre][those])
                calls.update(year.phone[those])
            phone = _most(calls) if weekday < 5 or _answers(ground, team) else ()
            for found, hours in ((door, _most(opens)), (wide, joined((*_most(opens), *phone)))):
                if hours:
                    found[weekday] = _with_time_around(ground, hours)
        ground.at_work[key] = door, wide
    found_both: tuple[Week, Week] = ground.at_work[key]
    return found_both


def _most(hours: Counter[Periods]) -> Periods:
    return next((periods for periods, _days in hours.most_common() if periods), ())


def _with_time_around(ground: Ground, hours: Periods) -> Periods:
    """With the minutes before and after the door; for a short gap she stays at work."""
    before, after = ground.inputs.staff.before_opening.value, ground.inputs.staff.after_closing.value
    work = joined((max(0.0, opens - before), min(DAY, closes + after)) for opens, closes in hours)
    kept = [work[0]]
    for begins, ends in work[1:]:
        if begins - kept[-1][1] < GAP_MINUTES:
            kept[-1] = kept[-1][0], ends
        else:
            kept.append((begins, ends))
    return tuple(kept)


def _minutes(days: Week) -> float:
    return sum(map(minutes_of, days.values()))


# -------------------------------------------------------------------------------------------------------- days out


def sent_out(ground: Ground, team: Team) -> list[list[Outing]]:
    """For each employee of a team her outings; of two at the same time different employees are sent."""
    key = "sent out", team.key, team.number
    if key not in ground.at_work:
        ground.at_work[key] = assigned(ground.model, ground.inputs.staff.outings, team, _speed(ground))[0]
    found: list[list[Outing]] = ground.at_work[key]
    return found


def _speed(ground: Ground) -> float:
    return ground.inputs.staff.travel_km_per_hour.value


def assigned(
    model: ServiceModel, outings: tuple[Outing, ...], team: Team, speed: float
) -> tuple[list[list[Outing]], list[Outing]]:
    """Who of the team goes where; and the outings for which there are too few."""
    each: list[list[Outing]] = [[] for _employee in range(team.number)]
    short = []
    for outing in outings:
        if outing.team != team.key:
            continue
        may = [number for number, own in enumerate(each) if not any(_clash(model, outing, o, speed) for o in own)]
        for number in may[: outing.number]:
            each[number].append(outing)
        if len(may) < outing.number:
            short.append(outing)
    return each, short


def with_visits(model: ServiceModel, outings: Iterable[Outing]) -> ServiceModel:
    """The model with the hours of travelling teams among those of the places: for maps, and for who writes a policy.

    A model's hours are of a week: who comes every second week is there as if it were each.
    """
    centres = dict(model.centres)
    for outing in outings:
        place = centres[outing.place]
        week = dict(place.hours.get(Channel.IN_PERSON, {}))
        visit = Period(_time(outing.begins), _time(outing.ends))
        periods = [*week.get(outing.weekday, ()), visit]
        spans = joined(
            (one.opens.hour * 60.0 + one.opens.minute, one.closes.hour * 60.0 + one.closes.minute) for one in periods
        )
        week[outing.weekday] = tuple(Period(_time(opens), _time(closes)) for opens, closes in spans)
        centres[outing.place] = dataclasses.replace(place, hours={**place.hours, Channel.IN_PERSON: week})
    return dataclasses.replace(model, centres=centres)


def _time(minutes: float) -> dt.time:
    """Of the clock; 24:00 is the last minute of the day."""
    return dt.time(int(min(minutes, DAY - 1) // 60), int(min(minutes, DAY - 1) % 60))


def _clash(model: ServiceModel, one: Outing, other: Outing, speed: float) -> bool:
    """Whether nobody can be on both: on the same day of the week (whichever weeks), with the way between them."""
    way = travel_minutes(model, one.place, other.place, speed)
    return one.weekday == other.weekday and one.begins < other.ends + way and other.begins < one.ends + way


def travel_minutes(model: ServiceModel, one: str, other: str, speed: float) -> float:
    """By road between two centres at so many km an hour, a whole number; an estimate, see `distances.DETOUR`."""
    if one == other:
        return 0.0
    km = kilometres(model, one, other) * DETOUR
    return float(math.ceil(60 * km / speed)) if math.isfinite(km) else UNKNOWN_MINUTES


def _trips(ground: Ground, team: Team, outings: list[Outing], day: int) -> list[Trip]:
    found = []
    for outing in outings:
        for begins, ends in ground.visits[outing][day]:
            way = outing.travel_minutes or travel_minutes(ground.model, team.centre, outing.place, _speed(ground))
            found.append(Trip(begins, ends, outing.place, way))
    return sorted(found, key=lambda trip: trip.begins)


def _shifts(
    ground: Ground, team: Team, number: int, usual: Periods, trips: tuple[Trip, ...]
) -> tuple[tuple[Shift, ...], float]:
    """A day: at home, on the road, there, and home again where there is time left; and the minutes of the ways home."""
    work = [(begins, ends, team.centre) for begins, ends in _left(usual, trips)]
    work += [(trip.begins, trip.ends, trip.place) for trip in trips]
    out, home = _roads(ground, sorted(work), trips)
    total = minutes_of(out) + home + sum(ends - begins for begins, ends, _place in work)
    lunch = _lunch(ground, number, sorted(work), total)
    shifts = [
        Shift(begins, ends, place, breaks=(lunch,) if lunch and begins <= lunch[0] and lunch[1] <= ends else ())
        for begins, ends, place in work
    ]
    shifts += [Shift(begins, ends, team.centre, frozenset({TRAVEL})) for begins, ends in out]
    return tuple(sorted(shifts, key=lambda shift: shift.begins)), home


def _left(usual: Periods, trips: tuple[Trip, ...]) -> Periods:
    """Of a usual day what is left at home beside the trips, but for moments."""
    left = list(usual)
    for trip in trips:
        since, until = trip.begins - trip.travel, trip.ends + trip.travel
        cut = [(begins, min(ends, since)) for begins, ends in left] + [
            (max(begins, until), ends) for begins, ends in left
        ]
        left = [(begins, ends) for begins, ends in cut if ends - begins >= LEAST_MINUTES]
    return joined(left)


def _roads(ground: Ground, work: list[tuple[float, float, str]], trips: tuple[Trip, ...]) -> tuple[Periods, float]:
    """When she is on the road out, and for how long home: straight on where one trip follows another."""
    out, home = [], 0.0
    away = {(trip.begins, trip.ends, trip.place) for trip in trips}
    for trip in trips:
        at = work.index((trip.begins, trip.ends, trip.place))
        way = min(trip.travel, trip.begins)
        if at and work[at - 1] in away:
            between = travel_minutes(ground.model, work[at - 1][2], trip.place, _speed(ground))
            way = min(between, trip.begins - work[at - 1][1])
        if way:
            out.append((trip.begins - way, trip.begins))
        if at + 1 == len(work) or work[at + 1] not in away:
            home += trip.travel
    return tuple(out), home


def _lunch(
    ground: Ground, number: int, work: list[tuple[float, float, str]], total: float
) -> tuple[float, float] | None:
    """Around noon, not all at once, where she is then; on a long day at another time rather than not at all.

    Where her day has a gap as long there is none: she has it then.
    """
    length = ground.inputs.staff.lunch_minutes.value
    noon = 11.5 * 60 + 30.0 * (number % 3)
    if any(begins <= noon and noon + length <= ends for begins, ends, _place in work):
        return noon, noon + length
    if total <= LONG_DAY:
        return None
    if total < work[-1][1] - work[0][0] - length + 1e-6:  # free for as long in the middle of the day
        return None
    fits = [min(max(noon, begins), ends - length) for begins, ends, _place in work if ends - begins >= length]
    begins = min(fits, key=lambda at: abs(at - noon), default=None)
    return None if begins is None else (begins, begins + length)
