"""Moving enquiries to another channel: a range, never one promise, and nobody is moved who cannot follow."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from hovedindgang.planning.channels import Moved, move
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import Change, MoveChannel, OpeningHours, changed
from hovedindgang.planning.service.coming import moves_of, of_a_year
from hovedindgang.planning.service.costs import price_of
from hovedindgang.planning.service.effects import moves_as_data
from hovedindgang.planning.service.exempt import AGES, exempt_share
from hovedindgang.planning.service.ground import ground_of
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.planning.service.reading import Plan
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import Tally, run_once
from hovedindgang.planning.simulation.scenario import Scenario
from hovedindgang.planning.tests.towns import jammerbugt
from hovedindgang.servicemodel.document import Channel, SourceKind
from hovedindgang.servicemodel.language import speaking
from hovedindgang.servicemodel.loading import load

MODELS = Path(__file__).resolve().parents[4] / "models"


@cache
def plan() -> Plan:
    return jammerbugt(days=7)


@cache
def moved(to_channel: str = "self_service", service: str = "") -> tuple[Moved, ...]:
    return move(
        plan().model,
        plan().inputs,
        from_channel="phone",
        to_channel=to_channel,
        shares=(0.2, 0.4, 0.8),
        service=service,
        seed=2,
        replications=4,
    )


def test_the_more_move_the_more_work_is_saved_and_every_figure_is_a_range() -> None:
    freed = [one.hours_freed for one in moved()]
    assert freed[0].value < freed[1].value < freed[2].value
    assert all(one.low < one.value < one.high for one in freed)
    assert all(one.kr_saved_low < one.kr_saved < one.kr_saved_high for one in moved())


@dataclasses.dataclass
class Week:
    """What one replication came to: mean minutes waited by channel, and hours that our own employees worked."""

    waits: dict[str, float]
    booked_wait: float
    hours: float


def weeks(*changes: Change, service: str = "") -> list[Week]:
    """Each replication of `moved`, told once more from what was counted."""
    prepared = prepare(scenario_of(*changed(plan().model, plan().inputs, changes)))
    found = []
    for number in range(4):
        tally = run_once(prepared, seed=2, replication=number)[0]

        def wait(channel: str, key: str = "", tally: Tally = tally) -> float:
            named = [(*flow.split(":"), "") for flow in prepared.flows]  # some stand alone: a department's queue
            rows = [at for at, (by, what, *_) in enumerate(named) if by == channel and key in ("", what)]
            served = sum(tally.by_flow[at, Of.SERVED] for at in rows)
            return float(sum(tally.by_flow[at, Of.WAITED] for at in rows) / served) if served else 0.0

        employees = prepared.scenario.employees
        worked = sum(busy for busy, one in zip(tally.busy, employees, strict=True) if one.own)
        waits = {channel: wait(channel) for channel in ("in_person", "phone")}
        found.append(Week(waits, wait("appointment", service), float(worked) / 60))
    return found


def one_move(
    since: str, to: str, share: float, *, service: str = "", inputs: Inputs | None = None, replications: int = 1
) -> Moved:
    return move(
        plan().model,
        inputs or plan().inputs,
        from_channel=since,
        to_channel=to,
        shares=(share, share, share),
        service=service,
        seed=2,
        replications=replications,
    )[0]


def mean(values: Iterable[float]) -> float:
    told = list(values)
    return sum(told) / len(told)


def test_waits_and_work_are_those_of_the_same_citizens_with_and_without_the_move() -> None:
    before, after = weeks(), weeks(MoveChannel(0.4, "phone", "self_service"))
    simulated = of_a_year(plan().model, plan().inputs, "phone", "")[1]
    assert 0 < simulated < 0.1  # a week of a year
    one = moved()[1]
    for channel, change in one.wait_change.items():
        longer = [late.waits[channel] - early.waits[channel] for early, late in zip(before, after, strict=True)]
        assert change.value == pytest.approx(mean(longer))
        assert change.low <= change.value <= change.high
    freed = [(early.hours - late.hours) / simulated for early, late in zip(before, after, strict=True)]
    assert one.hours_freed.value == pytest.approx(mean(freed))
    assert one.wait_moved is None  # nobody waits for self-service


def test_how_long_they_wait_who_book_instead_is_told_of_that_service_alone() -> None:
    one = one_move("in_person", "appointment", 0.5, service="pas-ansoegning", replications=4)
    alone = weeks(MoveChannel(0.5, "in_person", "appointment", "pas-ansoegning"), service="pas-ansoegning")
    assert one.wait_moved is not None
    assert min(week.booked_wait for week in alone) <= one.wait_moved.value <= max(week.booked_wait for week in alone)


def test_whom_self_service_fails_costs_what_she_costs_where_the_service_is_had() -> None:
    one = one_move("in_person", "self_service", 0.3, service="pas-ansoegning")
    counter, itself = (price_of(plan().model, channel) for channel in ("in_person", "self_service"))
    fails = plan().inputs.demand.self_service_fails
    assert one.kr_saved == pytest.approx(one.moved * (counter.value * (1 - fails.value) - itself.value))


@pytest.mark.parametrize(("since", "to"), [("phone", "in_person"), ("in_person", "phone")])
def test_where_employees_answer_nothing_fails_and_each_end_is_of_both_prices(since: str, to: str) -> None:
    one = one_move(since, to, 0.2, service="flytning")
    now, then = (price_of(plan().model, channel) for channel in (since, to))
    assert one.kr_saved_low == pytest.approx(one.moved * (now.ends[0] - then.ends[1]))
    assert one.kr_saved == pytest.approx(one.moved * (now.value - then.value))
    assert one.kr_saved_high == pytest.approx(one.moved * (now.ends[1] - then.ends[0]))


@pytest.mark.parametrize("shares", [(0.3, 0.2, 0.4), (0.1, 0.3, 0.2), (-0.1, 0.2, 0.3), (0.1, 0.2, 1.1)])
def test_shares_that_are_in_no_order_or_none_are_refused(shares: tuple[float, float, float]) -> None:
    with pytest.raises(CannotPlan, match="rækkefølge"):
        move(plan().model, plan().inputs, from_channel="phone", to_channel="self_service", shares=shares, seed=1)


def test_that_self_service_may_fail_nobody_is_an_end_of_what_can_be_saved() -> None:
    fails = dataclasses.replace(plan().inputs.demand.self_service_fails, value=0.1, low=0.0, high=0.5)
    demand = dataclasses.replace(plan().inputs.demand, self_service_fails=fails)
    inputs = dataclasses.replace(plan().inputs, demand=demand)
    one = one_move("phone", "self_service", 0.2, inputs=inputs)
    phone, itself = (price_of(plan().model, channel) for channel in ("phone", "self_service"))
    assert one.kr_saved_low == pytest.approx(one.moved * (phone.ends[0] - itself.ends[1] - 0.5 * phone.value))
    assert one.kr_saved == pytest.approx(one.moved * (phone.value - itself.value - 0.1 * phone.value))
    assert one.kr_saved_high == pytest.approx(one.moved * (phone.ends[1] - itself.ends[0]))


def test_who_is_exempt_from_digital_post_is_not_moved_to_self_service() -> None:
    calls = plan().inputs.demand.contacts_per_year
    phone = next(figure.value for channel, figure in calls.items() if channel.value == "phone")
    for one in moved():
        assert one.moved + one.not_moved == pytest.approx(one.share * phone, rel=1e-6)
        assert sum(one.exempt.values()) == pytest.approx(one.not_moved)
    assert tuple(moved()[0].exempt) == AGES


def test_everybody_can_be_moved_to_the_counter() -> None:
    assert all(one.not_moved == 0 and one.exempt == {} for one in moved("in_person", "flytning"))


def test_a_price_is_the_adopted_models_where_it_has_one_and_else_says_what_it_is() -> None:
    adopted = price_of(load(MODELS / "demo.toml"), "phone")
    assert (adopted.value, adopted.said) == (45, "Antaget til demonstrationen")
    with speaking("en"):
        assert adopted.said == "Assumed for the demonstration"
    assert price_of(plan().model, "in_person").kind is SourceKind.PUBLISHED
    assert price_of(plan().model, "phone").kind is SourceKind.ASSUMED


@pytest.mark.parametrize(
    ("from_channel", "to_channel", "service", "says"),
    [
        ("telefon", "digital", "", "ingen kanal, der hedder telefon"),
        ("phone", "digital", "cykler", "ingen opgave med nøglen cykler"),
        ("phone", "digital", "pas-ansoegning", "fås ikke ad den kanal"),
        ("in_person", "phone", "pas-ansoegning", "ingen ville flytte sig"),
    ],
)
def test_what_cannot_be_moved_is_said(from_channel: str, to_channel: str, service: str, says: str) -> None:
    with pytest.raises(CannotPlan, match=says):
        move(
            plan().model,
            plan().inputs,
            from_channel=from_channel,
            to_channel=to_channel,
            shares=(0.1, 0.2, 0.3),
            service=service,
            seed=1,
        )


@pytest.mark.parametrize(("since", "to"), [("phone", "phone"), ("self_service", "phone")])
def test_nobody_is_moved_to_where_she_is_or_from_where_nobody_answers(since: str, to: str) -> None:
    with pytest.raises(CannotPlan, match="Ingen kan flyttes"):
        move(plan().model, plan().inputs, from_channel=since, to_channel=to, shares=(0.1, 0.2, 0.3), seed=1)


@cache
def after(*changes: Change) -> Scenario:
    """A year: channels have weeks and waves of their own."""
    return scenario_of(*changed(plan().model, dataclasses.replace(plan().inputs, days=365), changes))


def come(scenario: Scenario, start: str) -> float:
    """How many are expected to come of themselves, in flows whose key begins so."""
    begins = f"{start}:" if start else ""
    flows = (flow for key, flow in scenario.flows.items() if key == start or key.startswith(begins))
    return sum(sum(flow.arrivals.per_day) for flow in flows if flow.arrivals)


@pytest.mark.parametrize(
    ("since", "service", "back"),
    [
        ("phone", "flytning", {"phone:flytning"}),
        ("in_person", "pas-ansoegning", {f"in_person:pas-ansoegning:{c}" for c in plan().model.centres}),
        ("in_person", "", None),
        ("phone", "", None),
    ],
)
def test_whom_self_service_fails_is_helped_as_the_service_is_had_though_nobody_else_comes_so(
    since: str, service: str, back: set[str] | None
) -> None:
    for share in (0.3, 1.0):
        scenario = after(MoveChannel(share, since, "self_service", service))
        prepare(scenario)  # every flow that is named is there, and somebody can serve it
        turns = {way.to for flow in scenario.flows.values() for way in flow.ways if flow.channel == "self_service"}
        assert back is None or turns - {None} == back


def test_a_move_to_a_channel_that_the_service_has_not_is_refused_and_opening_it_moves_just_those() -> None:
    said = MoveChannel(0.5, "in_person", "phone", "pas-ansoegning")
    with pytest.raises(CannotPlan, match="fås ikke på telefon") as refused:
        after(said)
    assert "open_channel" in refused.value.cure
    before, opened = after(), after(dataclasses.replace(said, open_channel=True))
    prepare(opened)
    moved = come(opened, "phone:pas-ansoegning")
    assert moved == pytest.approx(0.5 * come(before, "in_person:pas-ansoegning"), rel=1e-9)
    assert come(opened, "phone") - come(before, "phone") == pytest.approx(moved, rel=1e-9)
    assert come(opened, "phone:flytning") == pytest.approx(come(before, "phone:flytning"), rel=1e-9)


def test_of_all_services_those_move_that_are_had_so_and_the_others_are_counted() -> None:
    ground = ground_of(*changed(plan().model, plan().inputs, (MoveChannel(0.4, "in_person", "phone"),)))
    (told,) = moves_of(ground)[1]
    lacking = {key for key, one in plan().model.services.items() if Channel.PHONE not in one.channels}
    assert told.without == pytest.approx(sum(come(after(), f"in_person:{key}") for key in lacking))
    assert told.moved == pytest.approx(0.4 * (come(after(), "in_person") - told.without))
    built = after(MoveChannel(0.4, "in_person", "phone"))
    assert come(after(), "in_person") - come(built, "in_person") == pytest.approx(told.moved)


def test_who_is_exempt_from_digital_mail_stays_at_the_counter_in_every_what_if_though_all_others_go() -> None:
    before, gone = after(), after(MoveChannel(1.0, "in_person", "digital", "flytning"))
    exempt = exempt_share("in_person") * come(before, "in_person:flytning")
    assert exempt > 0
    assert come(gone, "in_person:flytning") == pytest.approx(exempt, rel=1e-9)
    twice = after(*(MoveChannel(0.9, "in_person", to, "flytning") for to in ("digital", "self_service")))
    assert come(twice, "in_person:flytning") > exempt
    by_phone = after(
        MoveChannel(1.0, "in_person", "phone", "flytning"), MoveChannel(1.0, "phone", "self_service", "flytning")
    )
    both = come(before, "in_person:flytning") + come(before, "phone:flytning")
    assert come(by_phone, "phone:flytning") == pytest.approx(exempt_share("phone") * both, rel=1e-9)


def test_who_finds_her_centre_closed_still_rings_though_nobody_else_rings_any_more() -> None:
    fridays = OpeningHours("pandrup", 4)
    usual = after(fridays)
    nobody = MoveChannel(1.0, "phone", "in_person", "flytning")
    now = after(fridays, nobody)
    total = sum(come(usual, f"{channel}:flytning") for channel in ("in_person", "phone"))
    assert come(now, "phone:flytning") > 0
    assert sum(come(now, f"{c}:flytning") for c in ("in_person", "phone")) == pytest.approx(total, rel=1e-9)


def test_whoever_compares_is_told_how_many_follow_and_by_age_who_cannot() -> None:
    model, inputs = changed(plan().model, plan().inputs, (MoveChannel(0.5, "phone", "self_service", "flytning"),))
    (told,) = moves_as_data(model, inputs)
    ring = come(after(), "phone:flytning")  # of a year
    assert told["moved_per_year"] + told["cannot_follow_per_year"] == pytest.approx(0.5 * ring)
    assert sum(told["cannot_follow_by_age"].values()) == pytest.approx(told["cannot_follow_per_year"])
    assert "Digitaliseringsstyrelsen" in told["source"]
    assert moves_as_data(plan().model, plan().inputs) == []


def test_who_rings_is_not_lost_where_no_telephone_is_open_any_more() -> None:
    shut = [OpeningHours(centre, day, channel="phone") for centre in plan().model.centres for day in range(7)]
    with pytest.raises(CannotPlan, match="Ingen telefon er åben i perioden"):
        after(*shut)
    moved_first = after(MoveChannel(1.0, "phone", "in_person", open_channel=True), *shut)
    prepare(moved_first)
    assert come(moved_first, "") == pytest.approx(come(after(), ""), rel=1e-9)


def test_whom_self_service_fails_may_ring_though_everybody_who_rang_comes_to_the_counter_now() -> None:
    to_counter = MoveChannel(1.0, "phone", "in_person", "flytning")
    scenario = after(to_counter, MoveChannel(0.5, "in_person", "self_service", "flytning"))
    prepare(scenario)
    assert scenario.flows["phone:flytning"].arrivals is None
    assert come(scenario, "phone:flytning") == 0
