"""Moving enquiries to another channel: a range, never one promise, and nobody is moved who cannot follow."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

import pytest

from hovedindgang.planning.channels import AGES, Moved, cost, move
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.reading import Plan, read_plan
from hovedindgang.servicemodel.document import SourceKind
from hovedindgang.servicemodel.loading import load

MODELS = Path(__file__).resolve().parents[4] / "models"


@cache
def plan() -> Plan:
    read = read_plan(MODELS / "planning" / "jammerbugt-2006.toml")
    return dataclasses.replace(read, inputs=dataclasses.replace(read.inputs, days=14))


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
    assert cost(load(MODELS / "demo.toml"), "phone").value == 45
    assert cost(plan().model, "in_person").kind is SourceKind.PUBLISHED
    assert cost(plan().model, "phone").kind is SourceKind.ASSUMED


@pytest.mark.parametrize(
    ("from_channel", "to_channel", "service", "says"),
    [
        ("telefon", "digital", "", "ingen kanal, der hedder telefon"),
        ("phone", "digital", "cykler", "ingen opgave med nøglen cykler"),
        ("phone", "digital", "pas-ansoegning", "fås ikke ad den kanal"),
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
