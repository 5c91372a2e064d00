"""A service that takes another's place is the same errand under a new name: who comes again under it came again."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from hovedindgang.conftest import adopt, small_model
from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.insight.models import EnquiryDay
from hovedindgang.insight.remaining import what_remains
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.insight.tests.test_kept import Told, assert_nothing_is_stale
from hovedindgang.kernel import clock as house_clock
from hovedindgang.policy.models import ServiceKey
from hovedindgang.policy.queries import services_over_time

OLD, NEW = "boligstoette", "boligstoette_vejledning"  # the new one from 1 March


@pytest.fixture
def february(desk: Desk) -> Desk:
    desk.days_pass((dt.date(2026, 2, 26) - house_clock.today()).days)
    return desk


def came_again() -> int:
    return sum(EnquiryDay.objects.filter(current=True).values_list("came_again", flat=True))


def test_she_who_comes_again_when_the_service_has_a_new_name_was_not_helped_at_once(february: Desk) -> None:
    anna = february.citizen()
    february.comes(anna, NewEnquiry(service=OLD))
    february.days_pass(5)
    february.comes(anna, NewEnquiry(service=NEW))
    assert february.a() == (2, 2)
    assert february.b() == (1, 2)


def test_who_is_known_by_her_number_alone_is_found_again_under_the_new_name(february: Desk) -> None:
    february.comes(None, NewEnquiry(service=OLD), repeat_of="70123456")
    february.days_pass(5)
    february.comes(None, NewEnquiry(service=NEW), repeat_of="70 12 34 56")
    assert february.b() == (1, 2)


def test_the_day_under_the_old_name_is_counted_anew_when_she_comes_under_the_new_one(february: Desk) -> None:
    told = Told()
    anna = february.citizen()
    february.comes(anna, NewEnquiry(service=OLD))
    told.catch_up()
    february.days_pass(5)
    (again,) = february.comes(anna, NewEnquiry(service=NEW))
    told.catch_up()
    assert came_again() == 1
    assert_nothing_is_stale()
    deeds.correct_service(employee=february.cast.alice, enquiry_id=again.pk, service="pas", why="Ramte ved siden af")
    told.catch_up()
    assert came_again() == 0
    assert_nothing_is_stale()


def test_what_remains_of_her_says_that_she_came_again_under_the_new_name(february: Desk) -> None:
    anna = february.citizen()
    (first,) = february.comes(anna, NewEnquiry(service=OLD))
    february.days_pass(5)
    (again,) = february.comes(anna, NewEnquiry(service=NEW))
    for forgotten in (first, again):
        assert what_remains([forgotten.contact_id])[first.pk].came_again_on == dt.date(2026, 3, 3)


def test_what_is_adopted_later_says_of_days_that_were_counted_that_two_matters_were_one(desk: Desk) -> None:
    told = Told()
    anna = desk.citizen()
    desk.comes(anna, NewEnquiry(service="pas"))
    desk.days_pass(3)
    desk.comes(anna, NewEnquiry(service="koerekort"))
    told.catch_up()
    assert came_again() == 0
    ends = 'name = "Pas"\nvalid_to = 2027-01-01\nsuccessor = "koerekort"\n'
    adopt(small_model(old='name = "Pas"\n', new=ends), house_clock.today() + dt.timedelta(days=30))
    told.catch_up()
    assert came_again() == 1
    assert_nothing_is_stale()


def test_what_is_adopted_for_days_before_changes_nothing_of_what_a_later_version_says(desk: Desk) -> None:
    told = Told()
    anna = desk.citizen()
    desk.comes(anna, NewEnquiry(service="pas"))
    desk.days_pass(3)
    desk.comes(anna, NewEnquiry(service="koerekort"))
    # From when, who carries it on, and whether hers is one matter then; the second is adopted out of order.
    for days, month, successor, again in (
        (30, "01", "koerekort", 1),
        (20, "02", "flytning", 1),
        (40, "03", "flytning", 0),
    ):
        ends = f'name = "Pas"\nvalid_to = 2027-{month}-01\nsuccessor = "{successor}"\n'
        adopt(small_model(old='name = "Pas"\n', new=ends), house_clock.today() + dt.timedelta(days=days))
        told.catch_up()
        assert came_again() == again
        assert_nothing_is_stale()


def test_a_service_renamed_twice_is_one_and_two_that_became_one_were_two(cast: SimpleNamespace) -> None:
    ServiceKey.objects.filter(key="pas").update(successor=OLD)
    ServiceKey.objects.filter(key="flytning").update(successor=NEW)
    found = services_over_time()
    assert found["pas"] == {"pas", OLD, NEW}
    assert found[OLD] == {"pas", OLD, NEW}
    assert found["flytning"] == {"flytning", NEW}
    assert found[NEW] == {"pas", OLD, "flytning", NEW}
    assert "aabningstider" not in found


def test_two_names_that_each_say_the_other_came_after_are_one_errand_and_nobody_waits_for_ever(
    cast: SimpleNamespace,
) -> None:
    ServiceKey.objects.filter(pk=OLD).update(successor=NEW)
    ServiceKey.objects.filter(pk=NEW).update(successor=OLD)  # a backdated adoption can leave it so
    names = services_over_time()
    assert names[OLD] == names[NEW] == {OLD, NEW}
