"""A protected name and address slip out of no page, whoever reads it and however it was written."""

from __future__ import annotations

import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from house.citizens import read_past
from house.tree import ROOT, text_of, tracked
from hovedindgang.conftest import prove_for_tests
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event
from hovedindgang.people import protection
from hovedindgang.people.actions import protect_citizen, update_citizen
from hovedindgang.people.models import Citizen, Protection
from journeys.furnishing import INVENTED_CPR, furnish, places

# What only a leak could write: none of it stands in any text of the house.
CANARIES = (
    "Xeniagunhild",
    "Qvistorffsdatter",
    "Zebrastræde 99",
    "20999888",
    "xg@skjult.example",
    "01.01.1990",
    "01/01/1990",
)


def test_nothing_reads_a_citizens_name_or_address_but_through_the_module_that_decides() -> None:
    files = [(file.relative_to(ROOT), text_of(file)) for file in tracked() if file.suffix in {".py", ".html"}]
    assert [f"{file}: {what}" for file, text in files for what in read_past(file, text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "<b>{{ beside.citizen.name }}</b>",
        "{% if citizen.address %}x{% endif %}",
        "{% for one in shown.found.people %}{{ one.name }}{% endfor %}",
        "{% with she=contact.asker %}{{ she.phone }}{% endwith %}",
        "{% for p in matter.for_whom.all %}{{ p.citizen.born_on }}{% endfor %}",
        "{{ representation.holder.name|default:1 }}",
    ],
)
def test_a_leak_planted_in_a_template_is_found(text: str) -> None:
    assert len(list(read_past(Path("src/hovedindgang/desk/templates/desk/who.html"), text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "told = {'name': contact.asker.name}",
        "rows.values_list('citizen__address')",
        "rows.filter(asker__name_key__contains='x')",
        "sql = 'SELECT name FROM people_citizen'",
    ],
)
def test_a_leak_planted_in_code_is_found(text: str) -> None:
    assert len(list(read_past(Path("src/hovedindgang/contacts/api.py"), text))) == 1


@pytest.fixture
def everyone_is_protected(cast: SimpleNamespace, tmp_path: Path, settings: Any) -> dict[str, str]:
    """A house with something on every page, whose citizens are all protected after threats."""
    settings.PILOT = True
    known = furnish(cast, tmp_path)
    told = {"name": " ".join(CANARIES[:2]), "address": CANARIES[2], "phone": CANARIES[3], "email": CANARIES[4]}
    for citizen in Citizen.objects.all():
        update_citizen(actor=SYSTEM, citizen_id=citizen.pk, **told)
        protect_citizen(actor=SYSTEM, citizen_id=citizen.pk, protection=Protection.THREAT)
    return known


def browser(employee: Any) -> Client:
    client = Client(headers={"accept-language": "da"})
    if employee is not None:
        client.force_login(employee)
        prove_for_tests(client)
    return client


def leaks(answer: Any) -> list[str]:
    said = answer.content.decode(errors="replace") + str(answer.headers)
    return [canary for canary in CANARIES if canary.casefold() in said.casefold()]


def pages_that_leak(cast: SimpleNamespace, known: dict[str, str]) -> dict[str, list[str]]:
    found = {place.address: leaks(browser(place.who).get(place.address)) for place in places(cast, known)}
    return {address: said for address, said in found.items() if said}


@pytest.mark.django_db
def test_no_page_of_the_house_prints_a_protected_citizen(
    cast: SimpleNamespace, everyone_is_protected: dict[str, str]
) -> None:
    assert pages_that_leak(cast, everyone_is_protected) == {}


@pytest.mark.django_db
def test_the_search_for_leaks_finds_them_where_nothing_protects_her(
    cast: SimpleNamespace, everyone_is_protected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protection, "is_protected", lambda citizen, on=None: False)
    found = pages_that_leak(cast, everyone_is_protected)
    assert everyone_is_protected["citizen_history"] in found
    assert reverse("my_open") in found


@pytest.mark.django_db
def test_the_desk_finds_a_protected_citizen_by_cpr_alone_and_shows_her_number(
    cast: SimpleNamespace, everyone_is_protected: dict[str, str]
) -> None:
    alice = browser(cast.alice)
    form = {"key": str(uuid.uuid4()), "channel": "in_person", "centre": "aabybro", "service-0": "pas"}
    found = alice.post("/skranke/", {**form, "step": "find_citizen", "cpr": INVENTED_CPR})
    citizen = Citizen.objects.order_by("pk")[0]
    assert f"eskyttet borger {citizen.pk}" in found.content.decode()
    assert leaks(found) == []
    by_name = alice.post("/skranke/", {**form, "step": "find_name", "name_search": "xeni"})
    assert "findes kun ved CPR-nummer" in by_name.content.decode()
    nobody = alice.post("/skranke/", {**form, "step": "find_name", "name_search": "aldrigmødt"})
    assert by_name.content.decode().count("choose:") == nobody.content.decode().count("choose:") == 0
    assert "findes kun ved CPR-nummer" in nobody.content.decode()  # so that finding nobody tells nothing


@pytest.mark.django_db
def test_no_event_tells_of_a_protected_citizen_more_than_her_number(
    cast: SimpleNamespace, everyone_is_protected: dict[str, str]
) -> None:
    told = str(list(Event.objects.values_list("facts", "subject_id", "verb")))
    assert [canary for canary in CANARIES if canary.casefold() in told.casefold()] == []
