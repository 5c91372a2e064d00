"""From a draft to the policy the counters obey."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hovedindgang.conftest import small_model
from hovedindgang.kernel.models import Event
from hovedindgang.policy.models import ExceptionalDay, ModelVersion, VersionState
from hovedindgang.policy.queries import in_force

NEW = {"old": "value = 80", "new": "value = 85"}


def send(client, text: str, **files: object):
    return client.post("/beslutning/", {"text": text, **files})


def test_dorthe_sends_a_draft_sees_what_it_changes_adopts_it_and_gets_a_receipt(
    cast: SimpleNamespace, client_of, clock: object
) -> None:
    dorthe = client_of(cast.dorthe)
    draft = send(dorthe, small_model(**NEW))["Location"]
    page = dorthe.get(draft).content.decode()
    assert "80 %" in page
    assert "85 %" in page
    assert "Målet har intet tal" in page
    form = {"valid_from": "01.04.2026", "decided_on": "26.02.2026", "body": "Lilleby Byråd"}
    receipt = dorthe.post(draft, form, follow=True).content.decode()
    assert "Arbejdet følger den fra 1. april 2026" in receipt
    targets = [in_force(dt.date(2026, month, day)).model.goals["in_house"] for month, day in ((3, 31), (4, 1))]
    assert [goal.target_percent.value for goal in targets if goal.target_percent] == [80, 85]
    event = Event.objects.filter(verb="model.adopted").latest("id")
    assert (event.actor_id, event.facts["valid_from"]) == (cast.dorthe.pk, "2026-04-01")


def test_what_is_wrong_is_told_with_its_line_and_nothing_typed_is_lost(cast: SimpleNamespace, client_of) -> None:
    text = small_model(old='channel = "phone"', new='channel = "fax"')
    line = text[: text.index('"fax"')].count("\n") + 1
    page = send(client_of(cast.frida), text)
    said = page.content.decode()
    assert page.status_code == 200
    assert f"linje {line}" in said
    assert "channel = &quot;fax&quot;" in said


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": ""}, "Vælg en fil"),
        ({"document": SimpleUploadedFile("x.toml", "æ".encode("latin-1"))}, "ikke gemt som UTF-8"),
        ({"document": SimpleUploadedFile("x.toml", b"#" * 2_000_001)}, "for stor"),
        ({"text": "æ" * 1_000_001}, "for stort"),
        ({"text": "["}, "linje 1"),
        ({"text": 'include = ["missing.toml"]'}, "findes ikke"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_clear_message(
    cast: SimpleNamespace, client_of, sent: dict[str, object], said: str
) -> None:
    page = client_of(cast.dorthe).post("/beslutning/", sent)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert not ModelVersion.objects.filter(state=VersionState.DRAFT).exists()


def test_a_file_wins_over_the_field_and_brings_what_it_includes(cast: SimpleNamespace, client_of) -> None:
    text = 'include = ["more.toml"]\n' + small_model(**NEW)
    more = '[authorities.politi]\nname = "Politiet"\n'
    files = {
        "document": SimpleUploadedFile("policy.toml", text.encode()),
        "includes": SimpleUploadedFile("more.toml", more.encode()),
    }
    client_of(cast.dorthe).post("/beslutning/", {"text": "ignored", **files})
    assert ModelVersion.objects.get(state=VersionState.DRAFT).includes == {"more.toml": more}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"valid_from": ""}, "Skriv den dag"),
        ({"valid_from": "soon"}, "Skriv dagen som"),
        ({"valid_from": "10.03.2026"}, "er passeret"),
        ({"valid_from": "01.04.2026", "decided_on": "31.02.2026"}, "Skriv dagen som"),
        ({"valid_from": "01.04.2026", "body": "x" * 121}, "højst 120 tegn"),
    ],
)
def test_an_adoption_that_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(
    cast: SimpleNamespace, client_of, clock: object, typed: dict[str, str], said: str
) -> None:
    dorthe = client_of(cast.dorthe)
    draft = send(dorthe, small_model(**NEW))["Location"]
    page = dorthe.post(draft, {"body": "Lilleby Byråd", **typed}).content.decode()
    assert said in page
    assert typed.get("body", "Lilleby Byråd") in page
    assert ModelVersion.objects.filter(state=VersionState.DRAFT).count() == 1


def test_an_editor_drafts_and_does_not_adopt(cast: SimpleNamespace, client_of, clock: object) -> None:
    frida = client_of(cast.frida)
    draft = send(frida, small_model(**NEW))["Location"]
    assert "kan vedtage den" in frida.get(draft).content.decode()
    frida.post(draft, {"valid_from": "01.04.2026"})
    assert ModelVersion.objects.filter(state=VersionState.DRAFT).count() == 1


@pytest.mark.parametrize("who", ["alice", "charlie", "erik"])
def test_others_do_not_touch_the_policy(cast: SimpleNamespace, client_of, who: str) -> None:
    client = client_of(getattr(cast, who))
    for address in ("/beslutning/", "/beslutning/udkast/1/", "/beslutning/dage/"):
        assert client.get(address).status_code == 403
    assert client.post("/beslutning/dage/1/fjern/").status_code == 403


def test_dorthe_closes_a_counter_today_and_opens_it_again(cast: SimpleNamespace, client_of, clock: object) -> None:
    dorthe = client_of(cast.dorthe)
    form = {"centre": "aabybro", "channel": "in_person", "on": "2026-03-11", "reason": "Sygdom"}
    page = dorthe.post("/beslutning/dage/", form, follow=True).content.decode()
    assert "Dagen er gemt" in page
    assert "Sygdom" in page
    day = ExceptionalDay.objects.get()
    dorthe.post(f"/beslutning/dage/{day.pk}/fjern/")
    assert not ExceptionalDay.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"centre": ""}, "Vælg et af de centre"),
        ({"on": "i dag"}, "Skriv dagen som"),
        ({"on": ""}, "Skriv dagen."),
        ({"opens": "ti"}, "Skriv klokkeslættet"),
        ({"channel": "fax"}, "på listen"),
        ({"reason": ""}, "Skriv kort hvorfor"),
        ({"on": "2020-01-01"}, "Ingen servicemodel gælder"),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    cast: SimpleNamespace, client_of, clock: object, typed: dict[str, str], said: str
) -> None:
    form = {"centre": "aabybro", "on": "2026-03-11", "reason": "Sygdom i Aabybro", **typed}
    page = client_of(cast.dorthe).post("/beslutning/dage/", form).content.decode()
    assert said in page
    assert form["reason"] in page
    assert not ExceptionalDay.objects.exists()
