"""What a citizen may ask for: to see all we hold about her, and to be erased."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hovedindgang.contacts.actions import (
    NewContact,
    NewEnquiry,
    NewHandover,
    Receiver,
    ask_consultation,
    join_to_contact,
    register_contact,
    strike_contact,
)
from hovedindgang.contacts.models import Contact, Journalised, Note
from hovedindgang.contacts.rules import Identity, Outcome, StruckWhy
from hovedindgang.insight.tests.desk import OPEN, Desk
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.kernel.seals import seal_minute
from hovedindgang.kernel.verifying import verify
from hovedindgang.people.closed import ClosedToHer
from hovedindgang.people.closing import say_family
from hovedindgang.people.models import Citizen
from hovedindgang.people.rectifying import correct_citizen
from hovedindgang.people.rules import NoAccess
from hovedindgang.people.step_up import PROVEN_AT
from hovedindgang.privacy.actions import begin_run, retention_run
from hovedindgang.privacy.erasing import erase_citizen, standing
from hovedindgang.privacy.held import make_package, review_package
from hovedindgang.privacy.models import Package
from hovedindgang.privacy.rules import ErasureGround, Kept, PrivacyRefused
from hovedindgang.privacy.tests.scan import places_of
from hovedindgang.privacy.tests.test_forgetting import kept_figures, optimise, person
from hovedindgang.safety.actions import propose_warning
from hovedindgang.safety.rules import Told, WarningReason
from hovedindgang.servicemodel.document import Channel

ClientOf = Callable[..., Client]
BY_LAW = ErasureGround.BY_LAW


def test_an_erased_citizen_is_nowhere_and_the_figures_stay(desk: Desk) -> None:
    her = person(email="zenobia@xylander.example")
    desk.comes(her, NewEnquiry(service="pas"), note="Xylotekst om hende")
    desk.comes(her, NewEnquiry(service="pas"))
    desk.days_pass(100)
    desk.count()
    before = kept_figures()
    events = list(Event.objects.values_list("pk", "verb", "subject_id", "facts"))
    erase_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, ground=BY_LAW)
    optimise()
    assert places_of("ylander", "ylotekst") == []
    assert not Citizen.objects.exists()
    desk.count()
    assert kept_figures() == before
    assert LookUp.objects.filter(citizen_id=her.pk).exists()
    assert list(Event.objects.order_by("pk").values_list("pk", "verb", "subject_id", "facts"))[: len(events)] == events
    assert Event.objects.get(verb="citizen.erased").facts == {"ground": "by_law", "contacts": 2, "shared": 0}


def test_she_leaves_what_she_shares_with_another_who_keeps_it(desk: Desk) -> None:
    her, child = person(), person("Anders And")
    (matter,) = desk.comes(her, NewEnquiry(service="pas", for_whom=(child.pk,)), note="Barnets pas")
    done = erase_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, ground=BY_LAW)
    assert (done.own, done.shared) == (0, (matter.contact_id,))
    assert Note.objects.get().text == "Barnets pas"
    assert Citizen.objects.get() == child
    matter.contact.refresh_from_db()
    assert matter.contact.asker is None


def test_how_she_showed_who_she_was_goes_with_her_from_what_she_shares(desk: Desk) -> None:
    her, child = person(), person("Anders And")
    (matter,) = desk.comes(her, NewEnquiry(service="pas", for_whom=(child.pk,)), identity=Identity.ID_SEEN)
    erase_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, ground=BY_LAW)
    matter.contact.refresh_from_db()
    assert (matter.contact.asker, matter.contact.identity) == (None, None)


def test_what_was_registered_of_her_by_mistake_goes_with_her(desk: Desk) -> None:
    her, child = person(), person("Anders And")
    desk.comes(her, NewEnquiry(service="pas"), note="Xylotekst om hende")
    desk.comes(her, NewEnquiry(service="pas", for_whom=(child.pk,)))
    for number in Contact.objects.values_list("pk", flat=True):
        strike_contact(employee=desk.cast.alice, contact_id=number, reason=StruckWhy.TEST, why="En prøve")
    done = erase_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, ground=BY_LAW)
    optimise()
    assert (done.own, len(done.shared)) == (1, 1)
    assert places_of("ylander", "ylotekst") == []
    assert Citizen.objects.get() == child


def test_the_night_keeps_who_stands_on_a_mistake_that_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only as who asked: no matter in it is hers."""
    monkeypatch.setattr("hovedindgang.privacy.actions.PAUSE_SECONDS", {"sqlite": 0.0, "postgresql": 0.0})
    her, child = person(), person("Anders And")
    (matter,) = desk.comes(her, NewEnquiry(service="pas", for_whom=(child.pk,)))
    strike_contact(employee=desk.cast.alice, contact_id=matter.contact_id, reason=StruckWhy.TEST, why="En prøve")
    desk.days_pass(100)
    made = begin_run(nightly=False)
    assert made is not None
    assert retention_run(run=made)
    assert Citizen.objects.filter(pk=her.pk).exists()


def test_what_is_open_or_has_no_ground_is_not_erased(desk: Desk) -> None:
    her = person()
    with pytest.raises(PrivacyRefused):
        erase_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, ground="")
    with pytest.raises(NoAccess):
        erase_citizen(employee=desk.cast.alice, citizen_id=her.pk, ground=BY_LAW)
    desk.comes(her, NewEnquiry(service="pas", outcome=OPEN, promised_on=desk.promised(3)))
    assert standing(her.pk).obstacles == {Kept.OPEN}
    with pytest.raises(PrivacyRefused, match="Et ærinde er åbent"):
        erase_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, ground=BY_LAW)
    assert Citizen.objects.filter(pk=her.pk).exists()


def test_what_the_archive_must_have_is_there_before_she_is_erased(desk: Desk, settings: Any) -> None:
    her = person()
    desk.comes(her, NewEnquiry(service="flytning"), note="Til arkivet")
    settings.ARCHIVE_FOLDER, folder = "", settings.ARCHIVE_FOLDER
    with pytest.raises(PrivacyRefused, match="arkiv"):
        erase_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, ground=BY_LAW)
    settings.ARCHIVE_FOLDER = folder
    assert erase_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, ground=BY_LAW).own == 1


def test_the_seals_hold_after_she_is_erased(desk: Desk) -> None:
    her = person()
    desk.comes(her, NewEnquiry(service="pas"))
    seal_minute()
    erase_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, ground=BY_LAW)
    seal_minute()
    found = verify()
    assert found.all_well
    assert found.events > 0


def unpacked(content: bytes) -> tuple[str, dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read("laes-mig.html").decode(), json.loads(file.read("data.json"))


def test_the_package_holds_everything_and_names_no_employee(desk: Desk) -> None:
    her = person(email="zenobia@xylander.example")
    desk.comes(her, NewEnquiry(service="pas"), note="Hun har mistet sin mappe")
    package, content = make_package(employee=desk.cast.dorthe, citizen_id=her.pk, with_cpr=True)
    page, data = unpacked(content)
    assert data["person"]["cpr"] == "6101900001"
    assert data["person"]["email"] == "zenobia@xylander.example"
    assert data["contacts"][0]["notes"][0]["text"] == "Hun har mistet sin mappe"
    assert data["contacts"][0]["employee_unit"] == "aabybro"
    assert data["look_ups"][0]["unit"] == "aabybro"
    assert data["kept_until"][0]["ground"] == "Dokumentation"
    assert "Hun har mistet sin mappe" in page
    assert "Alice" not in page + json.dumps(data)
    assert package.others  # there are texts, which somebody reads first
    assert LookUp.objects.filter(use="export", citizen_id=her.pk, actor_id=desk.cast.dorthe.pk).exists()
    assert Event.objects.get(verb="citizen.packaged").facts["with_cpr"] is True


def test_a_package_is_read_first_where_another_is_named_or_anything_is_written_in_words(desk: Desk) -> None:
    alice, child, consulted = desk.cast.alice, person("Anders And"), uuid.uuid4()

    def read_first(*, by_key: uuid.UUID | None = None, **said: Any) -> bool:
        her = person()
        contact = NewContact(
            channel=Channel.IN_PERSON, asker=her.pk, centre="aabybro", enquiries=(NewEnquiry(service="pas", **said),)
        )
        key, actor = by_key or uuid.uuid4(), employee_actor(alice.pk)
        made = register_contact(employee=alice, actor=actor, contact=contact, key=key)
        join_to_contact(contact_key=key, contact_id=made.contact_id)
        return make_package(employee=desk.cast.dorthe, citizen_id=her.pk, with_cpr=False)[0].others

    assert not read_first()
    assert read_first(for_whom=(child.pk,))
    ask_consultation(
        employee=alice, contact_key=consulted, to=Receiver(centre="pandrup"), question="Må naboen hente passet?"
    )
    assert read_first(by_key=consulted)


def test_what_went_to_the_case_system_is_words_too(desk: Desk) -> None:
    her, now = person(), clock.now()
    (matter,) = desk.comes(her, NewEnquiry(service="pas"))
    Journalised.objects.create(
        enquiry=matter, key=uuid.uuid4(), what="case", title="Pas", text="Nabo hentede", asked_at=now, next_at=now
    )
    assert make_package(employee=desk.cast.dorthe, citizen_id=her.pk, with_cpr=False)[0].others


def test_whoever_has_become_her_family_does_not_read_the_package_through(desk: Desk) -> None:
    her, dorthe = person(), desk.cast.dorthe
    desk.comes(her, NewEnquiry(service="pas"), note="Hun har mistet sin mappe")
    package, _content = make_package(employee=dorthe, citizen_id=her.pk, with_cpr=False)
    say_family(actor=SYSTEM, employee_id=dorthe.pk, cpr="6101900001")
    with pytest.raises(ClosedToHer):
        review_package(employee=dorthe, package_id=package.pk)
    package.refresh_from_db()
    assert package.reviewed_at is None


def test_a_childs_package_does_not_hold_what_her_mother_asked_for_herself(desk: Desk) -> None:
    mother, child = person(), person("Anders And")
    asked = NewHandover(department="jobcenter", summary="Mor er sygemeldt")
    hers = NewEnquiry(service="flytning", outcome=Outcome.PASSED_ON, handover=asked)
    desk.comes(mother, hers, NewEnquiry(service="pas", for_whom=(child.pk,)))
    dorthe = desk.cast.dorthe
    _page, of_child = unpacked(make_package(employee=dorthe, citizen_id=child.pk, with_cpr=False)[1])
    _page, of_mother = unpacked(make_package(employee=dorthe, citizen_id=mother.pk, with_cpr=False)[1])
    assert [matter["service_id"] for matter in of_child["contacts"][0]["enquiries"]] == ["pas"]
    assert "sygemeldt" not in json.dumps(of_child)
    assert "sygemeldt" in json.dumps(of_mother)


def test_a_warning_that_is_dangerous_to_tell_of_is_not_in_the_package(desk: Desk) -> None:
    her = person()
    for reason, told in ((WarningReason.THREAT, Told.WITHHELD), (WarningReason.TWO_EMPLOYEES, Told.YES)):
        propose_warning(employee=desk.cast.alice, citizen_id=her.pk, reason=reason, told=told)
    _page, data = unpacked(make_package(employee=desk.cast.dorthe, citizen_id=her.pk, with_cpr=False)[1])
    assert [row["reason"] for row in data["other_rows"]["safety.Warning"]] == ["two_employees"]


def test_a_leader_takes_out_or_erases_nothing_of_her_own_family(desk: Desk) -> None:
    her = person()
    dorthe = desk.cast.dorthe
    say_family(actor=SYSTEM, employee_id=dorthe.pk, cpr="6101900001")
    with pytest.raises(ClosedToHer):
        make_package(employee=dorthe, citizen_id=her.pk, with_cpr=False)
    with pytest.raises(ClosedToHer):
        erase_citizen(employee=dorthe, citizen_id=her.pk, ground=BY_LAW)
    with pytest.raises(ClosedToHer):
        correct_citizen(employee=dorthe, citizen_id=her.pk, field="phone", value="33445566")
    assert (Package.objects.count(), Citizen.objects.get()) == (0, her)


def test_a_package_without_cpr_has_none(desk: Desk) -> None:
    _package, content = make_package(employee=desk.cast.dorthe, citizen_id=person().pk, with_cpr=False)
    page, data = unpacked(content)
    assert "6101900001" not in page + json.dumps(data)
    assert data["with_cpr"] is False


def test_the_leader_proves_herself_before_she_takes_it_out_and_reads_it_before_it_is_given(
    desk: Desk, client_of: ClientOf
) -> None:
    her = person()
    desk.comes(her, NewEnquiry(service="pas"), note="Noget om naboen")
    browser, page = client_of(desk.cast.dorthe), f"/databeskyttelse/borger/{her.pk}/"
    assert browser.post("/databeskyttelse/borger/", {"who": "610190-0001"})["Location"] == page
    asked = browser.post(f"{page}pakke/", {"with_cpr": "no"})
    assert asked["Content-Type"].startswith("text/html")
    assert not Package.objects.exists()
    session = browser.session
    session[PROVEN_AT] = clock.now().timestamp()
    session.save()
    given = browser.post(f"{page}pakke/", {"with_cpr": "no"})
    assert given["Content-Type"] == "application/zip"
    package = Package.objects.get()
    assert "kan handle om andre" in browser.get(page).content.decode()
    browser.post(f"/databeskyttelse/pakke/{package.pk}/gennemset/")
    assert "læst igennem af Dorthe" in browser.get(page).content.decode()


def test_nobody_at_the_counter_takes_it_out_or_erases(desk: Desk, client_of: ClientOf) -> None:
    her = person()
    for address in ("", "pakke/", "slet/"):
        assert client_of(desk.cast.alice).post(f"/databeskyttelse/borger/{her.pk}/{address}").status_code == 403
    with pytest.raises(NoAccess):
        make_package(employee=desk.cast.alice, citizen_id=her.pk, with_cpr=False)
