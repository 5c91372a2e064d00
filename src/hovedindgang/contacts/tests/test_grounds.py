"""By what right something about a citizen goes along: said once, in fixed words, and never a key more at home."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from hovedindgang.contacts.actions import NewEnquiry, NewSignpost
from hovedindgang.contacts.labels import GROUND
from hovedindgang.contacts.models import Signpost
from hovedindgang.contacts.rules import INSIDE, TO_AN_AUTHORITY, ForwardKind, Ground, Outcome, Refused
from hovedindgang.contacts.tests.desk import handed_over, registered

pytestmark = pytest.mark.django_db


def signposted(cast: SimpleNamespace, **said: object) -> Signpost:
    way = NewSignpost(**said)  # type: ignore[arg-type]
    return registered(cast.alice, NewEnquiry(service="pas", outcome=Outcome.SIGNPOSTED, signpost=way)).signposts.get()


@pytest.mark.parametrize("how", [ForwardKind.FORWARDED, ForwardKind.REFERRED])
def test_alice_sends_nothing_to_another_authority_without_saying_why_she_may(
    cast: SimpleNamespace, how: ForwardKind
) -> None:
    for ground in (None, Ground.OWN_CASE, Ground.NOT_RECORDED):
        with pytest.raises(Refused) as refused:
            signposted(cast, how=how, authority="udk", ground=ground)
        assert list(refused.value.errors) == ["enquiries.0.signpost.ground"]
    assert signposted(cast, how=how, authority="udk", ground=Ground.CONSENT).ground == "consent"


def test_who_is_only_told_where_passes_nothing_on_and_is_asked_nothing(cast: SimpleNamespace) -> None:
    assert signposted(cast, how=ForwardKind.TOLD, authority="udk").ground == ""
    with pytest.raises(Refused):
        signposted(cast, how=ForwardKind.TOLD, authority="udk", ground=Ground.CONSENT)


def test_inside_the_municipality_the_case_itself_is_the_ground(cast: SimpleNamespace) -> None:
    assert handed_over(cast.alice).ground == "own_case"
    assert signposted(cast, how=ForwardKind.REFERRED, department="teknik").ground == ""


@pytest.mark.parametrize("ground", ["", "own_case", "because"])
def test_the_database_takes_no_forwarding_without_a_ground(cast: SimpleNamespace, ground: str) -> None:
    enquiry = registered(cast.alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Signpost.objects.create(enquiry=enquiry, how="forwarded", authority_id="udk", at=timezone.now(), ground=ground)


def test_every_ground_names_its_law() -> None:
    for ground in INSIDE | TO_AN_AUTHORITY:
        assert "§" in str(GROUND[ground]), ground
