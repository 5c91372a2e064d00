"""A matter that is kept more closely is read by who works with it; others are told only that there was one."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hovedindgang.conftest import small_model
from hovedindgang.contacts.actions import (
    NewEnquiry,
    NewHandover,
    NewSignpost,
    add_note,
    amend_note,
    conclude_enquiry,
    merge_contacts,
    note_got_there,
    open_matter,
    strike_contact,
)
from hovedindgang.contacts.history import history_as_json
from hovedindgang.contacts.models import Enquiry, Note, OpenedMatter
from hovedindgang.contacts.queries import contact_seen, history, owed, possible_follows, receipt
from hovedindgang.contacts.rules import ForwardKind, Outcome, Refused, StruckWhy
from hovedindgang.contacts.searching import search_notes
from hovedindgang.contacts.tests.desk import register, registered
from hovedindgang.kernel import clock as house_clock
from hovedindgang.kernel.actors import SYSTEM, Actor, ActorKind
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.admission import admit
from hovedindgang.people.api import token_hash
from hovedindgang.people.clients import let_client_in
from hovedindgang.people.models import Citizen, Client
from hovedindgang.people.rules import NoAccess, Scope
from hovedindgang.policy.actions import record_adoption, save_draft
from hovedindgang.policy.queries import forget_adopted_versions, sensitivities
from hovedindgang.servicemodel.document import Sensitivity

pytestmark = pytest.mark.django_db
LEVEL = 'sensitivity = {{ value = "{level}", source = "assumed" }}'


def adopt(text: str, day: dt.date) -> None:
    draft = save_draft(text=text, includes={}, title="x.toml", actor=SYSTEM)
    record_adoption(version_id=draft.pk, valid_from=day, decided_on=None, body="", actor=SYSTEM, backdated=True)
    forget_adopted_versions()


@pytest.fixture
def anna(cast: SimpleNamespace, clock: Any) -> Citizen:
    """She lives where moving is sensitive and a driving licence confidential."""
    text = small_model(old="[services.flytning]", new="[services.flytning]\n" + LEVEL.format(level="sensitive"))
    text = text.replace("[services.koerekort]", "[services.koerekort]\n" + LEVEL.format(level="confidential"))
    adopt(text, dt.date(2026, 2, 1))
    return register_citizen(actor=SYSTEM, cpr="6101901234", name="Anna Andersen")


def sensitive(cast: SimpleNamespace, anna: Citizen, **said: Any) -> Enquiry:
    """Alice registers it."""
    return registered(
        cast.alice, NewEnquiry(service="flytning", **said), asker=anna.pk, note="Flytter efter vold i hjemmet"
    )


def test_who_registered_it_reads_it_and_a_colleague_reads_that_there_was_another(
    cast: SimpleNamespace, anna: Citizen
) -> None:
    sensitive(cast, anna)
    (hers,), (his,) = history(cast.alice, anna.pk), history(cast.bob, anna.pk)
    assert (hers.enquiries[0].service, hers.withheld, len(hers.notes)) == ("flytning", False, 1)
    assert (his.enquiries, his.notes, his.withheld) == ((), (), True)
    assert (his.employee, his.department, his.medium) == (None, None, None)
    assert his.started_at == hers.started_at


def test_what_is_ordinary_in_the_same_contact_is_read_but_not_the_note(cast: SimpleNamespace, anna: Citizen) -> None:
    register(cast.alice, NewEnquiry(service="flytning"), NewEnquiry(service="pas"), asker=anna.pk, note="Om begge")
    (his,) = history(cast.bob, anna.pk)
    assert [one.service for one in his.enquiries] == ["pas"]
    assert (his.withheld, his.notes) == (True, ())


def test_a_confidential_matter_is_open_to_borgerservice(cast: SimpleNamespace, anna: Citizen) -> None:
    register(cast.alice, NewEnquiry(service="koerekort"), asker=anna.pk)
    assert not history(cast.bob, anna.pk)[0].withheld


def test_the_department_it_was_handed_to_reads_it(cast: SimpleNamespace, anna: Citizen) -> None:
    asked = NewHandover(department="teknik", summary="Vil bo hemmeligt")
    matter = sensitive(cast, anna, outcome=Outcome.PASSED_ON, handover=asked)
    assert contact_seen(cast.hanne, matter.contact_id).enquiries == [matter]
    with pytest.raises(NoAccess):
        contact_seen(cast.charlie, matter.contact_id)


def test_the_contacts_page_its_receipt_and_its_note_say_no_more(
    cast: SimpleNamespace, anna: Citizen, client_of: Any
) -> None:
    matter = sensitive(cast, anna)
    seen = contact_seen(cast.bob, matter.contact_id)
    assert (seen.enquiries, seen.notes, seen.withheld) == ([], [], [matter])
    assert receipt(cast.bob, matter.contact_id).enquiries == []
    page = client_of(cast.bob).get(f"/henvendelser/{matter.contact_id}/").content.decode()
    assert "Et andet ærinde" in page
    assert not any(word in page for word in ("Flytning", "vold", "ved Alice"))


def test_a_search_has_no_hit_in_what_she_may_not_read(cast: SimpleNamespace, anna: Citizen) -> None:
    sensitive(cast, anna)
    assert len(search_notes(cast.alice, "vold")) == 1
    assert search_notes(cast.bob, "vold") == []


def test_it_is_offered_as_no_earlier_matter_and_is_on_nobody_elses_list(
    cast: SimpleNamespace, anna: Citizen, clock: Any
) -> None:
    sensitive(cast, anna, outcome=Outcome.OPEN, promised_on=house_clock.today())
    clock.go(days=1)
    assert len(possible_follows(cast.alice, anna.pk, "flytning", house_clock.today())) == 1
    assert possible_follows(cast.bob, anna.pk, "flytning", house_clock.today()) == []
    assert (len(owed(cast.alice).overdue), owed(cast.bob).overdue) == (1, [])


def test_no_deed_is_done_with_what_she_may_not_read(cast: SimpleNamespace, anna: Citizen) -> None:
    matter = sensitive(cast, anna, outcome=Outcome.OPEN, promised_on=house_clock.today())
    with pytest.raises(NoAccess):
        conclude_enquiry(employee=cast.bob, enquiry_id=matter.pk, outcome=Outcome.RESOLVED)


def test_a_colleague_who_merges_it_into_a_contact_of_his_own_reads_no_note_of_it(
    cast: SimpleNamespace, anna: Citizen
) -> None:
    matter = sensitive(cast, anna)
    own = registered(cast.bob, NewEnquiry(service="pas"), asker=anna.pk, note="Vil have pas")
    merge_contacts(employee=cast.bob, contact_id=matter.contact_id, into_id=own.contact_id)
    assert [note.text for note in contact_seen(cast.bob, own.contact_id).notes] == ["Vil have pas"]
    assert len(contact_seen(cast.alice, own.contact_id).notes) == 2


def test_what_was_said_on_the_same_occasion_is_kept_as_closely_whichever_contact_is_opened(
    cast: SimpleNamespace, anna: Citizen
) -> None:
    matter = sensitive(cast, anna)
    ordinary = registered(cast.alice, NewEnquiry(service="pas"), asker=anna.pk, note="Også om volden")
    merge_contacts(employee=cast.alice, contact_id=ordinary.contact_id, into_id=matter.contact_id)
    assert contact_seen(cast.bob, ordinary.contact_id).notes == []
    assert search_notes(cast.bob, "volden") == []
    with pytest.raises(NoAccess):
        amend_note(employee=cast.bob, note_id=Note.objects.get(text="Også om volden").pk, text="Nej")
    assert len(contact_seen(cast.alice, ordinary.contact_id).notes) == 1


def test_what_was_said_in_a_contact_registered_by_mistake_is_kept_as_closely(
    cast: SimpleNamespace, anna: Citizen
) -> None:
    matter = sensitive(cast, anna)
    strike_contact(employee=cast.alice, contact_id=matter.contact_id, reason=StruckWhy.DUPLICATE, why="Står to gange")
    seen = contact_seen(cast.bob, matter.contact_id)
    assert (seen.enquiries, seen.notes, seen.withheld, seen.corrections) == ([], [], [matter], [])
    hers = contact_seen(cast.alice, matter.contact_id)
    assert (len(hers.notes), hers.corrections[0].why) == (1, "Står to gange")


def test_why_a_contact_was_put_right_is_read_by_no_department_that_has_half_of_it(
    cast: SimpleNamespace, anna: Citizen
) -> None:
    handed = NewEnquiry(
        service="pas", outcome=Outcome.PASSED_ON, handover=NewHandover(department="teknik", summary="Vil bygge")
    )
    matter = registered(cast.alice, handed, NewEnquiry(service="koerekort"), asker=anna.pk)
    strike_contact(
        employee=cast.alice, contact_id=matter.contact_id, reason=StruckWhy.TEST, why="Hun fik frakendt kortet"
    )
    assert contact_seen(cast.hanne, matter.contact_id).corrections == []


def test_who_came_from_a_department_to_borgerservice_reads_its_matters_no_longer(
    cast: SimpleNamespace, anna: Citizen
) -> None:
    asked = NewHandover(department="teknik", summary="Vil bo hemmeligt")
    matter = sensitive(cast, anna, outcome=Outcome.PASSED_ON, handover=asked)
    cast.bob.department_id = "teknik"
    cast.bob.save()
    assert (contact_seen(cast.bob, matter.contact_id).enquiries, history(cast.bob, anna.pk)[0].enquiries) == ([], ())
    cast.bob.is_caseworker = True
    cast.bob.save()
    assert contact_seen(cast.bob, matter.contact_id).enquiries == [matter]


def test_nobody_follows_up_where_a_citizen_was_shown_in_a_matter_kept_from_them(
    cast: SimpleNamespace, anna: Citizen
) -> None:
    shown = NewSignpost(how=ForwardKind.TOLD, authority="skat")
    matter = sensitive(cast, anna, outcome=Outcome.SIGNPOSTED, signpost=shown)
    signpost = matter.signposts.get()
    with pytest.raises(NoAccess):
        note_got_there(employee=cast.bob, signpost_id=signpost.pk, got_there=True)
    assert note_got_there(employee=cast.alice, signpost_id=signpost.pk, got_there=True).got_there


def test_a_reasoned_key_opens_one_matter_for_a_day_and_is_logged(
    cast: SimpleNamespace, anna: Citizen, clock: Any
) -> None:
    matter, other = sensitive(cast, anna), sensitive(cast, anna)
    with pytest.raises(Refused):
        open_matter(employee=cast.bob, enquiry_id=matter.pk, code="other", text="")
    opened = open_matter(employee=cast.bob, enquiry_id=matter.pk, code="to_answer", text="Hun har klaget")
    assert LookUp.objects.get(use="key").reason == f"opened:{opened.pk}"
    event = Event.objects.get(verb="enquiry.opened_by_key")
    assert "klaget" not in json.dumps(event.facts)
    shown = {one.id for entry in history(cast.bob, anna.pk) for one in entry.enquiries}
    assert shown == {matter.pk}
    assert len(contact_seen(cast.bob, matter.contact_id).notes) == 1
    assert contact_seen(cast.bob, other.contact_id).enquiries == []
    assert all(not entry.enquiries for entry in history(cast.dorthe, anna.pk))
    clock.go(hours=13)
    assert all(not entry.enquiries for entry in history(cast.bob, anna.pk))
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        OpenedMatter.objects.update(text="Noget andet")
    with pytest.raises(NoAccess):
        open_matter(employee=cast.hanne, enquiry_id=matter.pk, code="to_answer", text="Ikke Borgerservice")


def test_she_opens_it_on_the_page(cast: SimpleNamespace, anna: Citizen, client_of: Any) -> None:
    matter, browser = sensitive(cast, anna), client_of(cast.bob)
    refused = browser.post(f"/henvendelser/aerinde/{matter.pk}/noegle/", {"code": "", "text": "Hun har klaget"})
    assert (refused.status_code, "Hun har klaget" in refused.content.decode()) == (422, True)
    said = {"code": "to_answer", "text": "Hun har klaget"}
    shown = browser.post(f"/henvendelser/aerinde/{matter.pk}/noegle/", said, follow=True).content.decode()
    assert "Flytning" in shown


@pytest.mark.parametrize(
    ("scopes", "read"),
    [
        ([], {"pas"}),
        (["history:confidential"], {"pas", "koerekort"}),
        (["history:sensitive"], {"pas", "koerekort", "flytning"}),
    ],
)
def test_another_system_reads_what_its_scopes_say(
    cast: SimpleNamespace, anna: Citizen, scopes: list[str], read: set[str]
) -> None:
    for service in ("pas", "koerekort", "flytning"):
        register(cast.alice, NewEnquiry(service=service), asker=anna.pk)
    _client, token = let_client_in(actor=SYSTEM, name="ESDH", scopes=["history:read", *scopes])
    entries = _read(token, anna)
    assert {one["service"] for entry in entries for one in entry["enquiries"]} == read
    assert sum(entry["withheld"] for entry in entries) == 3 - len(read)


def _read(token: str, anna: Citizen) -> list[dict[str, Any]]:
    admission = admit(token_hash(token), Scope.HISTORY_READ)
    assert admission is not None
    return _read_with(admission, anna)


def _read_with(admission: Any, anna: Citizen) -> list[dict[str, Any]]:
    actor = Actor(ActorKind.CLIENT, admission.client_id)
    text, _next = history_as_json(
        actor=actor, citizen_id=anna.pk, limit=9, before=None, use="api", reason="sag 1", admission=admission
    )
    entries: list[dict[str, Any]] = json.loads(text)
    return entries


def test_a_scope_that_was_taken_away_is_gone_at_once(cast: SimpleNamespace, anna: Citizen) -> None:
    register(cast.alice, NewEnquiry(service="flytning"), asker=anna.pk)
    client, token = let_client_in(actor=SYSTEM, name="ESDH", scopes=["history:read", "history:sensitive"])
    remembered = admit(token_hash(token), Scope.HISTORY_READ)
    assert remembered is not None
    Client.objects.filter(pk=client.pk).update(scopes=["history:read"])
    assert _read_with(remembered.doubted(), anna)[0]["enquiries"] == []


def test_a_policy_that_another_process_adopted_holds_at_once(cast: SimpleNamespace, anna: Citizen) -> None:
    register(cast.alice, NewEnquiry(service="pas"), asker=anna.pk)
    _client, token = let_client_in(actor=SYSTEM, name="ESDH", scopes=["history:read"])
    assert len(_read(token, anna)[0]["enquiries"]) == 1
    from hovedindgang.policy import queries

    heard = list(queries._LAST_HEARD)
    text = small_model(old="[services.pas]", new="[services.pas]\n" + LEVEL.format(level="sensitive"))
    adopt(text, dt.date(2026, 3, 1))
    queries._LAST_HEARD[:] = heard  # this process has not heard of it
    assert _read(token, anna)[0]["enquiries"] == []


def test_a_search_is_no_shorter_for_what_she_may_not_read(
    cast: SimpleNamespace, anna: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hovedindgang.contacts.searching.FOUND", 2)
    hers = [register(cast.bob, asker=anna.pk, note="Kufferten er væk").contact_id for _ in range(3)]
    for _ in range(5):
        register(cast.alice, NewEnquiry(service="flytning"), asker=anna.pk, note="Kufferten er fundet")
    assert [note.contact_id for note in search_notes(cast.bob, "kufferten")] == [hers[2], hers[1]]


def test_a_service_that_left_the_model_keeps_its_level(cast: SimpleNamespace, anna: Citizen) -> None:
    text = small_model()
    start, end = text.index("[services.flytning]"), text.index("[services.aabningstider]")
    adopt((text[:start] + text[end:]).replace('"flytning", ', ""), dt.date(2026, 3, 1))
    assert sensitivities()["flytning"] is Sensitivity.SENSITIVE


def test_who_owns_the_matter_may_add_to_it(cast: SimpleNamespace, anna: Citizen) -> None:
    matter = sensitive(cast, anna)
    assert add_note(employee=cast.alice, contact_id=matter.contact_id, text="Ringet tilbage").pk
