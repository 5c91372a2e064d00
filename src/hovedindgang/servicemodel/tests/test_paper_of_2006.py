"""The model of the paper of 2006 says what the paper says, and leaves open what it leaves open."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

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
