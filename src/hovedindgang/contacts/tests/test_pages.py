"""The room's pages, as people use them without script."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hovedindgang.conftest import small_model
from hovedindgang.contacts import searching
from hovedindgang.contacts.actions import NewEnquiry, NewHandover, NewSignpost, accept_handover, answer_handover
from hovedindgang.contacts.models import Contact, Enquiry, Handover, Note
from hovedindgang.contacts.rules import ComeBackReason, ForwardKind, Outcome, Refused
from hovedindgang.contacts.tests.desk import handed_over, register, registered
from hovedindgang.kernel import clock as house_clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import LookUp
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.policy.actions import record_adoption, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ClientOf = Callable[[Employee], Client]


def open_matter(employee: Employee, **fields: Any) -> Enquiry:
    return registered(
        employee, NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=house_clock.today()), **fields
    )


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_alice_opens_a_contact_from_another_centre_and_the_look_up_is_logged(
    cast: SimpleNamespace, client_of: ClientOf
) -> None:
    anna = Citizen.objects.create(name="Anna Prøve")
    receipt = register(cast.bob, asker=anna.pk, note="Fik nyt pas")
    before = LookUp.objects.count()
    page = client_of(cast.alice).get(reverse("contact", args=[receipt.contact_id]))
    assert "Anna Prøve" in text_of(page)
    assert "Fik nyt pas" in text_of(page)
    assert LookUp.objects.count() == before + 1


def test_a_channel_is_named_once_and_no_space_stands_before_a_full_stop(
    cast: SimpleNamespace, client_of: ClientOf
) -> None:
    asker, other = Citizen.objects.create(name="Åse Prøve"), Citizen.objects.create(name="Bo Prøve")
    matter = NewEnquiry(service="pas", for_whom=(asker.pk, other.pk))
    receipt = register(cast.alice, matter, channel="phone", medium="telephone", asker=asker.pk)
    counter = register(cast.alice, medium="counter", asker=asker.pk)
    alice = client_of(cast.alice)
    seen = text_of(alice.get(reverse("contact", args=[receipt.contact_id])))
    assert "Åse Prøve</a>, <a" in seen
    assert "Bo Prøve</a>.\n" in seen
    for page in (seen, text_of(alice.get(reverse("citizen_history", args=[asker.pk])))):
        assert "Telefon, Telefon" not in page
    assert "Personlig, " in text_of(alice.get(reverse("contact", args=[counter.contact_id])))


def test_a_page_that_nobody_wrote_is_refused_like_one_she_may_not_see(
    cast: SimpleNamespace, client_of: ClientOf
) -> None:
    receipt = register(cast.bob)
    assert client_of(cast.alice).get(reverse("contact", args=[999_999])).status_code == 403
    assert client_of(cast.charlie).get(reverse("contact", args=[receipt.contact_id])).status_code == 403
    assert client_of(cast.frida).get(reverse("contact", args=[receipt.contact_id])).status_code == 403


def test_a_department_sees_only_what_was_handed_to_it(cast: SimpleNamespace, client_of: ClientOf) -> None:
    asked = NewHandover(department="teknik", summary="Carport")
    receipt = register(
        cast.alice,
        NewEnquiry(service="byggesag", outcome=Outcome.PASSED_ON, handover=asked),
        NewEnquiry(service="koerekort"),
        note="Har også mistet kørekortet",
    )
    page = text_of(client_of(cast.hanne).get(reverse("contact", args=[receipt.contact_id])))
    assert "Carport" in page
    assert "Kørekort" not in page
    assert "mistet" not in page
    assert client_of(cast.charlie).get(reverse("contact", args=[receipt.contact_id])).status_code == 403


def test_alice_concludes_what_she_promised_to_follow_up(cast: SimpleNamespace, client_of: ClientOf) -> None:
    enquiry = open_matter(cast.alice)
    sent = client_of(cast.alice).post(reverse("conclude_enquiry", args=[enquiry.pk]), {"outcome": "resolved"})
    assert sent.status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.outcome, enquiry.on_the_spot) == ("resolved", False)


def test_a_refused_form_comes_back_with_everything_typed(cast: SimpleNamespace, client_of: ClientOf) -> None:
    enquiry = open_matter(cast.alice)
    typed = {"form": "hand_over", "department": "teknik", "summary": "", "agreed": "Ringer torsdag", "promised_on": ""}
    page = client_of(cast.alice).post(reverse("hand_over", args=[enquiry.pk]), typed)
    assert page.status_code == 422
    assert "Ringer torsdag" in text_of(page)
    assert "Skriv et resumé" in text_of(page)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("conclude_enquiry", {"outcome": "noget"}),
        ("conclude_enquiry", {"outcome": "come_back"}),
        ("hand_over", {"department": "teknik", "summary": "Sag", "promised_on": "32.13.2026"}),
        ("reopen_enquiry", {"why": "noget", "promised_on": "2026-04-01"}),
        ("reopen_enquiry", {"why": "reopened"}),
        ("correct_enquiry", {"found_wrong_on": "i går"}),
        ("follow_enquiry", {"follows": "æ", "how": "chasing"}),
        ("follow_enquiry", {"follows": "1" * 30, "how": "chasing"}),
    ],
)
def test_what_cannot_be_read_is_said_and_changes_nothing(
    cast: SimpleNamespace, client_of: ClientOf, name: str, sent: dict[str, str]
) -> None:
    enquiry = open_matter(cast.alice)
    page = client_of(cast.alice).post(reverse(name, args=[enquiry.pk]), sent)
    assert page.status_code == 422
    enquiry.refresh_from_db()
    assert enquiry.outcome == Outcome.OPEN


def test_a_handover_goes_all_the_way_by_forms(cast: SimpleNamespace, client_of: ClientOf) -> None:
    handover = handed_over(cast.alice)
    hanne, alice = client_of(cast.hanne), client_of(cast.alice)
    assert "Vil bygge en carport" in text_of(hanne.get(reverse("department_inbox")))
    assert hanne.post(reverse("handover_step", args=[handover.pk, "accept"])).status_code == 302
    assert hanne.post(reverse("handover_step", args=[handover.pk, "answer"]), {"text": ""}).status_code == 422
    assert hanne.post(reverse("handover_step", args=[handover.pk, "answer"]), {"text": "Ja"}).status_code == 302
    assert "Svar, der skal gives videre" in text_of(alice.get(reverse("my_open")))
    assert alice.post(reverse("handover_step", args=[handover.pk, "told"])).status_code == 302
    handover.refresh_from_db()
    assert handover.told_at is not None
    assert alice.post(reverse("handover_step", args=[handover.pk, "burn"])).status_code == 404


def test_another_departments_caseworker_cannot_take_the_handover(cast: SimpleNamespace, client_of: ClientOf) -> None:
    handover = handed_over(cast.alice, to="teknik")
    assert client_of(cast.charlie).post(reverse("handover_step", args=[handover.pk, "accept"])).status_code == 403
    assert client_of(cast.alice).post(reverse("handover_step", args=[handover.pk, "accept"])).status_code == 403
    assert Handover.objects.get().state == "sent"


def test_a_note_is_amended_and_the_first_one_stays(cast: SimpleNamespace, client_of: ClientOf) -> None:
    register(cast.alice, note="Kom tirsdag")
    note = Note.objects.get()
    client_of(cast.alice).post(reverse("amend_note", args=[note.pk]), {"text": "Det var onsdag"})
    page = text_of(client_of(cast.alice).get(reverse("contact", args=[note.contact_id])))
    assert page.index("Kom tirsdag") < page.index("Det var onsdag")


def test_search_finds_a_compound_by_its_part_and_never_puts_the_words_in_an_address(
    cast: SimpleNamespace, client_of: ClientOf
) -> None:
    register(cast.alice, note="Spurgte til pasfornyelse inden ferien")
    register(cast.alice, note="Spurgte til rotter")
    alice = client_of(cast.alice)
    found = text_of(alice.post(reverse("search_contacts"), {"typed": "pas"}))
    assert "pasfornyelse inden" in found
    assert "rotter" not in found
    assert "pasfornyelse inden" not in text_of(alice.get(reverse("search_contacts"), {"typed": "pas"}))


def test_a_search_that_shows_no_more_than_a_page_says_how_to_find_the_rest(
    cast: SimpleNamespace, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "FOUND", 2)
    told = []
    for _number in range(3):
        register(cast.alice, note="Spurgte til rotter")
        told.append(text_of(client_of(cast.alice).post(reverse("search_contacts"), {"typed": "rotter"})))
    assert ["skriv et ord mere" in page for page in told] == [False, True, True]
    assert "1 note<" in told[0]
    assert "De 2 nyeste noter" in told[2]


def test_a_cpr_in_the_search_field_is_neither_searched_nor_shown_again(
    cast: SimpleNamespace, client_of: ClientOf
) -> None:
    page = client_of(cast.alice).post(reverse("search_contacts"), {"typed": "610190-1234"})
    assert page.status_code == 422
    assert "610190" not in text_of(page)


def test_the_history_page_goes_on_to_older_contacts(cast: SimpleNamespace, client_of: ClientOf) -> None:
    anna = Citizen.objects.create(name="Anna Prøve")
    for _ in range(25):
        register(cast.alice, asker=anna.pk)
    first = client_of(cast.alice).get(reverse("citizen_history", args=[anna.pk]))
    assert len(first.context["entries"]) == 20
    older = client_of(cast.alice).get(reverse("citizen_history", args=[anna.pk]) + first.context["older"])
    assert len(older.context["entries"]) == 5
    assert client_of(cast.hanne).get(reverse("citizen_history", args=[anna.pk])).status_code == 403


def test_two_registrations_of_one_call_are_merged_and_parted(cast: SimpleNamespace, client_of: ClientOf) -> None:
    kept, twice = register(cast.alice).contact_id, register(cast.bob).contact_id
    alice = client_of(cast.alice)
    alice.post(reverse("merge_contacts", args=[twice]), {"into": str(kept)})
    assert Contact.objects.get(pk=twice).merged_into_id == kept
    alice.post(reverse("part_contacts", args=[twice]))
    assert Contact.objects.get(pk=twice).merged_into_id is None
    assert alice.post(reverse("merge_contacts", args=[twice]), {"into": str(twice)}).status_code == 422


def test_every_page_speaks_english(cast: SimpleNamespace, client_of: ClientOf) -> None:
    handover = handed_over(cast.alice)
    accept_handover(employee=cast.hanne, handover_id=handover.pk)
    answer_handover(employee=cast.hanne, handover_id=handover.pk, answer="Ja")
    alice = client_of(cast.alice)
    alice.cookies["hovedindgang_language"] = "en"
    for page in (
        reverse("contact", args=[handover.enquiry.contact_id]),
        reverse("my_open"),
        reverse("search_contacts"),
    ):
        assert alice.get(page).status_code == 200


def test_who_reads_english_chooses_among_earlier_matters_in_english(cast: SimpleNamespace, client_of: ClientOf) -> None:
    anna = Citizen.objects.create(name="Anna Prøve")
    open_matter(cast.alice, asker=anna.pk)
    later = register(cast.alice, asker=anna.pk)
    alice = client_of(cast.alice)
    alice.cookies["hovedindgang_language"] = "en"
    page = text_of(alice.get(reverse("contact", args=[later.contact_id])))
    assert "11/03/2026 Moving house (#" in page
    assert "Flytning" not in page


def test_what_waits_for_the_citizen_says_why_and_not_with_whom(cast: SimpleNamespace, client_of: ClientOf) -> None:
    missing = NewEnquiry(service="pas", outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.DOCUMENT)
    registered(cast.alice, missing)
    page = text_of(client_of(cast.alice).get(reverse("my_open")))
    waits = page[page.index("Venter på borgeren") :].split("</table>")[0]
    assert '<th scope="col">Hvorfor</th>' in waits
    assert '<td data-head="Hvorfor">mangler papirer</td>' in waits
    assert "Hos</th>" not in waits
    assert '<span class="soft">ukendt</span>' in waits  # nobody was named: the cell does not stand empty


def test_whoever_opens_a_work_list_has_looked_its_citizens_up(cast: SimpleNamespace, client_of: ClientOf) -> None:
    anna = Citizen.objects.create(name="Anna Prøve")
    open_matter(cast.alice, asker=anna.pk)
    handed_over(cast.alice, asker=anna.pk)
    before = LookUp.objects.count()
    assert "Anna Prøve" in text_of(client_of(cast.alice).get(reverse("my_open")))
    assert "Anna Prøve" in text_of(client_of(cast.hanne).get(reverse("department_inbox")))
    looked = LookUp.objects.order_by("id")[before:]
    assert [(look.actor_id, look.citizen_id, look.use, look.reason) for look in looked] == [
        (cast.alice.pk, anna.pk, "work_list", "my_open"),
        (cast.hanne.pk, anna.pk, "work_list", "inbox"),
    ]


def test_nobody_is_shown_the_way_to_an_authority_that_is_gone(cast: SimpleNamespace, client_of: ClientOf) -> None:
    old, new = "[authorities.skat]\n", "[authorities.skat]\nvalid_to = 2026-02-01\n"
    draft = save_draft(text=small_model(old=old, new=new), includes={}, title="x", actor=SYSTEM)
    record_adoption(version_id=draft.pk, valid_from=house_clock.today(), decided_on=None, body="", actor=SYSTEM)
    told = NewSignpost(how=ForwardKind.TOLD, authority="skat")
    with pytest.raises(Refused, match="Skattestyrelsen fandtes ikke den dag"):
        register(cast.alice, NewEnquiry(service="flytning", outcome=Outcome.SIGNPOSTED, signpost=told))
    page = text_of(client_of(cast.alice).get(reverse("contact", args=[open_matter(cast.alice).contact_id])))
    assert "authority:udk" in page
    assert "authority:skat" not in page


def test_two_contacts_of_one_minute_are_told_apart_by_who_hears_them(
    cast: SimpleNamespace, client_of: ClientOf
) -> None:
    anna = Citizen.objects.create(name="Anna Prøve")
    numbers = [register(cast.alice, asker=anna.pk).contact_id for _ in range(2)]
    page = text_of(client_of(cast.alice).get(reverse("citizen_history", args=[anna.pk])))
    assert all(f", henvendelse {number}</span>" in page for number in numbers)


def test_another_language_on_a_refused_form_leads_back_to_the_page_it_stood_on(
    cast: SimpleNamespace, client_of: ClientOf
) -> None:
    contact = register(cast.alice).contact_id
    page = reverse("contact", args=[contact])
    refused = client_of(cast.alice).post(
        reverse("add_note", args=[contact]), {"text": ""}, headers={"referer": f"http://testserver{page}"}
    )
    assert refused.status_code == 422
    assert f'name="next" value="{page}"' in text_of(refused)
