"""A counter closed today is an exceptional day; the policy stays as it is."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event
from hovedindgang.policy.actions import record_exceptional_day, withdraw_exceptional_day
from hovedindgang.policy.models import ExceptionalDay
from hovedindgang.policy.queries import InForce, coming_exceptional_days, is_open
from hovedindgang.policy.rules import DayRefused
from hovedindgang.servicemodel.document import Channel

THURSDAY = dt.date(2026, 3, 12)
NOON = dt.datetime(2026, 3, 12, 12, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))


def close(**said: object) -> ExceptionalDay:
    facts = {"centre": "aabybro", "on": THURSDAY, "reason": "Sygdom", "actor": SYSTEM, **said}
    return record_exceptional_day(**facts)  # type: ignore[arg-type]


def test_a_centre_closed_by_storm_is_closed_in_every_channel_and_only_there(
    policy_in_force: InForce, clock: object
) -> None:
    close(reason="Storm")
    assert not is_open("aabybro", Channel.IN_PERSON, NOON)
    assert not is_open("aabybro", Channel.PHONE, NOON)
    assert is_open("pandrup", Channel.IN_PERSON, NOON)


def test_a_closed_counter_leaves_the_phone_open(policy_in_force: InForce, clock: object) -> None:
    close(channel=Channel.IN_PERSON)
    assert not is_open("aabybro", Channel.IN_PERSON, NOON)
    assert is_open("aabybro", Channel.PHONE, NOON)


def test_what_is_said_of_one_channel_wins_over_what_is_said_of_all(policy_in_force: InForce, clock: object) -> None:
    close(channel=Channel.PHONE, opens=dt.time(11), closes=dt.time(13))
    close()
    assert is_open("aabybro", Channel.PHONE, NOON)
    assert not is_open("aabybro", Channel.IN_PERSON, NOON)


def test_saying_it_again_replaces_it_and_taking_it_back_opens_as_the_model_says(
    policy_in_force: InForce, clock: object
) -> None:
    first, again = close(), close(opens=dt.time(14), closes=dt.time(15))
    assert first.pk == again.pk
    assert [day.opens for day in coming_exceptional_days(THURSDAY)] == [dt.time(14)]
    withdraw_exceptional_day(exceptional_day_id=first.pk, actor=SYSTEM)
    withdraw_exceptional_day(exceptional_day_id=first.pk, actor=SYSTEM)
    assert is_open("aabybro", Channel.IN_PERSON, NOON)
    verbs = Event.objects.filter(subject_kind="centre").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["exceptional_day.recorded"] * 2 + ["exceptional_day.withdrawn"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"centre": "nowhere"}, "centre"),
        ({"on": dt.date(2026, 3, 10)}, "on"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 201}, "reason"),
        ({"opens": dt.time(10)}, "opens"),
        ({"opens": dt.time(12), "closes": dt.time(11)}, "closes"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    policy_in_force: InForce, clock: object, said: dict[str, object], field: str
) -> None:
    with pytest.raises(DayRefused) as refused:
        close(**said)
    assert list(refused.value.errors) == [field]
    assert not ExceptionalDay.objects.exists()
