"""A planner's file is read as she meant it, and what is wrong in it is said with its line and what would be right."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.simulation.network import Came
from hovedindgang.planning.simulation.reading import read_scenario, scenario_of_text
from hovedindgang.planning.simulation.scenario import Distribution, Scenario, Shift
from hovedindgang.servicemodel.language import speaking

GOOD = """\
title = "A small counter"
first_day = 2026-01-07
days = 14
holidays = [2026-01-12]

[shrinkage]
sickness = 0.05
holidays = 0.12
training = 0.02
meetings = 0.03
source = "assumed"

[[opening]]
channel = "in person"
place = "Aabybro"
opens = "10:00"
closes = "15:00"

[[opening]]
channel = "in person"
place = "Aabybro"
days = ["thursday"]
opens = "10:00"
closes = "17:30"

[[line]]
key = "desk"
channel = "in person"
place = "Aabybro"

[[line]]
key = "tax"
channel = "case"

[[flow]]
key = "passport"
line = "desk"
per_day = [50, 40, 40, 60, 30, 0, 0]
profile = [0,0,0,0,0,0,0,0, 1,2,4,3,2,2,2,1,1,1, 0,0,0,0,0,0]
handle = { trainee = { mean_minutes = 14, cv = 0.8 }, generalist = 9 }
patience = { kind = "lognormal", mean_minutes = 40, cv = 1 }
promised_minutes = 10
outcomes = [
    { came = "resolved", share = 0.9 },
    { came = "handed_over", share = 0.1, to = "case", after = { kind = "constant", mean_minutes = 1 } },
]

[[flow]]
key = "case"
line = "tax"
handle = 30
due_working_days = 5

[[group]]
key = "counter"
number = 3
place = "Aabybro"
levels = { desk = "generalist" }
[[group.shift]]
begins = "09:00"
ends = 17:30:00
breaks = [["12:00", "12:30"]]

[[employee]]
key = "Alice"
levels = "specialist"
place = "Aabybro"
[[employee.shift]]
days = ["monday", "saturday"]
begins = "08:00"
ends = "12:00"
channels = ["case"]
"""


def read(text: str = GOOD) -> Scenario:
    return scenario_of_text(text, "scenario.toml")


def refused(old: str, new: str, *, count: int = 1) -> str:
    assert old in GOOD
    with speaking("en"), pytest.raises(CannotPlan) as problem:
        read(GOOD.replace(old, new, count))
    return " ".join([str(problem.value), problem.value.cure, *problem.value.where])


def test_a_file_is_read_as_it_is_meant() -> None:
    one = read()
    passport = one.flows["passport"]
    assert passport.channel == "in person"
    assert passport.centre == "Aabybro"
    assert passport.handle == {
        "trainee": Distribution("lognormal", 14.0, 0.8),
        "generalist": Distribution("exponential", 9.0),
    }
    assert [way.came for way in passport.outcomes] == [Came.RESOLVED, Came.HANDED_OVER]  # type: ignore[union-attr]
    assert [employee.key for employee in one.employees] == ["Alice", "counter 1", "counter 2", "counter 3"]
    alice = one.employees[0]
    assert alice.levels == {"desk": "specialist", "tax": "specialist"}
    assert alice.week
    assert alice.week[5] == (Shift(480, 720, None, frozenset({"case"})),)
    assert alice.week[1] == ()
    counter = one.employees[1].week
    assert counter
    assert counter[4] == (Shift(540, 1050, breaks=((720, 750),)),)
    assert one.works_on(5) is False  # the holiday, a Monday


def test_people_come_while_it_is_open_and_not_on_a_holiday() -> None:
    arrivals = read().flows["passport"].arrivals
    assert arrivals is not None
    assert arrivals.per_day == (40, 60, 30, 0, 0, 0, 40, 40, 60, 30, 0, 0, 50, 40)  # from a Wednesday
    thursday = arrivals.shape[1]
    assert sum(thursday[:120]) == 0  # before ten
    assert sum(thursday[180:210]) > 0  # Thursdays until half past five
    assert sum(arrivals.shape[0][180:]) == 0  # Wednesdays until three


def test_so_many_an_hour_is_for_each_hour_that_is_open() -> None:
    one = read(GOOD.replace("per_day = [50, 40, 40, 60, 30, 0, 0]", "per_hour = 6"))
    arrivals = one.flows["passport"].arrivals
    assert arrivals
    assert arrivals.per_day[:3] == pytest.approx((30, 45, 30))


@pytest.mark.parametrize("days", [7, 14])
def test_a_week_that_begins_on_a_wednesday_has_its_mondays_right(days: int) -> None:
    for holiday in ("", "holidays = [2026-01-12]"):
        text = GOOD.replace("days = 14", f"days = {days}").replace("holidays = [2026-01-12]", holiday)
        one = read(text)
        arrivals = one.flows["passport"].arrivals
        assert arrivals is not None
        assert one.first_day + dt.timedelta(days=5) == dt.date(2026, 1, 12)
        assert arrivals.per_day.on(5, 0) == (0 if holiday else 50)
        assert one.openings[0].days.on(5, 0) == (() if holiday else ((600, 900),))


def test_an_unknown_key_is_named_with_its_line_and_the_known_ones() -> None:
    said = refused("promised_minutes = 10", "promissed_minutes = 10")
    assert "scenario.toml:42" in said
    assert "flow passport.promissed_minutes is not known" in said
    assert "promised_minutes" in said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("first_day = ", "first_day = 9999-12-31 # ", ["first_day cannot be 9999-12-31", "2500"]),
        ('line = "desk"', 'line = "dessk"', ["scenario.toml:37", "desk", "desk, tax"]),
        ('to = "case"', 'to = "cases"', ["there is no flow cases"]),
        ("{ desk = \"generalist\" }", "{ desk = \"generalits\" }", ["generalits", "trainee, generalist, specialist"]),
        ("{ desk = \"generalist\" }", "{ dessk = \"generalist\" }", ["levels.dessk", "desk, tax"]),
        ("share = 0.9", "share = 0.8", ["shares that sum to 0.9"]),
        ("share = 0.9", "share = 1.9", ["cannot be 1.9"]),
        ('came = "resolved"', 'came = "solved"', ["does not know solved", "resolved, comes_back"]),
        ("handle = 30", "handle = 0", ["flow case.handle.mean_minutes cannot be 0"]),
        ("handle = 30", "handle = { mean = 30 }", ["mean_minutes is missing"]),
        ("handle = 30", "", ["flow case.handle is missing"]),
        ("handle = 30", "handle = nan", ["cannot be nan"]),
        ("handle = 30", 'handle = { kind = "weibull", mean_minutes = 3 }', ["no distribution weibull"]),
        ("handle = 30", "handle = { quantiles_minutes = [3, 1] }", ["smallest first"]),
        ('closes = "15:00"', 'closes = "09:00"', ["not later than opens"]),
        ('closes = "15:00"', 'closes = "25:00"', ["no time of day: 25:00"]),
        ('days = ["thursday"]', 'days = ["torsdag"]', ["does not know torsdag", "thursday"]),
        ('breaks = [["12:00", "12:30"]]', 'breaks = [["06:00", "06:30"]]', ["outside the shift"]),
        ('[[group.shift]]', '[[group.shifts]]', ["group counter.shifts is not known"]),
        ("days = 14", "days = 0", ["scenario.toml:3", "from 1 to 3660"]),
        ("days = 14", "days = 14.5", ["whole number"]),
        ("profile = [0,", "profile = [0,0,", ["25 weights"]),
        ("number = 3", "number = -1", ["cannot be -1"]),
        ("per_day = [50, 40, 40, 60, 30, 0, 0]", "per_day = [50, 40]", ["2 numbers", "seven from Monday"]),
        ("per_day = [50, 40, 40, 60, 30, 0, 0]", "per_day = 3\nper_hour = 4", ["stands together"]),
        ('key = "tax"', 'key = "desk"', ["used before: desk"]),
        ("meetings = 0.03", "", ["shrinkage.meetings is missing"]),
        ('source = "assumed"', "", ["shrinkage.source is missing"]),
        ('title = "A small counter"', "title = ", ["not written as TOML"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_what_would_be_right(old: str, new: str, words: list[str]) -> None:
    said = refused(old, new)
    for word in words:
        assert word in said


def test_a_roster_without_shrinkage_is_refused() -> None:
    begins, ends = GOOD.index("[shrinkage]"), GOOD.index("[[opening]]")
    with speaking("en"), pytest.raises(CannotPlan, match="how much of the time employees are away"):
        read(GOOD[:begins] + GOOD[ends:])


def test_nobody_competent_where_it_is_served_is_said_before_running() -> None:
    assert "Nobody receives anybody (case): 1 service" in refused('channels = ["case"]', 'channels = ["in person"]')
    assert "Nobody in Aabybro receives anybody (in person): 1 service" in refused(
        'place = "Aabybro"\nlevels = { desk', 'place = "Brovst"\nlevels = { desk'
    )


AFTERNOON = """\
[[opening]]
channel = "in person"
place = "Aabybro"
days = ["monday"]
opens = "{}"
closes = "{}"

[[line]]"""


def test_a_second_opening_of_a_day_is_opened_too_and_people_come_in_both() -> None:
    one = read(GOOD.replace("[[line]]", AFTERNOON.format("16:00", "18:00"), 1).replace("2026-01-12", "2026-01-13"))
    assert one.openings[0].days[5] == ((600, 900), (960, 1080))  # a Monday
    arrivals = one.flows["passport"].arrivals
    assert arrivals is not None
    monday = arrivals.shape.on(5, 0)
    assert sum(monday[180:192]) == 0  # from three to four
    assert sum(monday[192:216]) > 0


def test_an_opening_that_overlaps_another_of_the_day_is_refused_for_who_knows_which_is_meant() -> None:
    assert "lies in another opening" in refused("[[line]]", AFTERNOON.format("14:00", "16:00"))


def test_a_place_either_serves_those_inside_or_does_not() -> None:
    told = AFTERNOON.format("16:00", "18:00").replace("\n\n", "\ninside_are_served = false\n\n")
    assert "differs from the first table" in refused("[[line]]", told)


def test_matters_that_can_never_end_are_refused() -> None:
    back_and_forth = 'handle = 30\noutcomes = [{ came = "returned", share = 1.0, to = "case" }]'
    assert "flow case: can never end" in refused("handle = 30", back_and_forth)


def test_the_scenario_in_the_guide_can_be_run() -> None:
    guide = (Path(__file__).parents[4] / "docs" / "guide" / "planning-simulate.md").read_text(encoding="utf-8")
    (text,) = (part for part in (one.split("```")[0] for one in guide.split("```toml\n")[1:]) if "[[flow]]" in part)
    one = scenario_of_text(text, "guide")
    assert len(one.employees) == 4


def test_a_door_with_no_days_is_never_open_and_nobody_comes(tmp_path: Path) -> None:
    file = tmp_path / "shut.toml"
    text = (Path(__file__).parents[4] / "docs" / "guide" / "examples" / "borgerservice-week.toml").read_text("utf-8")
    opening = '[[opening]]\nchannel = "phone"\n'
    assert opening in text
    file.write_text(text.replace(opening, f"{opening}days = []\n", 1), encoding="utf-8")
    calls = read_scenario(file).flows["calls"].arrivals
    assert calls is not None
    assert sum(calls.per_day) == 0
