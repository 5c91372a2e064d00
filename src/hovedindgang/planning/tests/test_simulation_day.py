"""A day at the counter, event by event: duty, breaks, doors, letters laid aside, and what counts as what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import lists, sampled_from

from hovedindgang.planning.compiling import built
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.simulation.drawing import drawn_network
from hovedindgang.planning.simulation.network import BIN_MINUTES, BINS, Came, Noted, Of, State, Status
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import run_once
from hovedindgang.planning.simulation.scenario import (
    Arrivals,
    ByDate,
    ByWeekday,
    Distribution,
    Employee,
    Flow,
    Line,
    Opening,
    Outcome,
    Shift,
    each_day,
)
from hovedindgang.planning.simulation.state import fresh_state, grown
from hovedindgang.planning.simulation.waits import SHARES, quantile_of, quantiles_of
from hovedindgang.planning.tests.small import MONDAY, about, at, evenly, every_day, minutes, open_from, ran, scenario
from hovedindgang.servicemodel.language import speaking

CALLS = Flow("calls", "phone", evenly(24 * 6), minutes(5), line="calls")
ANYTHING = {"calls": "generalist", "letters": "generalist"}


def begun(shift: Shift) -> list[float]:
    """When Alice, who has that shift, begins on calls that come every ten minutes."""
    return ran(scenario([CALLS], [Employee("alice", ANYTHING, every_day(shift))])).when(Noted.BEGUN)


def test_alice_is_off_in_a_break_at_the_beginning_of_her_shift() -> None:
    assert min(begun(Shift(480, 960, breaks=((480, 510),)))) == 510


def test_alice_goes_home_after_a_shift_that_ends_with_a_break() -> None:
    assert max(begun(Shift(480, 960, breaks=((930, 960),)))) < 930


def test_alice_stays_when_one_shift_ends_where_the_next_begins() -> None:
    week = every_day(Shift(720, 960), Shift(480, 720))
    assert max(ran(scenario([CALLS], [Employee("alice", ANYTHING, week)])).when(Noted.BEGUN)) > 900


def test_a_break_that_begins_late_is_no_overtime_but_a_day_that_ends_late_is() -> None:
    call = Flow("calls", "phone", evenly(1, at(9.5)), minutes(100), line="calls")  # 09:37:30 until 11:17:30
    late_break = ran(scenario([call], [Employee("a", ANYTHING, every_day(Shift(480, 960, breaks=((600, 720),))))]))
    late_home = ran(scenario([call], [Employee("a", ANYTHING, every_day(Shift(480, 660)))]))
    assert late_break.tally.overtime.sum() == 0
    assert late_home.tally.overtime.sum() == pytest.approx(17.5)


def test_an_employee_who_is_nowhere_serves_no_counter() -> None:
    there = Line("desk", "in person", place="Aabybro")
    come = Flow("come", "in person", evenly(10), minutes(5), line="desk")
    nowhere = Employee("bob", {"desk": "generalist"}, every_day(Shift(480, 960)))
    with pytest.raises(CannotPlan, match="ingen kan betjene") as refused:
        ran(scenario([come], [nowhere], [there]))
    assert "Aabybro" in str(refused.value.where)
    here = Employee("alice", {"desk": "generalist"}, every_day(Shift(480, 600)), place="Aabybro")
    trace = ran(scenario([come], [nowhere, here], [there])).trace
    assert {employee for _, what, _, employee, _ in trace if what == Noted.BEGUN} == {1}


def test_nobody_competent_is_ever_on_duty_for_the_channel_and_it_is_said_before_running() -> None:
    only_desk = Employee("bob", ANYTHING, every_day(Shift(480, 960, channels=frozenset({"in person"}))))
    with pytest.raises(CannotPlan, match="ingen kan betjene") as refused:
        ran(scenario([CALLS], [only_desk]))
    assert "telefon" in str(refused.value.where)


def test_who_comes_to_a_closed_door_is_not_served_that_day_and_keeps_nobody_late() -> None:
    door = [open_from(9, 15)]
    one = ran(scenario([CALLS], [Employee("alice", ANYTHING, every_day(Shift(540, 900)))], openings=tuple(door)))
    assert one.of(Of.UNSERVED) == 24 * 6 - 6 * 6
    assert max(one.when(Noted.DONE)) <= 905
    assert one.tally.overtime.sum() <= 5


def test_those_inside_when_the_door_is_shut_are_served_or_sent_home_as_the_house_says() -> None:
    many = Flow("calls", "phone", evenly(20, at(14.75)), minutes(5), line="calls")  # the last quarter before 15
    alice = Employee("alice", ANYTHING, every_day(Shift(540, 900)))
    kind = ran(scenario([many], [alice], openings=(open_from(9, 15),)))
    strict = ran(scenario([many], [alice], openings=(open_from(9, 15, inside_are_served=False),)))
    assert (kind.of(Of.SERVED), kind.of(Of.UNSERVED)) == (20, 0)
    assert kind.tally.overtime.sum() > 80
    assert strict.of(Of.SERVED) + strict.of(Of.UNSERVED) == 20
    assert strict.of(Of.SERVED) <= 4
    assert strict.tally.at_closing[0, 0] == strict.of(Of.UNSERVED)


def at_noon(**more: bool) -> Opening:
    """Nine to twelve and four to six."""
    return Opening("phone", None, each_day(((540.0, 720.0), (960.0, 1080.0))), stays=False, **more)


def test_a_door_that_shuts_at_noon_lets_nobody_in_until_it_opens_again() -> None:
    alice = Employee("alice", ANYTHING, every_day(Shift(540, 720), Shift(960, 1080)))
    one = ran(scenario([CALLS], [alice], openings=(at_noon(),)))
    let_in = one.when(Noted.BEGUN)
    assert {int(time // 60) for time in let_in} == {9, 10, 11, 16, 17}
    assert one.of(Of.UNSERVED) == 24 * 6 - 5 * 6
    assert one.tally.at_closing[0, 1] == 2  # closings


def test_who_comes_back_while_it_is_shut_at_noon_comes_when_it_opens_again() -> None:
    one_caller = replace(CALLS, arrivals=evenly(1, at(12.5)), again=1.0, again_after=minutes(1))
    alice = Employee("alice", ANYTHING, every_day(Shift(960, 1080)))
    [again] = ran(scenario([one_caller], [alice], openings=(at_noon(),))).when(Noted.CAME_AGAIN)
    assert 960 <= again < 1080


def test_who_is_inside_at_noon_is_served_and_who_leaves_later_finds_an_open_door_and_goes() -> None:
    before_noon = Flow("calls", "phone", evenly(20, at(11.75)), minutes(5), line="calls")
    anybody_later = Flow("later", "phone", evenly(40, at(16)), minutes(5), line="calls")
    alice = Employee("alice", ANYTHING, every_day(Shift(540, 720)))
    bob = Employee("bob", ANYTHING, every_day(Shift(960, 990)))
    kind = ran(scenario([before_noon, anybody_later], [alice, bob], openings=(at_noon(),)))
    assert kind.of(Of.SERVED, "calls") == 20
    assert 80 < kind.tally.overtime[0] < 100
    assert kind.of(Of.SERVED, "later") <= 7
    assert kind.tally.overtime[1] <= 5  # the door is open again: those who wait are not left inside it
    strict = ran(scenario([before_noon, anybody_later], [alice, bob], openings=(at_noon(inside_are_served=False),)))
    assert strict.of(Of.SERVED, "calls") <= 4


def test_a_caller_transferred_after_closing_is_still_inside() -> None:
    first = Flow(
        "calls",
        "phone",
        evenly(1, at(14.75)),
        minutes(20),
        line="calls",
        outcomes=(Outcome(Came.TRANSFERRED, 1.0, "tax"),),
    )
    second = Flow("tax", "phone", None, minutes(5), line="tax")
    bob = Employee("bob", {"calls": "trainee", "tax": "specialist"})
    assert ran(scenario([first, second], [bob], openings=(open_from(9, 15),))).when(Noted.DONE, "tax") == [917.5]


LETTERS = Flow("letters", "letter", evenly(1, at(8)), minutes(120), line="letters")
FILL_IN = [Line("calls", "phone"), Line("letters", "letter", priority=5, interruptible=True)]


def test_a_letter_is_laid_aside_for_a_caller_and_taken_up_where_it_was_left() -> None:
    call = Flow("calls", "phone", evenly(1, at(9)), minutes(10), line="calls")
    one = ran(scenario([LETTERS, call], [Employee("alice", ANYTHING)], FILL_IN))
    assert one.when(Noted.PUT_BY) == [547.5]
    assert one.when(Noted.DONE) == [557.5, 487.5 + 120 + 10]
    assert one.of(Of.SERVED, "letters") == 1
    assert one.of(Of.HANDLED, "letters") == pytest.approx(120)


def test_a_letter_that_was_begun_is_not_sent_home_with_the_queue() -> None:
    call = Flow("calls", "phone", evenly(1, at(9)), minutes(300), line="calls")
    door = open_from(8, 10, channel="letter", inside_are_served=False)
    one = ran(scenario([LETTERS, call], [Employee("alice", ANYTHING)], FILL_IN, openings=(door,)))
    assert (one.of(Of.SERVED, "letters"), one.of(Of.UNSERVED, "letters")) == (1, 0)


def test_who_turns_to_the_telephones_while_somebody_waits_lays_her_letter_aside() -> None:
    call = Flow("calls", "phone", evenly(1, at(8.5)), minutes(10), line="calls")
    letters_first = Shift(480, 540, channels=frozenset({"letter"}))
    then_calls = Shift(540, 960, channels=frozenset({"phone", "letter"}))
    one = ran(scenario([LETTERS, call], [Employee("alice", ANYTHING, every_day(letters_first, then_calls))], FILL_IN))
    assert one.when(Noted.BEGUN, "calls") == [540]


# ------------------------------------------------------------------------------------------------ what counts as what


def judged(*outcomes: Outcome, extra: tuple[Flow, ...] = ()) -> tuple[float, float, float]:
    """Matters, solved in house, solved at once, of a hundred contacts that end so."""
    flow = Flow("calls", "phone", evenly(100), minutes(1), line="calls", outcomes=outcomes)
    everyone = Employee("alice", {"calls": "generalist", "tax": "specialist"})
    lines = [Line("calls", "phone"), Line("tax", "case")]
    one = ran(scenario([flow, *extra], [everyone], lines[: 1 + bool(extra)]))
    return one.of(Of.MATTERS), one.of(Of.IN_HOUSE), one.of(Of.AT_ONCE)


def test_a_matter_that_a_department_takes_over_is_a_matter_not_solved_by_us() -> None:
    assert judged(Outcome(Came.HANDED_OVER, 1.0)) == (100, 0, 0)
    tax = Flow("tax", "case", None, minutes(1), line="tax")
    assert judged(Outcome(Came.HANDED_OVER, 1.0, "tax"), extra=(tax,)) == (100, 0, 0)


def test_a_matter_that_the_department_returns_undone_and_we_finish_is_solved_by_us() -> None:
    tax = Flow("tax", "case", None, minutes(1), line="tax", outcomes=(Outcome(Came.RETURNED, 1.0, "back", minutes(1)),))
    back = Flow("back", "phone", None, minutes(1), line="calls")
    assert judged(Outcome(Came.HANDED_OVER, 1.0, "tax"), extra=(tax, back)) == (100, 100, 100)


@pytest.mark.parametrize("came", [Came.SIGNPOSTED, Came.WITHDRAWN])
def test_another_authoritys_matter_and_one_withdrawn_are_out_of_both_indicators(came: Came) -> None:
    assert judged(Outcome(came, 1.0)) == (0, 0, 0)


def test_a_citizen_who_was_not_helped_and_does_not_come_again_is_a_matter_not_solved() -> None:
    assert judged(Outcome(Came.NOT_HELPED, 1.0)) == (100, 0, 0)


def test_who_must_come_again_is_solved_in_house_but_not_at_once() -> None:
    again = Flow("again", "phone", None, minutes(1), line="calls")
    assert judged(Outcome(Came.COMES_BACK, 1.0, "again", minutes(1)), extra=(again,)) == (100, 100, 0)


def test_self_service_that_nobody_had_a_part_in_is_apart() -> None:
    alone = Flow("web", "digital", evenly(50), minutes(4))
    one = ran(scenario([alone, CALLS], [Employee("alice", ANYTHING)]))
    assert one.of(Of.MATTERS, "web") == 0
    assert one.tally.outcomes[0, 0] == 50


def test_a_letter_still_unanswered_after_its_day_is_a_broken_promise() -> None:
    letter = Flow("letters", "letter", evenly(1, at(8)), minutes(10), line="letters", due_working_days=1)
    never = Employee("alice", ANYTHING, ByWeekday(((),) * 6 + ((Shift(480, 485),),)))  # on Sundays, five minutes
    one = ran(scenario([letter], [never], days=7))
    assert one.of(Of.KEPT) == 0
    assert one.of(Of.BROKEN) == 4  # Monday's to Thursday's; Friday's is due on the Monday after


# ------------------------------------------------------------------------------------------------- days and times


def test_seven_days_by_date_begin_on_the_day_the_scenario_begins() -> None:
    """A Wednesday's callers, door and shift are Wednesday's, though there are seven of them."""
    calls = replace(CALLS, arrivals=Arrivals(ByDate((20.0, 0, 0, 0, 0, 0, 0)), evenly=True))
    alice = Employee("alice", ANYTHING, ByDate(((Shift(480, 960),), (), (), (), (), (), ())))
    door = Opening("phone", None, ByDate((((480.0, 960.0),), (), (), (), (), (), ())), stays=False)
    one = ran(scenario([calls], [alice], days=7, first_day=MONDAY.replace(day=7), openings=(door,)))
    assert {int(time // 1440) for time in one.when(Noted.BEGUN)} == {0}
    assert one.of(Of.SERVED) > 5
    assert one.tally.duty.sum() == 480


def test_what_is_told_by_date_is_told_for_every_day() -> None:
    alice = Employee("alice", ANYTHING, ByDate(((Shift(480, 960),),)))
    with pytest.raises(ValueError, match="neither ByWeekday nor ByDate of 7 days"):
        ran(scenario([CALLS], [alice], days=7))
    with pytest.raises(ValueError, match="a week has 7 days"):
        ByWeekday((1, 2, 3))


@pytest.mark.parametrize("days", [7, 14])
def test_a_week_is_read_monday_first_on_whatever_day_it_begins_and_a_holiday_is_off(days: int) -> None:
    on_monday = (20.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    calls = replace(CALLS, arrivals=Arrivals(ByWeekday(on_monday), evenly=True))
    alice = Employee("alice", ANYTHING, ByWeekday(((Shift(480, 960),), (), (), (), (), (Shift(480, 600),), ())))
    thursday = MONDAY.replace(day=8)
    one = ran(scenario([calls], [alice], days=days, first_day=thursday))
    assert {int(time // 1440) for time in one.when(Noted.ARRIVED)} == set(range(4, days, 7))
    assert one.tally.duty.sum() == (480 + 120) * days / 7  # Saturdays too
    holiday = tuple(day != 4 for day in range(days))
    assert ran(scenario([calls], [alice], days=days, first_day=thursday, working_days=holiday)).tally.duty.sum() == (
        (480 + 120) * days / 7 - 480
    )


def test_days_cut_into_hours_and_days_cut_into_quarters_can_stand_in_one_scenario() -> None:
    hourly = replace(CALLS, key="hourly", arrivals=evenly(24, each_day((1.0,) * 24)))
    thirds = replace(CALLS, key="thirds", arrivals=evenly(3, each_day((1.0, 1.0, 1.0))))
    odd = replace(CALLS, key="odd", arrivals=evenly(5, each_day((1.0, 0, 0, 0, 0))))
    one = ran(scenario([hourly, thirds, odd], [Employee("alice", ANYTHING)]))
    assert one.when(Noted.ARRIVED, "hourly") == pytest.approx([30 + 60 * hour for hour in range(24)])
    assert one.when(Noted.ARRIVED, "thirds") == pytest.approx([240, 720, 1200])
    assert max(one.when(Noted.ARRIVED, "odd")) < 288


def test_measured_handle_times_keep_their_quantiles_beside_longer_tables() -> None:
    few = Distribution("empirical", quantiles_minutes=(0.0, 1.0, 10.0))
    many = Distribution("empirical", quantiles_minutes=tuple(float(x) for x in range(8)))
    one = replace(CALLS, key="one", arrivals=evenly(3000), handle=few, line=None)
    other = replace(CALLS, key="other", arrivals=evenly(10), handle=many)
    trace = ran(scenario([one, other], [Employee("alice", ANYTHING)])).trace
    came = {slot: 0.0 for *_, slot in trace}
    took = []
    for time, what, flow, _, slot in trace:
        if what == Noted.ARRIVED:
            came[slot] = time
        elif what == Noted.DONE and flow == "one":
            took.append(time - came[slot])
    assert sum(took) / len(took) == pytest.approx(few.mean, abs=0.25)  # five standard errors
    assert sum(time <= 1.0 for time in took) / len(took) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("jit", [False, True])
def test_a_day_on_which_more_come_than_there_was_room_for_is_whole(jit: bool) -> None:
    """Room is made while the day is drawn, in the middle of a flow: nobody is lost, and nobody comes twice."""
    flows = [Flow(name, "phone", Arrivals(each_day(9.0)), about(7), line="calls") for name in ("moves", "passports")]
    given = prepare(scenario(flows, [Employee("alice", {"calls": "generalist"})], days=3))
    run = built("hovedindgang.planning.simulation.loop", jit).run

    def counted(**room: int) -> State:
        network = drawn_network(given, seed=3, replication=0, jit=jit)
        state = fresh_state(network, **room)
        with np.errstate(over="ignore"):
            while (status := run(network, state, 1000)) != Status.FINISHED:
                state = grown(state) if status == Status.FULL else state
        return state

    tight, roomy = counted(arrivals=1, customers=1), counted()
    assert roomy.by_flow[:, Of.ARRIVED].sum() > 30
    assert np.array_equal(tight.by_flow, roomy.by_flow)
    assert np.array_equal(tight.drawn, roomy.drawn)


def test_the_waits_of_an_hour_are_told_with_their_quantiles_and_those_of_another_hour_are_not_among_them() -> None:
    """All come between nine and ten, or at two: the first hour's waits are long, the other's are none."""
    rush = Flow("rush", "phone", evenly(30, at(9.0)), minutes(6), line="calls")
    calm = Flow("calm", "phone", evenly(1, at(14.0)), minutes(6), line="calls")
    given = prepare(scenario([rush, calm], [Employee("alice", {"calls": "generalist"})], days=7))
    tally, _state, _network = run_once(given, seed=1, replication=0)
    nine, two = tally.hour_waits[0, 9], tally.hour_waits[0, 14]
    whole = [quantile_of(tally.waits[0], share) for share in SHARES]
    assert nine == pytest.approx(whole, rel=2**0.25 - 1)  # a class as wide as four
    assert list(two) == [0, 0, 0]
    assert np.isnan(tally.hour_waits[0, 3]).all()  # nobody came


@given(lists(lists(sampled_from([0, 0, 0, 1, 2, 7, 4_000_000]), min_size=6, max_size=6), min_size=1, max_size=5))
def test_each_of_several_has_the_quantiles_of_its_own_waits(counts: list[list[int]]) -> None:
    """As told one by one: the class in which so many are reached, and as far into it as they are of those in it."""
    edges = [BIN_MINUTES * (2.0 ** (BINS * at / 6 / 16) - 1) for at in range(7)]
    for row, found in zip(counts, quantiles_of(np.array(counts)), strict=True):
        for share, minutes_of in zip(SHARES, found, strict=True):
            wanted, before, at = share * sum(row), 0, 0
            while at < 6 and before + row[at] < wanted:
                before, at = before + row[at], at + 1
            if not sum(row):
                assert np.isnan(minutes_of)
            elif at == 0:
                assert minutes_of == 0  # did not wait
            else:
                into = (wanted - before) / row[at]
                assert minutes_of == pytest.approx(edges[at] + into * (edges[at + 1] - edges[at]))


@pytest.mark.parametrize(("level", "became"), [("trainee", Came.HANDED_OVER), ("generalist", Came.RESOLVED)])
def test_what_becomes_of_a_contact_is_what_its_employees_level_does_with_it(level: str, became: Came) -> None:
    """A trainee hands everything over, a generalist resolves it; the ways of the one are not in the other's order."""
    resolves = Outcome(Came.RESOLVED, 1.0), Outcome(Came.HANDED_OVER, 0.0)
    ways = {"trainee": (Outcome(Came.HANDED_OVER, 1.0),), "generalist": resolves}
    done = ran(scenario([replace(CALLS, outcomes=ways)], [Employee("alice", {"calls": level})]))
    assert [way.came for way in done.prepared.outcomes[0]] == [Came.HANDED_OVER, Came.RESOLVED]
    ended = dict(zip((way.came for way in done.prepared.outcomes[0]), done.tally.outcomes[0], strict=True))
    assert ended.pop(became) > 100
    assert set(ended.values()) == {0}


def test_a_queue_that_grows_takes_room_for_those_in_it_and_not_for_days_like_the_first() -> None:
    many = Flow("many", "phone", Arrivals(each_day(4000.0)), minutes(10), line="calls")
    given = prepare(scenario([many], [Employee("alice", {"calls": "generalist"})], days=4))
    _tally, state, _network = run_once(given, seed=1, replication=0)
    assert len(state.after) >= 8192  # it grew, some times
    assert len(state.coming) < 6000  # a day's arrivals, and no more


def test_more_than_memory_holds_is_refused_with_the_flow_that_it_comes_from() -> None:
    hourly = Flow("hourly", "phone", Arrivals(each_day(24 * 200_000.0)), minutes(10), line="calls")
    with speaking("en"), pytest.raises(CannotPlan, match="4800144 come on one day") as refused:
        prepare(scenario([hourly, CALLS], [Employee("alice", {"calls": "generalist"})]))
    assert "hourly" in refused.value.where[0]
