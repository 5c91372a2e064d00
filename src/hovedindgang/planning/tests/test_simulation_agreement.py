"""The reference and the engine are one: for whatever scenario, the same events in the same order at the same times.

Scenarios are drawn with every feature there is: places, duty that changes, breaks, letters laid aside, doors with and
without serving those inside, giving up and trying again, no-shows, booked times, departments and self-service.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hovedindgang.planning.compiling import built
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.simulation.network import Came, N, Noted, Of
from hovedindgang.planning.simulation.scenario import (
    LEVEL_NAMES,
    NEVER,
    Arrivals,
    ByWeekday,
    Distribution,
    Employee,
    Flow,
    Line,
    Opening,
    Outcome,
    Periods,
    Scenario,
    Shift,
    Shrinkage,
    each_day,
)
from hovedindgang.planning.tests.checker import wrongs
from hovedindgang.planning.tests.small import Ran, ran, scenario

T = TypeVar("T")
# A strategy that is made anew is looked through anew, which takes longer than to draw from it.
among = cache(st.sampled_from)
from_to = cache(st.integers)
perhaps = cache(lambda what: st.none() | what)
FLOWS = "flow desk a", "flow desk b", "flow phone", "flow letters", "flow department"
LINES = "desk a", "desk b", "phone", "letters", "department"
NOT_RESOLVED = tuple(came for came in Came if came != Came.RESOLVED)
SHAPES = (1.0,), (0.0, 1.0, 2.0, 1.0), (0.0,) * 8 + (1.0,) * 8 + (0.0,) * 8
# Shut, open, open a moment, all day, or shut for a while in the middle of the day.
HOURS: tuple[Periods, ...] = (
    *((), ((540.0, 900.0),), ((480.0, 485.0),), ((0.0, 1440.0),)),
    *(((540.0, 700.0), (705.0, 900.0)), ((0.0, 500.0), (720.0, 725.0), (960.0, 1440.0))),
)
KNOWN = st.dictionaries(among(LINES), among(LEVEL_NAMES), min_size=1)
SHUT_AT_TIMES = st.sets(among(("desk", "phone", "letter", "case", "web")))
DAYS = 3  # at most; they begin on a Monday


def each_weekday(day: Callable[[], T]) -> ByWeekday[T]:
    """Those that are simulated are drawn, and the others as the first."""
    drawn = [day() for _day in range(DAYS)]
    return ByWeekday(drawn + drawn[:1] * (7 - DAYS))


@cache
def times(longest: float) -> st.SearchStrategy[Distribution]:
    mean = st.integers(1, int(longest)).map(float)
    return st.one_of(
        mean.map(lambda m: Distribution("exponential", m)),
        mean.map(lambda m: Distribution("constant", m)),
        st.builds(lambda m, cv: Distribution("lognormal", m, cv), mean, st.sampled_from([0.3, 1.0, 2.0])),
        st.lists(mean, min_size=2, max_size=6).map(
            lambda q: Distribution("empirical", quantiles_minutes=tuple(sorted(q)))
        ),
    )


@cache
def handle_times() -> st.SearchStrategy[Distribution | dict[str, Distribution]]:
    return st.one_of(times(30), st.fixed_dictionaries({"trainee": times(40), "specialist": times(20)}))


@st.composite
def shifts(draw: st.DrawFn) -> tuple[Shift, ...]:
    """One or two in a day, with breaks, at a place, for some channels."""
    found, since = [], draw(from_to(6, 10)) * 60.0
    for _shift in range(draw(from_to(0, 2))):
        ends = since + draw(from_to(1, 5)) * 60.0
        begins = draw(among((since, since + 30.0, ends - 15.0)))
        breaks = ((begins, min(ends, begins + 30.0)),) if draw(st.booleans()) else ()
        place = draw(among(("aabybro", "brovst")))
        channels = draw(among(((), ("desk",), ("phone", "letter"), ("case",))))
        found.append(Shift(since, ends, place, frozenset(channels), breaks))
        since = ends + draw(among((0.0, 45.0)))
    return tuple(found)


@st.composite
def small_scenarios(draw: st.DrawFn) -> Scenario:
    lines = [
        Line("desk a", "desk", "aabybro", priority=draw(from_to(0, 1))),
        Line("desk b", "desk", "brovst"),
        Line("phone", "phone", priority=draw(from_to(0, 2))),
        Line("letters", "letter", priority=3, interruptible=draw(st.booleans())),
        Line("department", "case"),
    ]
    flows = [_flow(draw, line) for line in lines]
    flows.append(_flow(draw, None))
    people = [
        Employee(
            f"employee {at}",
            draw(KNOWN),
            None if at == 0 else each_weekday(lambda: draw(shifts())),
            draw(among(("aabybro", "brovst"))),
        )
        for at in range(draw(from_to(1, 5)))
    ]
    # Somebody for each line, so that the scenario can be run.
    people += [Employee(f"of {line.key}", {line.key: "trainee"}, place=line.place) for line in lines]
    openings = tuple(
        Opening(channel, None, each_weekday(lambda: draw(among(HOURS))), draw(st.booleans()), draw(st.booleans()))
        for channel in draw(SHUT_AT_TIMES)
    )
    return scenario(
        flows,
        people,
        lines,
        days=draw(from_to(1, DAYS)),
        openings=openings,
        warm_up_minutes=draw(among((0.0, 0.0, 300.0))),
        narrow_first=draw(st.booleans()),
        volume_cv=draw(among((0.0, 0.3))),
        shrinkage=Shrinkage(0.1, 0.1, 0.1, 0.2, "a test"),
    )


def _flow(draw: st.DrawFn, line: Line | None) -> Flow:
    other = Outcome(
        draw(among(NOT_RESOLVED)),
        0.3,
        draw(among((None, *FLOWS))),
        draw(perhaps(times(200))),
        draw(st.booleans()),
    )
    handle = draw(handle_times())
    return Flow(
        key=f"flow {line.key if line else 'web'}",
        channel=line.channel if line else "web",
        arrivals=Arrivals(
            each_weekday(lambda: draw(among((0.0, 3.0, 25.0)))),
            each_day(draw(among(SHAPES))),
            day_cv=draw(among((0.0, 0.4))),
            shared=draw(among(("", "weather"))),
            evenly=draw(st.booleans()),
            no_show=draw(among((0.0, 0.3))),
        ),
        handle=handle,
        line=line.key if line else None,
        patience=draw(perhaps(times(30))) or NEVER,
        promised_minutes=draw(among((None, 5.0))),
        due_working_days=draw(among((None, 0, 1))),
        outcomes=(Outcome(Came.RESOLVED, 0.7), other),
        again=draw(among((0.0, 0.6))),
        again_after=draw(times(60)),
    )


@settings(max_examples=30, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate])
@given(small_scenarios(), st.integers(0, 2**40))
def test_the_engine_does_what_the_reference_does_and_both_keep_the_rules(drawn: Scenario, seed: int) -> None:
    reference, engine = ran(drawn, seed=seed), ran(drawn, seed=seed, jit=True)
    traced = reference.state.number[N.TRACED]
    assert engine.state.number[N.TRACED] == traced
    assert (reference.state.trace[:traced] == engine.state.trace[:traced]).all()
    np.testing.assert_allclose(engine.state.trace_at[:traced], reference.state.trace_at[:traced], rtol=0, atol=1e-9)
    for name in ("by_flow", "outcomes", "by_hour", "busy", "duty", "overtime", "at_closing", "series", "queue"):
        np.testing.assert_allclose(getattr(engine.tally, name), getattr(reference.tally, name), rtol=1e-9, atol=1e-6)
    if drawn.warm_up_minutes == 0:
        assert wrongs(reference) == []


def busy(**more: object) -> Scenario:
    """Two lines, three employees of whom one can do both, people who give up: enough for every rule to matter."""
    lines = [Line("a", "phone"), Line("b", "phone")]
    flows = [
        Flow(f"flow {key}", "phone", Arrivals(each_day(300.0)), Distribution("exponential", 6.0), line=key,
             patience=Distribution("exponential", 20.0), outcomes=(Outcome(Came.RESOLVED, 1.0),), **more)  # type: ignore[arg-type]
        for key in ("a", "b")
    ]  # fmt: skip
    people = [
        Employee("alice", {"a": "trainee"}),
        Employee("bob", {"b": "trainee"}),
        Employee("charlie", {"a": "trainee", "b": "trainee"}),
    ]
    return scenario(flows, people, lines)


BROKEN = {
    "the last to come is served first": ("first = s.head[line]", "first = s.tail[line]"),
    "an employee serves the line beside hers": ("n.level[employee, line] >= 0", "n.level[employee, line - 1] >= 0"),
    "one who was served is counted twice": ("s.by_flow[flow, _O_SERVED] += 1.0", "s.by_flow[flow, _O_SERVED] += 2.0"),
    "one who gives up is forgotten": ("s.by_flow[flow, column] += 1.0", "pass"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_loop_that_breaks_a_rule_is_found(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    loop = built("hovedindgang.planning.simulation.loop", False)
    right, broken = BROKEN[what]
    source = Path(loop.__file__ or "").read_text(encoding="utf-8")
    assert source.count(right) >= 1
    module = type(loop)("broken")
    exec(compile(source.replace(right, broken), "broken", "exec"), module.__dict__)
    monkeypatch.setattr(loop, "run", module.run)
    assert _complaints(busy())


def _complaints(given: Scenario) -> list[str]:
    try:
        return wrongs(ran(given))
    except (IndexError, KeyError, ValueError, CannotPlan) as error:
        return [repr(error)]


def test_the_same_loop_unbroken_has_nothing_against_it() -> None:
    assert wrongs(ran(busy())) == []


def test_a_flow_that_changes_leaves_the_others_citizens_as_they_were() -> None:
    """Common random numbers: when they come, and how long each of them takes, is their own."""
    before = ran(busy())
    more = before.prepared.scenario
    flow = more.flows["flow b"]
    fuller = replace(more, flows={**more.flows, "flow b": replace(flow, arrivals=Arrivals(each_day(450.0)))})
    after = ran(fuller)
    assert before.when(Noted.ARRIVED, "flow a") == after.when(Noted.ARRIVED, "flow a")
    assert before.when(Noted.ARRIVED, "flow b") != after.when(Noted.ARRIVED, "flow b")
    shared = set(_needs(before)) & set(_needs(after))
    assert len(shared) > 50
    assert all(_needs(before)[one] == pytest.approx(_needs(after)[one], abs=1e-9) for one in shared)


def _needs(one: Ran) -> dict[float, float]:
    """Of each of flow a that was served: when she came → minutes of work."""
    came: dict[int, float] = {}
    begun: dict[int, float] = {}
    found = {}
    for time, what, flow, _employee, slot in one.trace:
        if flow != "flow a":
            continue
        if what == Noted.ARRIVED:
            came[slot] = time
        elif what == Noted.BEGUN:
            begun[slot] = time
        elif what == Noted.DONE:
            found[came[slot]] = time - begun[slot]
    return found


def test_who_waits_and_for_how_long_are_one_by_littles_law() -> None:
    """In one run of 40 days: time in line, added up over people, is people in line, added up over time."""
    one = ran(replace(busy(), days=40), jit=True, trace=0)
    waited = one.of(Of.WAITED)
    queue = one.tally.queue.sum(axis=1).mean() * 40 * 1440
    gave_up = one.of(Of.GAVE_UP)
    # Those who gave up waited too, by their exponential patience's memorylessness: rate 1/20 a minute in line.
    assert gave_up * 20.0 == pytest.approx(queue, rel=0.1)
    assert waited < queue
