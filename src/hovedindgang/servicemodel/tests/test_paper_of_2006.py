"""The model of the paper of 2006 says what the paper says, and leaves open what it leaves open."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from hovedindgang.servicemodel.document import SourceKind
from hovedindgang.servicemodel.loading import examine, load, texts
from hovedindgang.servicemodel.summary import summary

MODEL = Path(__file__).resolve().parents[4] / "models" / "jammerbugt-2006.toml"
PAPER = load(MODEL)


def sentence(source: str | None) -> str | None:
    return PAPER.sources[source].sentence if source else None


def test_nobody_is_told_that_the_policy_was_adopted_since_no_sentence_says_so() -> None:
    assert PAPER.adoption.status == "draft"
    asked = {question.key for question in PAPER.open}
    assert {f"adoption.{name}" for name in ("status", "valid_from", "body", "decided_on")} <= asked
    assert "Udkast" not in (PAPER.adoption.note or "")


def test_each_thing_said_of_the_centres_cites_its_own_sentence() -> None:
    assert {sentence(centre.source) for centre in PAPER.centres.values()} == {"J-037"}
    assert {sentence(centre.individual_times_source) for centre in PAPER.centres.values()} == {"J-047"}
    assert sentence(PAPER.municipality.unit_source) == "J-038"
    assert "Navn på borgerservice: Borgerservice Jammerbugt (vedtaget)" in summary(PAPER, "da")


def test_the_end_of_2007_is_the_end_of_2007() -> None:
    assert PAPER.milestones["short_term"].by == dt.date(2007, 12, 31)
    assert "31. december 2007: De kortsigtede mål er nået (vedtaget)" in summary(PAPER, "da")


def test_guidance_outside_the_portfolio_is_measured_and_the_check_knows_it() -> None:
    text, includes = texts(MODEL)
    _model, problems = examine(text, name=str(MODEL), includes=includes)
    assert not [problem for problem in problems if "guided_outside_portfolio" in problem.wrong]


def test_no_task_of_2007_is_given_to_an_authority_that_came_later() -> None:
    for service in PAPER.services_on(dt.date(2007, 1, 1)).values():
        authority = PAPER.authorities.get(service.owner)
        if authority and authority.valid_from and service.owner_from is None:
            assert authority.valid_from <= dt.date(2007, 1, 1), service.key
    text = summary(PAPER, "da")
    assert "Udbetaling Danmark fra 1. oktober 2012 (offentliggjort)" in text
    assert "Familieretshuset fra 1. april 2019 (antaget)" in text


def test_passports_came_by_post_in_2007_and_are_collected_in_person_since_2022() -> None:
    then, now = (PAPER.services_on(dt.date(year, 6, 1)) for year in (2007, 2022))
    assert not then["pas-udlevering-2007"].personal_appearance
    assert now["pas-udlevering"].personal_appearance
    assert ("pas-udlevering" in then, "pas-udlevering-2007" in now) == (False, False)
    assert PAPER.services["pas-udlevering-2007"].successor == "pas-udlevering"


def test_a_day_that_no_source_gives_is_shown_as_assumed() -> None:
    numbers_only = ("kle-2025", "ft-l29-2005", "ft-l131-2004")
    for service in PAPER.services.values():
        if service.source in numbers_only and service.valid_from:
            assert service.dates_source, service.key
            given_by = PAPER.sources[service.dates_source]  # a law that sets the day, or nobody
            assert given_by.kind is SourceKind.ASSUMED or given_by.key not in numbers_only


def test_notes_are_danish_with_their_english_beside_them() -> None:
    assert all(bool(service.note) == bool(service.note_en) for service in PAPER.services.values())
