"""A key is never given to another thing."""

from __future__ import annotations

import dataclasses

from hovedindgang.servicemodel.identity import same_thing
from hovedindgang.servicemodel.tests.small import small_model

MODEL = small_model()
PAS, HAVNEN = MODEL.services["pas"], MODEL.centres["havnen"]


def test_a_service_that_is_renamed_is_the_same_by_its_kle_number() -> None:
    assert same_thing(PAS, dataclasses.replace(PAS, name="Rejsepas", name_en=None))


def test_a_service_whose_number_is_corrected_is_the_same_by_its_name() -> None:
    assert same_thing(PAS, dataclasses.replace(PAS, name="PAS, ANSØGNING", name_en=None, kle="23.09"))


def test_a_key_cannot_be_taken_for_another_service() -> None:
    assert not same_thing(PAS, dataclasses.replace(MODEL.services["flytning"], key="pas"))


def test_two_services_without_numbers_are_not_the_same_by_what_both_lack() -> None:
    nemid, mitid = MODEL.services["nemid"], MODEL.services["mitid"]
    assert not same_thing(nemid, mitid)


def test_a_centre_that_moves_keeps_its_name_and_one_that_is_renamed_keeps_its_place() -> None:
    moved = dataclasses.replace(HAVNEN, place=dataclasses.replace(HAVNEN.place, town="Skovby"))
    renamed = dataclasses.replace(HAVNEN, name="Kajen")
    assert same_thing(HAVNEN, moved)
    assert same_thing(HAVNEN, renamed)
    assert not same_thing(moved, renamed)


def test_an_authority_is_known_by_name_or_telephone_or_website() -> None:
    police = dataclasses.replace(MODEL.authorities["politiet"], phone="114", website="politi.dk")
    assert same_thing(police, dataclasses.replace(police, name="Nordjyllands Politi", website=None))
    assert not same_thing(police, dataclasses.replace(police, name="Retten", phone="1", website="domstol.dk"))
    assert not same_thing(police, MODEL.departments["jobcenter"])
