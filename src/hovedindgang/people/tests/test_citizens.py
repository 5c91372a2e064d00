"""Citizens are found or made once, seen through doors, and every look is written down."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from django.db import connection, connections

from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.people.actions import KnownCitizen, import_citizens, register_citizen, without_cprs
from hovedindgang.people.models import Citizen
from hovedindgang.people.queries import access_citizen, cpr_of, find_by_cpr, search_by_name
from hovedindgang.people.rules import BadCpr, NoAccess, PeopleRefused

KAREN = "610190-0001"


@pytest.mark.django_db
def test_the_same_cpr_is_the_same_citizen_however_it_is_typed() -> None:
    first = register_citizen(actor=SYSTEM, cpr=KAREN, name="Karen Prøve")
    again = register_citizen(actor=SYSTEM, cpr="6101900001", name="En Anden")
    assert (again.pk, again.name) == (first.pk, "Karen Prøve")
    assert cpr_of(again) == "6101900001"
    assert list(Event.objects.values_list("verb", flat=True)) == ["citizen.registered"]


@pytest.mark.django_db
def test_what_was_empty_is_filled_in_and_the_event_tells_which_field_and_not_what() -> None:
    register_citizen(actor=SYSTEM, cpr=KAREN)
    karen = register_citizen(actor=SYSTEM, cpr=KAREN, name="Karen Prøve")
    assert karen.name == "Karen Prøve"
    event = Event.objects.get(verb="citizen.updated")
    assert event.facts == {"fields": ["name"]}


@pytest.mark.django_db
def test_a_citizen_without_cpr_is_always_new_because_the_machine_never_merges_people() -> None:
    one, other = (register_citizen(actor=SYSTEM, name="Jens Prøve") for _ in range(2))
    assert one.pk != other.pk
    assert cpr_of(one) is None


@pytest.mark.django_db(transaction=True)
def test_two_counters_at_once_make_one_citizen() -> None:
    start, made = threading.Barrier(4), []

    def counter() -> None:
        try:
            start.wait()
            made.append(register_citizen(actor=SYSTEM, cpr=KAREN).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=counter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert Citizen.objects.count() == 1
    assert Event.objects.filter(verb="citizen.registered").count() == 1


def test_every_citizen_seen_is_written_down_with_who_and_why(cast: SimpleNamespace) -> None:
    karen = register_citizen(actor=SYSTEM, cpr=KAREN, name="Karen Prøve")
    alice = employee_actor(cast.alice.pk)
    access_citizen(cast.alice, karen.pk, use="history", reason="contact:12")
    find_by_cpr(actor=alice, cpr=KAREN, use="registration", reason="desk")
    search_by_name(actor=alice, typed="kar prø", reason="desk")
    find_by_cpr(actor=alice, cpr="620190-0002", use="registration", reason="desk")
    seen = list(LookUp.objects.order_by("id").values_list("actor_id", "citizen_id", "use", "reason"))
    assert seen == [
        (cast.alice.pk, karen.pk, "history", "contact:12"),
        (cast.alice.pk, karen.pk, "registration", "desk"),
        (cast.alice.pk, karen.pk, "search", "desk"),
        (cast.alice.pk, None, "registration", "desk"),
    ]


@pytest.mark.parametrize("who", ["charlie", "erik", "frida", "gorm"])
def test_others_than_borgerservice_do_not_open_any_citizens_record(cast: SimpleNamespace, who: str) -> None:
    karen = register_citizen(actor=SYSTEM, cpr=KAREN, name="Karen Prøve")
    with pytest.raises(NoAccess):
        access_citizen(getattr(cast, who), karen.pk, use="history", reason="x")
    assert not LookUp.objects.exists()


def test_a_citizen_who_is_not_there_is_refused_as_one_that_may_not_be_seen(cast: SimpleNamespace) -> None:
    with pytest.raises(NoAccess):
        access_citizen(cast.alice, 4711, use="history", reason="x")


@pytest.mark.django_db
def test_names_are_found_by_the_beginning_of_their_words_with_danish_letters_either_way() -> None:
    aase = register_citizen(actor=SYSTEM, name="Åse Ærenprøve")
    for typed in ("åse", "Aase", "aerenpr", "ÆREN å"):
        found = search_by_name(actor=SYSTEM, typed=typed, reason="x")
        assert ([person.pk for person in found.people], found.more) == ([aase.pk], False), typed
    for few in ("se", "aa", "a a"):  # two letters, though her name begins with them
        assert search_by_name(actor=SYSTEM, typed=few, reason="x").people == []
    assert search_by_name(actor=SYSTEM, typed="%%%", reason="x").people == []


@pytest.mark.django_db
@pytest.mark.parametrize(("namesakes", "more"), [(10, False), (11, True), (30, True)])
def test_more_namesakes_than_are_shown_are_said_to_be_there_and_nobody_not_shown_is_looked_up(
    namesakes: int, more: bool
) -> None:
    for number in range(namesakes):
        register_citizen(actor=SYSTEM, name=f"Amina Tænkt {number:02}")
    found = search_by_name(actor=SYSTEM, typed="tænkt", reason="x")
    assert (len(found.people), found.more) == (10, more)
    assert LookUp.objects.count() == 10


@pytest.mark.django_db
def test_a_cpr_in_a_text_becomes_a_reference_to_the_citizen() -> None:
    text = without_cprs(actor=SYSTEM, text="Datter til 610190-0001 ringede. Se også 6201900002.")
    karen, other = Citizen.objects.order_by("id")
    assert text == f"Datter til [borger {karen.pk}] ringede. Se også [borger {other.pk}]."
    assert without_cprs(actor=SYSTEM, text=text) == text


@pytest.mark.django_db
def test_a_number_that_is_nobodys_yet_makes_no_citizen_and_is_still_in_no_text() -> None:
    """One digit wrong is most of somebody's number."""
    yet_to_be_born = "750145-5234"
    for refused in (
        lambda: register_citizen(actor=SYSTEM, cpr=yet_to_be_born),
        lambda: find_by_cpr(actor=SYSTEM, cpr=yet_to_be_born, use="desk", reason="form:1"),
    ):
        with pytest.raises(BadCpr, match="fremtiden"):
            refused()
    assert "5234" not in without_cprs(actor=SYSTEM, text=f"Datter til {yet_to_be_born} ringede.")


@pytest.mark.django_db
def test_a_text_without_cpr_costs_no_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert without_cprs(actor=SYSTEM, text="ring 12 34 56 78") == "ring 12 34 56 78"


@pytest.mark.django_db
def test_one_person_is_one_citizen_in_whatever_digits_her_number_is_written() -> None:
    wide = "６１０１９０－０００１".replace("－", "-")
    karen = register_citizen(actor=SYSTEM, cpr=KAREN)
    assert register_citizen(actor=SYSTEM, cpr=wide) == karen
    assert find_by_cpr(actor=SYSTEM, cpr=wide, use="test", reason="test") == karen
    assert import_citizens(actor=SYSTEM, rows=[KnownCitizen(cpr=wide)]) == {"6101900001": karen.pk}
    assert without_cprs(actor=SYSTEM, text=f"Om {wide}") == f"Om [borger {karen.pk}]"


@pytest.mark.django_db
def test_an_appointment_in_a_note_makes_no_citizen() -> None:
    for text in ("Ny tid aftalt 12.11.26 1430", "Ny tid 12.11.26 kl. 14.30"):
        assert without_cprs(actor=SYSTEM, text=text) == text
    assert not Citizen.objects.exists()


@pytest.mark.django_db
def test_a_cpr_typed_into_the_name_is_refused_at_that_field() -> None:
    with pytest.raises(PeopleRefused) as refused:
        register_citizen(actor=SYSTEM, name="Karen 610190-0001")
    assert list(refused.value.errors) == ["name"]
    assert not Citizen.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_200_cprs_are_nowhere_in_the_database_in_clear(caplog) -> None:
    cprs = [f"{61 + n % 30:02}{1 + n % 12:02}{50 + n % 40:02}{n % 4}{100 + n:03}" for n in range(200)]
    import_citizens(actor=SYSTEM, rows=[KnownCitizen(cpr=cpr, name=f"Borger {n}") for n, cpr in enumerate(cprs[:100])])
    for cpr in cprs[100:]:
        register_citizen(actor=SYSTEM, cpr=cpr)
        find_by_cpr(actor=SYSTEM, cpr=cpr, use="test", reason="test")
        without_cprs(actor=SYSTEM, text=f"Hun hedder {cpr[:6]}-{cpr[6:]}")
    assert Citizen.objects.count() == 200
    assert {cpr_of(citizen) for citizen in Citizen.objects.all()} == set(cprs)
    whole = _everything_stored()
    for cpr in cprs:
        for written in (cpr, f"{cpr[:6]}-{cpr[6:]}"):
            assert written.encode() not in whole
            assert written not in caplog.text


def _everything_stored() -> bytes:
    """The bytes of the SQLite file and its log, or every value of every table on PostgreSQL."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with open(connection.settings_dict["NAME"], "rb") as file:
            return file.read()
    stored = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT t::text FROM "{table}" AS t')
            stored += [str(row[0]).encode() for row in cursor.fetchall()]
    return b"\n".join(stored)
