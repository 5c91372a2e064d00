"""What a trial rests on is read in the language of whoever reads it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.utils.translation import override

from hovedindgang.policy.queries import in_force
from hovedindgang.scenarios.documents import inputs_of
from hovedindgang.scenarios.pages.ground import source_said
from hovedindgang.scenarios.starting import starting_inputs
from hovedindgang.scenarios.writing import as_document


def test_an_english_reader_reads_where_every_assumed_number_is_from(policy_in_force: object) -> None:
    figures = [one for _key, one in starting_inputs(in_force().model, dt.date(2026, 1, 5), days=14).figures()]
    with override("da"):
        assert {source_said(one) for one in figures} == {one.reference for one in figures}
    with override("en"):
        assert not [one for one in figures if source_said(one) == one.reference]


def test_a_source_that_was_written_in_both_languages_is_kept_in_both(policy_in_force: object) -> None:
    start = starting_inputs(in_force().model, dt.date(2026, 1, 5), days=14)
    counted = replace(start.demand.day_cv, reference="talt i køsystemet", reference_en="counted by the queue system")
    kept = inputs_of(as_document(replace(start, demand=replace(start.demand, day_cv=counted)), heading="Talt"))
    assert kept.demand.day_cv == counted
    with override("en"):
        assert source_said(kept.demand.day_cv) == "counted by the queue system"
