"""Rosters: rules kept, the best found, collisions told, and something to use whenever one stops."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hovedindgang.planning import integer
from hovedindgang.planning.problems import CannotPlan, Missing
from hovedindgang.planning.staffing.rosters.building import Rule, build
from hovedindgang.planning.staffing.rosters.checking import bill, broken_rules, missing
from hovedindgang.planning.staffing.rosters.document import (
    Absence,
    Duty,
    Employee,
    Need,
    Prices,
    Question,
    Roster,
    Rules,
    Shift,
    Wish,
)
from hovedindgang.planning.staffing.rosters.drawing import draw
from hovedindgang.planning.staffing.rosters.facts import facts
from hovedindgang.planning.staffing.rosters.inventing import invented
from hovedindgang.planning.staffing.rosters.solving import Infeasible, solve_roster
from hovedindgang.planning.staffing.rosters.starting import first_duties
from hovedindgang.planning.staffing.rosters.tests.conftest import MONDAY, Make
from hovedindgang.servicemodel.language import speaking


def day(number: int) -> dt.date:
    return MONDAY + dt.timedelta(days=number)


def duty(who: str, number: int, starts: int = 480, ends: int = 960, shift: str = "dag") -> Duty:
    return Duty(who, day(number), shift, "aabybro", starts, ends, 720, 30, ends - starts)


def cheapest_by_trying_all(question: Question) -> float:
    """Every combination of shift and break for everybody on every day, judged by the independent checker."""
    options = []
    for employee in question.employees:
        for each in question.days:
            found: list[Duty | None] = [None]
            for shift in question.shifts:
                if each.weekday() in shift.weekdays and shift.centre in employee.centres:
                    for at in shift.breaks_at or (None,):
                        minutes = shift.break_minutes if at is not None else 0
                        found.append(
                            Duty(
                                employee.key,
                                each,
                                shift.key,
                                shift.centre,
                                shift.starts,
                                shift.ends,
                                at,
                                minutes,
                                shift.paid_minutes,
                            )
                        )
            options.append(found)
    prices = []
    for chosen in itertools.product(*options):
        duties = tuple(one for one in chosen if one is not None)
        if not broken_rules(question, duties):
            prices.append(bill(question, duties).total)
    return min(prices, default=float("inf"))


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_roster_that_anybody_could_write_is_cheaper(question: Make, data: st.DataObject) -> None:
    shifts = (
        Shift("dag", "aabybro", frozenset({0, 1}), 480, 960, (720, 750), 30),
        Shift("sen", "aabybro", frozenset({1}), 600, 1080, (780,), 30),
    )
    people = tuple(
        Employee(
            name.lower(),
            name,
            data.draw(st.sampled_from([8, 16])),
            ("aabybro",),
            frozenset(data.draw(st.sets(st.sampled_from(["pas", "pension"])))),
            wishes=(Wish(day(data.draw(st.integers(0, 1))), data.draw(st.sampled_from(["off", "work", "late"])), 70),),
        )
        for name in ("Alice", "Bob")
    )
    needs = tuple(
        Need("aabybro", day(n), 600, 1020 if n else 900, group, 0, data.draw(st.integers(0, 2)))
        for n in range(2)
        for group in ("pas", "pension")
    )
    asked = question(
        shifts=shifts,
        employees=people,
        needs=needs,
        rules=Rules(tolerance_hours=8, late_from=1020),
        shrinkage=invented(1).shrinkage,
    )
    found = solve_roster(asked, seconds=20, gap=0)
    assert found.ended == "proved"
    assert broken_rules(asked, found.duties) == []
    assert found.price_kr == pytest.approx(cheapest_by_trying_all(asked), abs=1)


@settings(max_examples=1, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_rule_holds_in_the_roster_of_an_invented_unit(seed: int) -> None:
    asked = invented(seed, employees=6, weeks=2, centres=2)
    found = solve_roster(asked, seconds=20, gap=0.03)
    assert found.ended in ("proved", "near")
    assert broken_rules(asked, found.duties) == []
    assert found.bound_kr is not None
    assert found.bound_kr <= found.price_kr


def test_what_was_put_together_without_the_solver_keeps_everybodys_hours() -> None:
    asked = invented(3, employees=12)
    duties = first_duties(asked, build(asked))
    assert {rule.kind for rule in broken_rules(asked, duties)} <= {"daily_rest", "weekly_rest", "week"}


@pytest.mark.parametrize(
    ("kind", "duties", "more"),
    [
        ("daily_rest", [duty("alice", 0, 600, 1320, "sen"), duty("alice", 1)], {}),
        ("row", [duty("alice", n) for n in range(4)], {"rules": Rules(most_days_in_row=3)}),
        ("weekly_rest", [duty("alice", n) for n in range(7)], {}),
        ("hours", [duty("alice", 0)], {}),
        ("week", [duty("alice", n, 480, 1080) for n in range(5)], {}),
        ("late_week", [duty("alice", n, 600, 1080) for n in range(3)], {}),
        ("one_duty", [duty("alice", 0), duty("alice", 0, 600, 1080)], {}),
        ("place", [duty("alice", 5)], {}),
        ("closed", [duty("alice", 0)], {"closed": frozenset({MONDAY})}),
    ],
)
def test_the_checker_sees_the_rule_that_alices_week_breaks(
    question: Make, kind: str, duties: list[Duty], more: dict[str, object]
) -> None:
    assert kind in {rule.kind for rule in broken_rules(question(**more), tuple(duties))}


def test_people_are_shared_out_so_that_the_one_who_can_only_passports_has_the_passports(question: Make) -> None:
    people = (
        Employee("alice", "Alice", 8, ("aabybro",), frozenset({"pas", "pension"})),
        Employee("bob", "Bob", 8, ("aabybro",), frozenset({"pas"})),
    )
    needs = (Need("aabybro", MONDAY, 600, 660, "pas", 0, 1), Need("aabybro", MONDAY, 600, 660, "pension", 0, 1))
    asked = question(employees=people, needs=needs)
    assert missing(asked, (duty("alice", 0), duty("bob", 0))) == []
    assert [one.need.group for one in missing(asked, (duty("bob", 0),))] == ["pension"]


def test_a_late_evening_and_an_early_morning_are_not_the_same_persons(question: Make) -> None:
    shifts = (
        Shift("aften", "aabybro", frozenset({0}), 14 * 60, 22 * 60),
        Shift("morgen", "aabybro", frozenset({1}), 7 * 60, 15 * 60),
    )
    needs = (Need("aabybro", day(0), 1200, 1320, "", 1, 1), Need("aabybro", day(1), 420, 480, "", 1, 1))
    # Bob would rather be off, and costs extra: but for the rest Alice would do both.
    off = tuple(Wish(day(n), "off", 900) for n in range(2))
    people = (Employee("alice", "Alice", 16, ("aabybro",)), Employee("bob", "Bob", 0, ("aabybro",), wishes=off))
    found = solve_roster(
        question(shifts=shifts, needs=needs, employees=people, rules=Rules(tolerance_hours=16)), seconds=10
    )
    assert len({one.employee for one in found.duties}) == 2


def test_colliding_rules_are_told_with_names_and_days(question: Make) -> None:
    asked = question(
        employees=(
            Employee("alice", "Alice", 8, ("aabybro",), absences=(Absence(day(3), day(3), "kursus"),)),
            Employee("bob", "Bob", 8, ("aabybro",), weekdays=frozenset({0, 1})),
        ),
        needs=(Need("aabybro", day(3), 600, 1000, "", 1, 1),),
        shifts=(Shift("dag", "aabybro", frozenset(range(5)), 540, 1020),),
        rules=Rules(tolerance_hours=8),
    )
    with speaking("en"), pytest.raises(Infeasible) as told:
        solve_roster(asked, seconds=10)
    assert set(told.value.core) == {
        "Alice: kursus Thu 5.3. to Thu 5.3.",
        "Bob: does not work on Wed, Thu, Fri, Sat, Sun",
        "Aabybro Thu 5.3.: at least 10:00-16:40 1 for any task",
    }
    assert told.value.given_up == ["Aabybro Thu 5.3.: at least 10:00-16:40 1 for any task"]


def test_a_minimum_nobody_can_reach_is_told_with_who_could_be_there_and_why_the_others_cannot(question: Make) -> None:
    people = (
        Employee("alice", "Alice", 37, ("pandrup",)),
        Employee("bob", "Bob", 37, ("pandrup",), absences=(Absence(day(0), day(0), "ferie"),)),
        Employee("carla", "Carla", 37, ("aabybro",)),
        Employee("dan", "Dan", 37, ("pandrup",), weekdays=frozenset({1, 2, 3, 4})),
        Employee("eva", "Eva", 37, ("pandrup",), frozenset()),
    )
    asked = question(
        centres={"aabybro": "Aabybro", "pandrup": "Pandrup"},
        shifts=(
            Shift("dag", "pandrup", frozenset(range(5)), 480, 960),
            Shift("a", "aabybro", frozenset({0}), 480, 960),
        ),
        employees=people,
        needs=(Need("pandrup", day(0), 600, 900, "", 3, 3), Need("aabybro", day(0), 600, 900, "", 1, 1)),
        rules=Rules(tolerance_hours=40),
    )
    with speaking("en"), pytest.raises(Infeasible) as told:
        solve_roster(asked, seconds=10)
    assert "Pandrup Mon 2.3.: at least 10:00-15:00 3 for any task" in told.value.core
    (who, in_all) = told.value.facts
    assert who.startswith("only 2 can be in Pandrup Mon 2.3. (Alice, Eva)")
    for reason in ("Bob: ferie", "Carla: does not work in Pandrup", "Dan: does not work on Mon"):
        assert reason in who
    assert in_all == "the centres need 4 at the same time Mon 2.3.; 3 are at work"
    assert all(f"  {fact}" in told.value.where for fact in told.value.facts)
    assert told.value.more()["facts"] == told.value.facts


def test_a_need_outside_every_shift_and_one_in_everybodys_break_are_told_as_that(question: Make) -> None:
    early = question(needs=(Need("aabybro", day(0), 420, 540, "", 1, 1),))
    noon = question(needs=(Need("aabybro", day(0), 600, 900, "", 2, 2),))
    rule = Rule("minimum", centre="aabybro", day=day(0))
    with speaking("en"):
        assert "no shift in Aabybro Mon 2.3. covers 07:00-08:00" in facts(early, rule)
        assert "all shifts there have their break in that time" in facts(noon, rule)


def test_hours_that_whole_shifts_cannot_give_are_told_with_the_nearest_they_can(question: Make) -> None:
    bob = Employee("bob", "Bob", 20, ("aabybro",))
    with speaking("en"):
        lengths, near = facts(question(employees=(bob,)), Rule("hours", "bob"))
        assert lengths == "Bob: the shifts are of 8.0 hours, and there are 5 days for them"
        assert near == "whole shifts cannot give 20.0 hours; the nearest are 16.0 or 24.0"
        assert len(facts(question(employees=(bob,), rules=Rules(tolerance_hours=4)), Rule("hours", "bob"))) == 1
        away = dataclasses.replace(bob, weekdays=frozenset({6}))
        assert facts(question(employees=(away,)), Rule("hours", "bob")) == ["Bob has no day with a shift"]


def test_giving_up_what_is_named_as_the_least_is_enough(question: Make) -> None:
    asked = question(needs=tuple(Need("aabybro", day(n), 600, 900, "", 2, 2) for n in range(5)))
    built = build(asked)
    found = integer.explain(built.program, seconds=10)
    assert found.given_up
    assert found.fewest
    left = dataclasses.replace(
        asked,
        needs=tuple(
            need
            for need in asked.needs
            if Rule("minimum", centre="aabybro", day=need.day) not in [built.rules[i] for i in found.given_up]
        ),
    )
    assert solve_roster(left, seconds=10).ended in ("proved", "near")


def test_a_roster_without_shrinkage_is_refused(question: Make) -> None:
    with pytest.raises(CannotPlan, match="sickness"):
        solve_roster(question(shrinkage=()))


def test_whoever_is_not_there_is_made_up_for(question: Make) -> None:
    kinds = invented(1).shrinkage
    assert question(shrinkage=kinds).lift == pytest.approx(1 / 0.95 / 0.96)
    assert question().lift == 1


def test_late_days_are_shared(question: Make) -> None:
    shifts = (
        Shift("dag", "aabybro", frozenset(range(5)), 480, 960),
        Shift("sen", "aabybro", frozenset(range(4)), 600, 1080),
    )
    people = tuple(Employee(name.lower(), name, 32, ("aabybro",)) for name in ("Alice", "Bob", "Charlie", "Dorte"))
    needs = tuple(Need("aabybro", day(n), 960, 1080, "", 1, 1) for n in range(4))
    asked = question(shifts=shifts, employees=people, needs=needs)
    found = solve_roster(asked, seconds=10, gap=0)
    late = [sum(one.ends > 960 for one in found.of(who.key)) for who in people]
    assert late == [1, 1, 1, 1]


def test_the_same_seed_gives_the_same_roster_however_fast_the_machine_is() -> None:
    asked = invented(5, employees=5, weeks=1, centres=1)
    first, again = (solve_roster(asked, seconds=1, repeatable=True) for _ in range(2))
    assert first.duties == again.duties


def test_without_the_library_the_command_to_install_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integer.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Missing) as told:
        solve_roster(invented(5, employees=4, weeks=1, centres=1))
    assert "pip install" in told.value.cure


def test_a_drawing_says_in_words_who_works_where(question: Make) -> None:
    asked = question()
    roster = Roster((duty("alice", 0), duty("bob", 1)), 10.0, 9.0, "limit", 1.0, 1)
    tree = ET.fromstring(draw(asked, roster))
    names = {"s": "http://www.w3.org/2000/svg"}
    assert tree.get("role") == "img"
    assert tree.findtext("s:title", namespaces=names)
    assert "10,00 %" in (tree.findtext("s:desc", namespaces=names) or "")
    told = [each.text for each in tree.iterfind(".//s:g/s:title", names)]
    assert told == ["Alice, man 2.3. 08:00-16:00, Aabybro", "Bob, tir 3.3. 08:00-16:00, Aabybro"]


def test_four_weeks_of_25_people_fit_a_sheet_of_a3_across() -> None:
    asked = invented(1, employees=25, weeks=4, centres=4)
    tree = ET.fromstring(draw(asked, Roster((), 0.0, 0.0, "limit", 1.0, 1)))
    width, height = float(tree.get("width", 0)), float(tree.get("height", 0))
    scale = min(404 / width, 281 / height)  # millimetres inside margins of 8
    assert 10.5 * scale >= 1.8  # the smallest letters: 5 points
    drawn = [each.text or "" for each in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert sum(text == asked.employees[0].name for text in drawn) == 4


def test_whoever_stops_it_has_a_roster_within_two_seconds(tmp_path) -> None:
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's background ignores it
        "from hovedindgang.planning.staffing.rosters.inventing import invented\n"
        "from hovedindgang.planning.staffing.rosters.solving import solve_roster\n"
        "from hovedindgang.planning.staffing.rosters.checking import broken_rules\n"
        "asked = invented(1, employees=10, weeks=2, centres=2)\n"
        "print('begun', flush=True)\n"
        "found = solve_roster(asked, seconds=60, gap=0, progress=lambda *_: print('found', flush=True))\n"
        "print(found.ended, len(found.duties) > 60, broken_rules(asked, found.duties), flush=True)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    assert child.stdout is not None
    heard = iter(child.stdout)
    assert next(heard) == "begun\n"
    assert next(heard) == "found\n"
    child.send_signal(signal.SIGINT)
    stopped = time.monotonic()
    rest = [line for line in heard if line != "found\n"]
    child.wait()
    child.stdout.close()
    assert time.monotonic() - stopped < 2
    assert rest == ["stopped True []\n"]


def test_prices_of_a_minimum_make_it_missable(question: Make) -> None:
    needs = tuple(Need("aabybro", day(n), 600, 900, "", 3, 3) for n in range(2))
    found = solve_roster(question(needs=needs, prices=Prices(missing_minimum=1000)), seconds=10)
    assert found.ended in ("proved", "near")
    assert found.price_kr >= 2 * 5 * 1000
