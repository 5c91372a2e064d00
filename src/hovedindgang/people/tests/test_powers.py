"""Who may act for whom: by what right, in what, from when to when, and until it is revoked."""

from __future__ import annotations

import datetime as dt
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from hovedindgang.documents.models import Document
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event
from hovedindgang.people.actions import protect_citizen, record_death, register_citizen
from hovedindgang.people.models import Basis, Citizen, Proof, Protection, Representation
from hovedindgang.people.powers import (
    NewRepresentation,
    may_hear,
    power_of,
    register_representation,
    representations_of,
    revoke_representation,
)
from hovedindgang.people.rectifying import correct_citizen
from hovedindgang.people.representing import Power, WhyNot, banners, stands
from hovedindgang.people.rules import NoAccess, PeopleRefused

ANNA, BENT, CARL, DITTE = "6101500001", "6101500002", "6101500003", "6101500004"
CHILD, GROWN_SOON = "6101145001", "6101105001"  # born 1 January 2014 and 2010
TODAY = dt.date(2026, 3, 11)
TEXT = b"Jeg giver Bent fuldmagt"


@pytest.fixture
def anna(cast: SimpleNamespace, clock: object) -> Citizen:
    return register_citizen(actor=SYSTEM, cpr=ANNA, name="Anna Prøve")


@pytest.fixture
def child(cast: SimpleNamespace, clock: object) -> Citizen:
    return register_citizen(actor=SYSTEM, cpr=CHILD, name="Storm Prøve")


def given(cast: SimpleNamespace, citizen: Citizen, basis: Basis = Basis.MANDATE, **said: Any) -> Representation:
    fields = {"holder_cpr": BENT, "holder_name": "Bent Prøve", "proof": Proof.SEEN, **said}
    return register_representation(
        employee=cast.alice, citizen_id=citizen.pk, said=NewRepresentation(basis=basis, **fields)
    )


def asked(one: Representation, *services: str, power: Power = Power.ACT, on: dt.date = TODAY) -> WhyNot | None:
    return power_of(
        representation_id=one.pk,
        holder_id=one.holder_id,
        citizen_id=one.citizen_id,
        services=services or ("pas",),
        power=power,
        on=on,
    )


@pytest.mark.parametrize("basis", [Basis.MANDATE, Basis.GUARDIANSHIP, Basis.PARTY_REPRESENTATIVE])
def test_who_has_a_power_may_hear_and_act(cast: SimpleNamespace, anna: Citizen, basis: Basis) -> None:
    one = given(cast, anna, basis)
    assert [asked(one, power=power) for power in Power] == [None, None]


def test_a_companion_may_hear_and_never_act(cast: SimpleNamespace, anna: Citizen) -> None:
    one = given(cast, anna, Basis.COMPANION, proof=Proof.SPOKEN)
    assert asked(one, power=Power.HEAR) is None
    assert asked(one, power=Power.ACT) is WhyNot.ONLY_HEARS
    assert may_hear(holder_id=one.holder_id, citizen_id=anna.pk, on=TODAY) is None  # only while she is there herself


def test_a_mandate_for_one_service_opens_no_other(cast: SimpleNamespace, anna: Citizen) -> None:
    one = given(cast, anna, services=("pas",))
    assert asked(one, "pas") is None
    assert asked(one, "pas", "byggesag") is WhyNot.OTHER_SERVICE
    assert may_hear(holder_id=one.holder_id, citizen_id=anna.pk, on=TODAY) is None


def test_a_mandate_holds_from_its_first_day_until_before_its_last(cast: SimpleNamespace, anna: Citizen) -> None:
    one = given(cast, anna, valid_from=dt.date(2026, 4, 1), valid_to=dt.date(2026, 5, 1))
    days = (dt.date(2026, 3, 31), dt.date(2026, 4, 1), dt.date(2026, 4, 30), dt.date(2026, 5, 1))
    assert [asked(one, on=day) for day in days] == [WhyNot.NOT_YET, None, None, WhyNot.ENDED]


def test_what_is_revoked_opens_nothing_and_is_still_there_to_be_seen(cast: SimpleNamespace, anna: Citizen) -> None:
    one = given(cast, anna)
    for _twice in range(2):
        revoked = revoke_representation(employee=cast.bob, representation_id=one.pk)
    assert asked(one) is WhyNot.REVOKED
    assert (revoked.revoked_by, revoked.revoked_at is not None) == (cast.bob, True)
    assert representations_of(anna.pk) == [one]
    assert representations_of(anna.pk, on=TODAY) == []
    assert Event.objects.filter(verb="representation.revoked").count() == 1


def test_nobody_acts_for_the_dead_nor_do_the_dead_act(cast: SimpleNamespace, anna: Citizen) -> None:
    one = given(cast, anna)
    record_death(actor=SYSTEM, citizen_id=one.holder_id, dead_on=TODAY)
    assert asked(one) is WhyNot.DEAD
    record_death(actor=SYSTEM, citizen_id=one.holder_id, dead_on=None)
    record_death(actor=SYSTEM, citizen_id=anna.pk, dead_on=TODAY)
    assert asked(one) is WhyNot.DEAD
    with pytest.raises(PeopleRefused, match="Nu handler boet"):
        given(cast, anna)


def test_another_persons_mandate_is_nobody_elses(cast: SimpleNamespace, anna: Citizen, child: Citizen) -> None:
    one = given(cast, anna)
    for holder, citizen in ((child.pk, anna.pk), (one.holder_id, child.pk)):
        assert (
            power_of(
                representation_id=one.pk,
                holder_id=holder,
                citizen_id=citizen,
                services=["pas"],
                power=Power.ACT,
                on=TODAY,
            )
            is WhyNot.OTHER_PERSON
        )


def test_both_are_named_in_the_event_and_neither_by_name(cast: SimpleNamespace, anna: Citizen) -> None:
    one = given(cast, anna)
    event = Event.objects.get(verb="representation.registered")
    assert (event.actor_id, event.on_behalf_of) == (cast.alice.pk, anna.pk)
    assert (event.facts["citizen"], event.facts["holder"]) == (anna.pk, one.holder_id)
    assert "Prøve" not in str(event.facts)


def test_a_document_that_proves_it_is_kept_with_it_and_its_time_begins_when_it_ends(
    cast: SimpleNamespace, anna: Citizen
) -> None:
    one = given(cast, anna, proof=Proof.DOCUMENT, content=TEXT)
    assert Document.objects.get() == one.evidence
    assert Document.objects.get().kept_to is None
    revoke_representation(employee=cast.alice, representation_id=one.pk)
    assert Document.objects.get().kept_to == dt.date(2031, 3, 11)


@pytest.mark.parametrize(
    ("basis", "said", "field"),
    [
        (Basis.MANDATE, {"holder_cpr": "", "holder_name": ""}, "holder_cpr"),
        (Basis.MANDATE, {"holder_cpr": "123"}, "holder_cpr"),
        (Basis.MANDATE, {"holder_cpr": ANNA}, "holder_cpr"),
        (Basis.MANDATE, {"proof": Proof.SPOKEN}, "proof"),
        (Basis.MANDATE, {"proof": Proof.DOCUMENT}, "file"),
        (Basis.MANDATE, {"proof": Proof.DOCUMENT, "content": b"MZ\x90\x00"}, "file"),
        (Basis.MANDATE, {"services": ()}, "services"),
        (Basis.MANDATE, {"services": ("unknown",)}, "services"),
        (Basis.MANDATE, {"valid_from": TODAY, "valid_to": TODAY}, "to"),
        (Basis.CUSTODY, {}, "basis"),  # she is grown up
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    cast: SimpleNamespace, anna: Citizen, basis: Basis, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(PeopleRefused) as refused:
        given(cast, anna, basis, **said)
    assert list(refused.value.errors) == [field]
    assert not Representation.objects.exists()
    assert not Document.objects.exists()


def test_custody_is_for_a_child_and_ends_the_day_it_is_eighteen(cast: SimpleNamespace, clock: object) -> None:
    soon = register_citizen(actor=SYSTEM, cpr=GROWN_SOON)
    one = given(cast, soon, Basis.CUSTODY, valid_to=dt.date(2099, 1, 1))
    assert one.valid_to == dt.date(2028, 1, 1)
    assert asked(one, on=dt.date(2027, 12, 31)) is None
    assert asked(one, on=dt.date(2028, 1, 1)) is WhyNot.ENDED


@pytest.mark.parametrize(("field", "value"), [("born_on", "01.05.2008"), ("cpr", "6105085001")])
def test_custody_ends_by_the_birthday_that_was_put_right(
    cast: SimpleNamespace, child: Citizen, field: str, value: str
) -> None:
    both = [given(cast, child, Basis.CUSTODY, proof=Proof.REGISTER, joint=True, holder_cpr=one) for one in (BENT, CARL)]
    correct_citizen(employee=cast.dorthe, citizen_id=child.pk, field=field, value=value)
    now = representations_of(child.pk, on=TODAY)
    assert [(one.holder_id, one.valid_to, one.joint) for one in now] == [
        (one.holder_id, dt.date(2026, 5, 1), True) for one in both
    ]
    assert [asked(one, on=dt.date(2026, 5, 1)) for one in now] == [WhyNot.ENDED] * 2
    assert [asked(one) for one in both] == [WhyNot.REVOKED] * 2  # what was registered is still there to be seen


def test_custody_that_seemed_to_have_ended_holds_again_when_the_child_is_younger_than_we_thought(
    cast: SimpleNamespace, clock: Any
) -> None:
    soon = register_citizen(actor=SYSTEM, cpr="6104085001", name="Luna Prøve")  # eighteen on 1 April 2026
    one = given(cast, soon, Basis.CUSTODY, proof=Proof.DOCUMENT, content=TEXT)
    clock.go(days=60)
    later = TODAY + dt.timedelta(days=60)
    assert representations_of(soon.pk, on=later) == []
    correct_citizen(employee=cast.dorthe, citizen_id=soon.pk, field="born_on", value="01.04.2010")
    (again,) = representations_of(soon.pk, on=later)
    assert (again.holder_id, again.valid_to) == (one.holder_id, dt.date(2028, 4, 1))
    assert Document.objects.get().kept_to > dt.date(2028, 4, 1)


def test_who_was_grown_up_all_along_has_nobody_with_custody(cast: SimpleNamespace, child: Citizen) -> None:
    given(cast, child, Basis.CUSTODY, proof=Proof.REGISTER)
    correct_citizen(employee=cast.dorthe, citizen_id=child.pk, field="born_on", value="01.01.1990")
    assert representations_of(child.pk, on=TODAY) == []
    assert [one.revoked_by_id for one in representations_of(child.pk)] == [cast.dorthe.pk]


def test_custody_stays_as_it_was_when_something_else_is_put_right(cast: SimpleNamespace, child: Citizen) -> None:
    one = given(cast, child, Basis.CUSTODY, proof=Proof.REGISTER)
    correct_citizen(employee=cast.dorthe, citizen_id=child.pk, field="name", value="Storm Ret")
    assert representations_of(child.pk) == [one]


def test_a_child_has_two_holders_of_custody_and_no_third_until_one_is_revoked(
    cast: SimpleNamespace, child: Citizen
) -> None:
    first = given(cast, child, Basis.CUSTODY, joint=True)
    with pytest.raises(PeopleRefused, match="allerede forældremyndigheden her"):
        given(cast, child, Basis.CUSTODY)
    given(cast, child, Basis.CUSTODY, holder_cpr=CARL)
    with pytest.raises(PeopleRefused, match="To har allerede"):
        given(cast, child, Basis.CUSTODY, holder_cpr=DITTE)
    revoke_representation(employee=cast.alice, representation_id=first.pk)
    assert given(cast, child, Basis.CUSTODY, holder_cpr=DITTE).custody_slot == 1


@pytest.mark.django_db(transaction=True)
def test_two_counters_at_once_give_a_child_no_third_holder_of_custody(cast: SimpleNamespace) -> None:
    child = register_citizen(actor=SYSTEM, cpr=CHILD)
    start, answers = threading.Barrier(3), []

    def counter(cpr: str) -> None:
        try:
            start.wait()
            given(cast, child, Basis.CUSTODY, holder_cpr=cpr)
            answers.append("given")
        except PeopleRefused:
            answers.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=counter, args=[cpr]) for cpr in (BENT, CARL, DITTE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["given", "given", "refused"]


def test_several_may_act_for_one_at_the_same_time(cast: SimpleNamespace, anna: Citizen) -> None:
    given(cast, anna)
    given(cast, anna)
    given(cast, anna, Basis.GUARDIANSHIP, holder_cpr=CARL)
    assert len(representations_of(anna.pk, on=TODAY)) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"basis": "spouse"},
        {"proof": "rumour"},
        {"proof": "spoken"},
        {"proof": "document"},
        {"valid_to": TODAY},
        {"basis": "custody"},
        {"basis": "custody", "custody_slot": 3, "valid_to": dt.date(2027, 1, 1)},
        {"custody_slot": 1},
        {"joint": True},
    ],
)
def test_the_database_refuses_what_cannot_be(cast: SimpleNamespace, anna: Citizen, wrong: dict[str, Any]) -> None:
    bent = register_citizen(actor=SYSTEM, cpr=BENT)
    fields = {"basis": "mandate", "proof": "seen", "every_service": True, "valid_from": TODAY, **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        Representation.objects.create(citizen=anna, holder=bent, **fields)


def test_the_database_lets_nobody_represent_herself(anna: Citizen) -> None:
    fields = {"basis": "mandate", "proof": "seen", "every_service": True, "valid_from": TODAY}
    with pytest.raises(IntegrityError, match="not_herself"), transaction.atomic():
        Representation.objects.create(citizen=anna, holder=anna, **fields)


def test_what_a_representation_opens_is_never_changed(cast: SimpleNamespace, anna: Citizen) -> None:
    one = given(cast, anna, services=("pas",))
    for change in ({"every_service": True}, {"basis": "guardianship"}, {"valid_to": dt.date(2099, 1, 1)}):
        with pytest.raises(IntegrityError, match="revoke it, and register another"), transaction.atomic():
            Representation.objects.filter(pk=one.pk).update(**change)


@pytest.mark.parametrize("who", ["charlie", "erik", "frida", "gorm"])
def test_only_borgerservice_registers_and_revokes(cast: SimpleNamespace, anna: Citizen, who: str) -> None:
    one = given(cast, anna)
    other = SimpleNamespace(**{**vars(cast), "alice": getattr(cast, who)})
    with pytest.raises(NoAccess):
        given(other, anna)
    with pytest.raises(NoAccess):
        revoke_representation(employee=other.alice, representation_id=one.pk)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "case", ["holds", "revoked", "not_yet", "ended", "dead", "companion", "other_service", "limited", "other_person"]
)
def test_the_function_of_the_database_says_the_same(cast: SimpleNamespace, anna: Citizen, case: str) -> None:
    said: dict[str, Any] = {
        "not_yet": {"valid_from": dt.date(2026, 3, 12)},
        "ended": {"valid_from": dt.date(2026, 1, 1), "valid_to": TODAY},
        "other_service": {"services": ("byggesag",)},
        "limited": {"services": ("byggesag", "pas")},
    }.get(case, {})
    one = given(cast, anna, Basis.COMPANION if case == "companion" else Basis.MANDATE, **said)
    if case == "revoked":
        revoke_representation(employee=cast.alice, representation_id=one.pk)
    if case == "dead":
        record_death(actor=SYSTEM, citizen_id=anna.pk, dead_on=TODAY)
    whom = one.holder_id if case == "other_person" else anna.pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_may_act(%s, %s, %s, %s, %s)", [one.pk, one.holder_id, whom, ["pas"], TODAY])
        (holds,) = cursor.fetchone()
    readable = power_of(
        representation_id=one.pk,
        holder_id=one.holder_id,
        citizen_id=whom,
        services=["pas"],
        power=Power.ACT,
        on=TODAY,
    )
    assert holds is (readable is None) is (case in {"holds", "limited"})


# ---------------------------------------------------------------------------------------------------------- banners


def kinds_of(citizen: Citizen, on: dt.date = TODAY) -> list[str]:
    citizen.refresh_from_db()
    return [banner.kind for banner in banners(citizen, representations_of(citizen.pk, on=on), on)]


def test_a_grown_up_citizen_has_no_banner_until_something_calls_for_one(cast: SimpleNamespace, anna: Citizen) -> None:
    assert kinds_of(anna) == []
    protect_citizen(actor=SYSTEM, citizen_id=anna.pk, protection=Protection.OWN)
    record_death(actor=SYSTEM, citizen_id=anna.pk, dead_on=TODAY)
    assert kinds_of(anna) == ["dead", "protected"]


def test_a_childs_banner_tells_who_has_custody_and_that_another_has_it_too(
    cast: SimpleNamespace, child: Citizen
) -> None:
    def said() -> str:
        return " ".join(banner.text for banner in banners(child, representations_of(child.pk, on=TODAY), TODAY))

    assert "ikke registreret, hvem" in said()
    given(cast, child, Basis.CUSTODY, joint=True)
    assert "fælles med en, vi ikke har registreret" in said()
    given(cast, child, Basis.CUSTODY, holder_cpr=CARL, joint=True)
    assert "To har forældremyndigheden" in said()


def test_at_fifteen_the_banner_says_that_the_child_is_heard_and_at_eighteen_it_is_gone(
    cast: SimpleNamespace, child: Citizen
) -> None:
    def title(day: dt.date) -> list[str]:
        return [banner.title for banner in banners(child, [], day)][:1]

    assert title(dt.date(2028, 12, 31)) == ["Barn under 15 år"]
    assert title(dt.date(2029, 1, 1)) == ["Barn, fyldt 15 år"]
    assert title(dt.date(2032, 1, 1)) == []


def test_a_representation_stands_on_the_days_it_is_in_force(cast: SimpleNamespace, anna: Citizen) -> None:
    one = given(cast, anna, valid_to=dt.date(2026, 3, 12))
    assert [stands(one, on=TODAY), stands(one, on=dt.date(2026, 3, 12))] == [True, False]
