"""What a council has adopted stays, and no key ever comes to mean another thing."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connections, transaction

from hovedindgang.conftest import small_model
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event
from hovedindgang.policy.actions import begin_day, begin_missing_days, record_adoption, save_draft
from hovedindgang.policy.models import (
    AuthorityKey,
    CentreKey,
    DayBegun,
    MediumKey,
    ModelVersion,
    ServiceKey,
    VersionState,
)
from hovedindgang.policy.queries import InForce, in_force
from hovedindgang.policy.rules import VersionRefused, digest_of
from hovedindgang.servicemodel.problems import ModelInvalid

LATER = dt.date(2026, 6, 1)


def draft(**replaced: str) -> ModelVersion:
    return save_draft(text=small_model(**replaced), includes={}, title="small.toml", actor=SYSTEM)


def adopt(version: ModelVersion, day: dt.date = LATER, *, backdated: bool = False) -> ModelVersion:
    return record_adoption(
        version_id=version.pk, valid_from=day, decided_on=None, body="", actor=SYSTEM, backdated=backdated
    )


def test_an_adopted_version_cannot_be_changed_or_removed_by_anyone(policy_in_force: InForce) -> None:
    adopted = ModelVersion.objects.filter(pk=policy_in_force.version_id)
    with pytest.raises(IntegrityError, match="an adopted version is never changed"), transaction.atomic():
        adopted.update(document="another policy")
    with pytest.raises(IntegrityError, match="an adopted version is never changed"), transaction.atomic():
        adopted._raw_delete(adopted.db)


def test_a_draft_with_problems_is_not_kept_and_all_problems_are_told(policy_in_force: InForce) -> None:
    before = ModelVersion.objects.count()
    with pytest.raises(ModelInvalid) as invalid:
        draft(old='channel = "phone"', new='channel = "fax"')
    assert any("fax" in problem.wrong for problem in invalid.value.problems)
    assert ModelVersion.objects.count() == before


def kept_before_the_check_was_there(**state: object) -> ModelVersion:
    text = small_model(old='name = "Pas"', new='name = "Pas"\nself_service = "se borger.dk"')
    return ModelVersion.objects.create(title="Ældre", document=text, digest=digest_of(text, {}), **state)


def test_an_adopted_policy_is_obeyed_also_when_the_checks_have_become_stricter_since(policy_in_force: InForce) -> None:
    adopted_at = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    kept_before_the_check_was_there(state=VersionState.ADOPTED, valid_from=dt.date(2026, 2, 1), adopted_at=adopted_at)
    assert in_force(dt.date(2026, 3, 1)).model.services["pas"].self_service == "se borger.dk"


def test_a_draft_that_is_not_right_by_todays_checks_is_not_adopted(policy_in_force: InForce, clock: object) -> None:
    with pytest.raises(VersionRefused, match="er ikke en adresse på nettet"):
        adopt(kept_before_the_check_was_there())


def test_the_same_document_twice_is_one_draft(policy_in_force: InForce) -> None:
    one, other = (draft(old="value = 80", new="value = 85") for _ in range(2))
    assert one.pk == other.pk


def test_a_policy_is_not_adopted_from_a_day_that_has_passed_unless_that_is_meant(
    policy_in_force: InForce, clock: object
) -> None:
    version = draft(old="value = 80", new="value = 85")
    with pytest.raises(VersionRefused, match="er passeret"):
        adopt(version, dt.date(2026, 3, 10))
    adopt(version, dt.date(2026, 3, 10), backdated=True)
    assert in_force(dt.date(2026, 3, 10)).version_id == version.pk


def test_what_is_adopted_already_is_not_adopted_again(policy_in_force: InForce, clock: object) -> None:
    version = adopt(draft(old="value = 80", new="value = 85"))
    with pytest.raises(VersionRefused, match="allerede vedtaget"):
        adopt(version, dt.date(2026, 7, 1))


def test_a_day_has_one_policy(policy_in_force: InForce, clock: object) -> None:
    adopt(draft(old="value = 80", new="value = 85"))
    with pytest.raises(VersionRefused, match="er der allerede vedtaget"):
        adopt(draft(old="value = 80", new="value = 90"))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_adopt_for_the_same_day_at_once_one_wins_and_the_other_is_told(clock: object) -> None:
    drafts = [draft(old="value = 80", new=f"value = {goal}") for goal in (85, 90)]
    start, said = threading.Barrier(2), []

    def council(version: ModelVersion) -> None:
        try:
            start.wait()
            adopt(version, backdated=True)
            said.append("adopted")
        except VersionRefused as refused:
            said.append(str(refused))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=council, args=[version]) for version in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 2
    assert said.count("adopted") == 1
    assert any("er der allerede vedtaget" in line for line in said)
    assert ModelVersion.objects.filter(state=VersionState.ADOPTED).count() == 1


def test_every_key_of_an_adopted_version_is_kept_with_its_name(policy_in_force: InForce) -> None:
    assert ServiceKey.objects.get(key="boligstoette").successor_id == "boligstoette_vejledning"
    assert MediumKey.objects.get(key="telephone").channel == "phone"
    assert CentreKey.objects.get(key="aabybro").first_version_id != CentreKey.objects.get(key="aabybro").last_version_id


def test_a_thing_may_change_its_name_and_keep_its_key(policy_in_force: InForce, clock: object) -> None:
    adopt(draft(old='name = "Pas"\n', new='name = "Pas og rejsedokumenter"\n'))
    assert ServiceKey.objects.get(key="pas").name == "Pas og rejsedokumenter"


def pas_carried_on_by(successor: str) -> ModelVersion:
    ends = f'name = "Pas, {successor}"\nvalid_to = 2027-01-01\nsuccessor = "{successor}"\n'
    return draft(old='name = "Pas"\n', new=ends)


@pytest.mark.parametrize("backdated_last", [True, False])
def test_in_whatever_order_they_are_adopted_a_key_means_what_the_version_in_force_last_says(
    policy_in_force: InForce, clock: object, backdated_last: bool
) -> None:
    march, june = pas_carried_on_by("flytning"), pas_carried_on_by("koerekort")
    deeds = [(june, LATER), (march, dt.date(2026, 3, 1))]
    for version, day in deeds if backdated_last else reversed(deeds):
        adopt(version, day, backdated=True)
    kept = ServiceKey.objects.get(key="pas")
    assert (kept.successor_id, kept.name, kept.last_version_id) == ("koerekort", "Pas, koerekort", june.pk)


def test_a_key_that_a_later_version_has_dropped_means_what_the_last_that_knows_it_says(
    policy_in_force: InForce, clock: object
) -> None:
    gone = small_model(old="[authorities.udk]", new="[authorities.atp]").replace('"udk"', '"atp"')
    adopt(save_draft(text=gone, includes={}, title="small.toml", actor=SYSTEM))
    march = draft(old="value = 80", new="value = 85")
    adopt(march, dt.date(2026, 3, 1), backdated=True)
    assert AuthorityKey.objects.get(key="udk").last_version_id == march.pk


def test_a_key_is_not_given_to_another_thing(policy_in_force: InForce, clock: object) -> None:
    other = small_model().replace('name = "Pandrup"', 'name = "Fjerritslev"').replace("Prøvevej 2", "Prøvevej 3")
    version = save_draft(text=other, includes={}, title="small.toml", actor=SYSTEM)
    with pytest.raises(VersionRefused, match='"pandrup" hører til »Pandrup« og kan ikke bruges til »Fjerritslev«'):
        adopt(version)
    assert CentreKey.objects.get(key="pandrup").name == "Pandrup"


def test_a_key_that_lapsed_does_not_return_as_another_thing(policy_in_force: InForce, clock: object) -> None:
    gone = small_model(old="[authorities.udk]", new="[authorities.atp]").replace('"udk"', '"atp"')
    gone = gone.replace('name = "Udbetaling Danmark"', 'name = "ATP"')
    adopt(save_draft(text=gone, includes={}, title="small.toml", actor=SYSTEM))
    returned = small_model(old='name = "Udbetaling Danmark"', new='name = "Universitetet"')
    version = save_draft(text=returned, includes={}, title="small.toml", actor=SYSTEM)
    with pytest.raises(VersionRefused, match="Udbetaling Danmark"):
        adopt(version, dt.date(2026, 7, 1))


def test_a_day_begins_once_and_says_which_version_it_obeys(policy_in_force: InForce) -> None:
    day = dt.date(2026, 3, 11)
    assert [begin_day(day=day) for _ in range(3)] == [True, False, False]
    event = Event.objects.get(verb="day.began")
    assert (event.subject_id, event.facts) == ("2026-03-11", {"version": policy_in_force.version_id})


def test_days_that_passed_while_nobody_worked_begin_in_order(policy_in_force: InForce) -> None:
    begin_missing_days(until=dt.date(2026, 3, 6))
    assert DayBegun.objects.count() == 1
    begin_missing_days(until=dt.date(2026, 3, 9))
    said = Event.objects.filter(verb="day.began").order_by("id").values_list("subject_id", flat=True)
    assert list(said) == ["2026-03-06", "2026-03-07", "2026-03-08", "2026-03-09"]
