"""Opening hours: what a change does to whom, and that the best hours are the best."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hovedindgang.planning.hours import choosing
from hovedindgang.planning.hours.choosing import Chosen, alike, best_hours, spans_of, value_of
from hovedindgang.planning.hours.document import Choice, Group, Hours, Question, Supplement
from hovedindgang.planning.hours.reaching import changes, cost_kr, share_reached, worst_share
from hovedindgang.planning.problems import CannotPlan

WORKERS = Group("work", "I arbejde", {"north": 100, "south": 50}, {(0, 960): 0.75, (1, 960): 0.25}, "invented")
PENSIONERS = Group("pension", "Pensionister", {"north": 40, "south": 80}, {(0, 600): 0.5, (1, 660): 0.5}, "invented")


def question(**more: object) -> Question:
    usual = Question(
        title="Øvelse",
        step_minutes=60,
        centres={"north": "Nord", "south": "Syd"},
        hours={"north": {0: ((600, 900),), 1: ((600, 900),)}, "south": {0: ((600, 1020),)}},
        groups=(WORKERS, PENSIONERS),
        staff={"north": 2, "south": 1},
        hour_kr=100,
        choice=Choice(1500, frozenset({0, 1}), 540, 1020, shortest_minutes=180),
    )
    return dataclasses.replace(usual, **more)  # type: ignore[arg-type]


def test_whoever_can_only_come_after_four_gains_by_an_hour_more_and_nobody_else() -> None:
    asked = question()
    after: Hours = {**asked.hours, "north": {0: ((600, 1020),), 1: ((600, 900),)}}
    told = {(one.group, one.centre): (one.gain, one.lose) for one in changes(asked, asked.hours, after)}
    assert told == {
        ("work", "north"): (75, 0),
        ("work", "south"): (0, 0),
        ("pension", "north"): (0, 0),
        ("pension", "south"): (0, 0),
    }


def test_a_day_that_moves_takes_from_some_and_gives_to_others() -> None:
    asked = question()
    after: Hours = {**asked.hours, "south": {1: ((600, 1020),)}}
    told = {one.group: (one.gain, one.lose) for one in changes(asked, asked.hours, after) if one.centre == "south"}
    assert told == {"work": (12.5, 37.5), "pension": (40, 40)}


def test_half_an_hour_open_reaches_half_of_those_who_need_that_hour() -> None:
    asked = question()
    assert share_reached(asked, {"north": {0: ((600, 990),)}}, WORKERS, "north") == pytest.approx(0.375)


def test_an_evening_hour_costs_its_supplement() -> None:
    asked = question(supplements=(Supplement(frozenset({0}), 960, 1440, 50, "invented"),))
    assert cost_kr(asked, {"south": {0: ((900, 1020),)}}) == pytest.approx(100 * (1 + 1.5))


def every_choice(asked: Question) -> list[float]:
    """The value of each week that keeps the budget, by trying all of them."""
    choice = asked.choice
    assert choice is not None
    spans: list[tuple[tuple[int, int], ...]] = [(), *(((span),) for span in spans_of(asked, choice))]
    keys = [(centre, day) for centre in asked.centres for day in sorted(choice.weekdays)]
    kr = [[(cost_kr(asked, {centre: {day: one}}), one) for one in spans] for centre, day in keys]
    found = []
    for chosen in _affordable(kr, choice.budget_kr):
        hours: dict[str, dict[int, tuple[tuple[int, int], ...]]] = {centre: {} for centre in asked.centres}
        for (centre, day), one in zip(keys, chosen, strict=True):
            hours[centre][day] = one
        found.append(value_of(asked, choice, hours))
    return found


def _affordable(kr: list[list[tuple[float, Any]]], budget: float, spent: float = 0.0) -> Iterator[tuple[Any, ...]]:
    """One of each list, in every way that costs no more: most do, and are not looked at further."""
    if not kr:
        yield ()
        return
    for cost, one in kr[0]:
        if spent + cost <= budget:
            yield from ((one, *rest) for rest in _affordable(kr[1:], budget, spent + cost))


def test_the_next_best_come_in_order_and_none_twice() -> None:
    found = best_hours(question(), count=6)
    values = [one.value for one in found]
    assert len(found) == 6
    assert values == sorted(values, reverse=True)
    assert len({repr(one.hours) for one in found}) == 6


def test_the_next_best_are_the_next_of_all_there_are() -> None:
    choice = Choice(1500, frozenset({0, 1}), 540, 900, shortest_minutes=180)
    asked = question(choice=choice)
    assert alike(asked, choice) == [(0,), (1,)]
    found: list[Chosen] = best_hours(asked, count=5)
    assert [one.value for one in found] == pytest.approx(sorted(every_choice(asked), reverse=True)[:5])


def test_days_that_everybody_needs_alike_are_one_kind_of_day() -> None:
    need = {(day, 600): 0.25 for day in range(4)}
    asked = question(groups=(dataclasses.replace(WORKERS, need=need),))
    assert alike(asked, Choice(1, frozenset(range(5)), 540, 900)) == [(0, 1, 2, 3), (4,)]


def test_too_little_money_for_what_is_asked_is_said() -> None:
    with pytest.raises(CannotPlan, match="100"):
        best_hours(question(choice=Choice(100, frozenset({0, 1}), 540, 1020, 180, least_days=2)))


@pytest.mark.parametrize(
    ("choice", "says", "where"),
    [
        (
            Choice(10**6, frozenset({0, 1}), 540, 1020, shortest_minutes=14 * 60),
            "ikke plads til 14,0 timer",
            "shortest",
        ),
        (
            Choice(10**6, frozenset({0, 1}), 540, 1020, 180, least_days=3),
            "Der kan vælges 2 ugedage, og der k",
            "least_d",
        ),
        (Choice(10**6, frozenset({0, 1}), 540, 960, 180, least_late_days=1), "1 dage skal være åbne til 17:00", "late"),
        (Choice(100, frozenset({0, 1}), 540, 1020, 180, least_days=2), "koster mindst", "budget_kr"),
    ],
)
def test_it_is_not_called_the_budget_where_the_day_is_too_short(choice: Choice, says: str, where: str) -> None:
    with pytest.raises(CannotPlan) as told:
        best_hours(question(choice=choice))
    assert says in str(told.value)
    assert where in told.value.where[0]
    assert ("budget" in told.value.cure) == (where == "budget_kr")


def test_the_cheapest_that_is_named_is_enough() -> None:
    choice = Choice(100, frozenset({0, 1}), 540, 1020, 180, least_days=2)
    with pytest.raises(CannotPlan, match="koster mindst") as told:
        best_hours(question(choice=choice))
    least = int(str(told.value).split("mindst ")[1].split(" kr.")[0].replace(".", ""))
    assert best_hours(question(choice=dataclasses.replace(choice, budget_kr=least)))[0].cost_kr == least
    with pytest.raises(CannotPlan):
        best_hours(question(choice=dataclasses.replace(choice, budget_kr=least - 1)))


# ------------------------------------------------------------------------- every rule at once, told a second time here

AT = (600, 660, 720)  # when somebody may want to come; the counter opens and shuts at these, or at 13
Span = tuple[int, int]


def wanted(day: int) -> st.SearchStrategy[dict[tuple[int, int], int]]:
    return st.fixed_dictionaries({(day, start): st.integers(0, 3) for start in AT})


@st.composite
def anything_asked(draw: st.DrawFn) -> Question:
    alike_days, same_hours = draw(st.booleans()), draw(st.booleans())
    groups = []
    for key in ("work", "pension"):
        first = draw(wanted(0))
        second = {(1, start): n for (_day, start), n in first.items()} if alike_days else draw(wanted(1))
        weights = {**first, **second, (5, 600): 1}  # a Saturday, that is nobody's to choose
        need = {when: n / sum(weights.values()) for when, n in weights.items()}
        people = {"north": draw(st.sampled_from([0, 30, 100])), "south": draw(st.sampled_from([10, 80]))}
        groups.append(Group(key, key, people, need, "invented"))
    on = draw(st.sampled_from([{0}, {0, 1}]))
    shortest = draw(st.sampled_from([60, 120]))
    choice = Choice(
        draw(st.one_of(st.integers(200, 1500), st.integers(1500, 4000))),
        frozenset({0, 1}),
        600,
        780,
        shortest_minutes=shortest,
        longest_minutes=draw(st.sampled_from([shortest, 180])),
        fairness=draw(st.sampled_from([0.0, 0.3, 1.0])),
        least_days=draw(st.sampled_from([0, 0, 1, 2])),
        least_late_days=draw(st.sampled_from([0, 0, 1, 2])),
        late_until=draw(st.sampled_from([720, 780])),
        same_hours=same_hours,
    )
    evening = Supplement(frozenset(on), 690, 1440, draw(st.sampled_from([0, 80])), "invented")
    return question(groups=tuple(groups), choice=choice, supplements=(evening,))


def kept_week(asked: Question, week: dict[tuple[str, int], Span | None]) -> bool:
    """Whether it keeps all that the choice asks for."""
    choice = asked.choice
    assert choice is not None
    lengths = [span[1] - span[0] for span in week.values() if span]
    for centre in asked.centres:
        opened = [span for (where, _day), span in week.items() if where == centre and span]
        if (
            len(opened) < choice.least_days
            or sum(end >= choice.late_until for _, end in opened) < choice.least_late_days
        ):
            return False
    if choice.same_hours and any(week["north", day] != week["south", day] for day in (0, 1)):
        return False
    rightly = all(choice.shortest_minutes <= one <= choice.longest_minutes for one in lengths)
    return rightly and kr_of_week(asked, week) <= choice.budget_kr + 1e-6


def kr_of_week(asked: Question, week: dict[tuple[str, int], Span | None]) -> float:
    (evening,) = asked.supplements
    kr = 0.0
    for (centre, day), span in week.items():
        for minute in range(*(span or (0, 0)), 30):
            dearer = evening.percent if day in evening.weekdays and evening.starts <= minute else 0
            kr += 0.5 * asked.staff[centre] * asked.hour_kr * (1 + dearer / 100)
    return kr


def worth_of_week(asked: Question, week: dict[tuple[str, int], Span | None]) -> float:
    assert asked.choice is not None
    shares, people = {}, {}
    for group in asked.groups:
        for centre in asked.centres:
            inside = [
                share
                for (day, start), share in group.need.items()
                if (span := week.get((centre, day))) and span[0] <= start and start + 60 <= span[1]
            ]
            shares[group.key, centre], people[group.key, centre] = sum(inside), group.people[centre]
    of_all = sum(shares[one] * people[one] for one in shares) / sum(people.values())
    worst = min(shares[one] for one in shares if people[one])
    return (1 - asked.choice.fairness) * of_all + asked.choice.fairness * worst


@settings(max_examples=40, deadline=None)
@given(asked=anything_asked())
def test_whatever_is_asked_no_week_that_keeps_every_rule_is_better(asked: Question) -> None:
    spans = [None, *itertools.combinations((600, 660, 720, 780), 2)]
    places = [(centre, day) for centre in asked.centres for day in (0, 1)]
    weeks = (dict(zip(places, each, strict=True)) for each in itertools.product(spans, repeat=len(places)))
    best = max((worth_of_week(asked, week) for week in weeks if kept_week(asked, week)), default=None)
    if best is None:
        with pytest.raises(CannotPlan):
            best_hours(asked, count=1)
        return
    (found,) = best_hours(asked, count=1)
    week = {(centre, day): (found.hours[centre].get(day) or (None,))[0] for centre, day in places}
    assert kept_week(asked, week)
    assert found.value == pytest.approx(best)
    assert worth_of_week(asked, week) == pytest.approx(best)
    assert found.cost_kr == pytest.approx(kr_of_week(asked, week))
    assert found.proved
    assert found.bound == pytest.approx(best, abs=2e-6)  # HiGHS stops within 1e-6 of it


def test_a_group_of_nobody_is_not_the_one_served_worst() -> None:
    asked = question(groups=(dataclasses.replace(WORKERS, people={"north": 10, "south": 0}),))
    assert worst_share(asked, {"north": {0: ((900, 1020),)}}) == pytest.approx(0.75)


def test_of_days_that_are_alike_the_long_evening_is_the_last() -> None:
    need = {(day, start): share for day in range(5) for start, share in ((600, 0.15), (960, 0.05))}
    choice = Choice(2300, frozenset(range(5)), 600, 1020, shortest_minutes=60, least_days=5, least_late_days=1)
    asked = question(groups=(dataclasses.replace(WORKERS, need=need, people={"north": 1, "south": 1}),), choice=choice)
    week = best_hours(asked, count=1)[0].hours["north"]
    ends = [week[day][0][1] for day in range(5)]
    assert ends == [660, 660, 660, 660, 1020]


def test_an_evening_is_open_on_the_day_on_which_it_costs_least() -> None:
    group = dataclasses.replace(WORKERS, need={(0, 960): 0.5, (1, 960): 0.5}, people={"south": 10})
    asked = question(
        groups=(group,),
        choice=Choice(100, frozenset({0, 1}), 960, 1020, shortest_minutes=60),
        supplements=(Supplement(frozenset({0}), 960, 1440, 50, "invented"),),
    )
    assert best_hours(asked, count=1)[0].hours["south"] == {1: ((960, 1020),)}


def test_the_same_hours_on_another_of_days_that_are_alike_are_no_next_best() -> None:
    need = {(day, start): 1 / 12 for day in range(4) for start in AT}
    choice = Choice(10**6, frozenset(range(4)), 600, 780, shortest_minutes=60)
    asked = question(groups=(dataclasses.replace(WORKERS, need=need),), choice=choice)
    found = best_hours(asked, count=8)
    assert len({repr(sorted((at, sorted(week.values())) for at, week in one.hours.items())) for one in found}) == 8


def test_hours_that_were_found_when_time_was_up_are_not_called_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    def in_a_hurry(work: Any) -> Any:
        answer = work()
        answer.status = choosing.TIME_IS_UP
        return answer

    monkeypatch.setattr(choosing, "left_at_once", in_a_hurry)
    assert not best_hours(question(), count=1)[0].proved
