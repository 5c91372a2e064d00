"""A small service model that is right, for tests to read and to spoil."""

from __future__ import annotations

from hovedindgang.servicemodel.document import ServiceModel
from hovedindgang.servicemodel.loading import loads

SMALL = """
[municipality]
name = "Lillestrand Kommune"
code = "999"

[adoption]
title = "Borgerservicepolitik"
status = "adopted"
decided_on = 2025-12-01
valid_from = 2026-01-01

[sources.paper]
kind = "adopted"
reference = "Borgerservicepolitik, vedtaget 1. december 2025"

[sources.guess]
kind = "assumed"
reference = "Antaget"

[centres.havnen]
name = "Havnen"
kind = "centre"
place = { town = "Lillestrand" }
hours_source = "paper"

[centres.havnen.hours]
in_person = { mon = ["10:00-14:00"], thu = ["10:00-13:00", "14:00-17:00"], fri = ["10:00-12:00"] }
phone = { mon = ["09:00-15:00"], tue = ["09:00-15:00"], wed = ["09:00-15:00"], thu = ["09:00-17:00"] }

[centres.skoven]
name = "Skoven"
kind = "branch"
place = { town = "Skovby" }
hours_source = "paper"
hours = { in_person = { tue = ["10:00-14:00"], thu = ["10:00-17:00"] } }

[[centres.skoven.closing_days]]
on = 2026-03-05
name = "Flyttedag"
name_en = "Moving day"
source = "paper"

[calendar]
constitution_day = "12:00"
source = "paper"

[departments.jobcenter]
name = "Jobcenter"
answer_working_days = { value = 5, source = "paper" }

[authorities.politiet]
name = "Politiet"

[services.pas]
name = "Pas, ansøgning"
name_en = "Passport, application"
kind = "transaction"
level = "administer"
kle = "23.09.02"
handle_minutes = { in_person = 12, source = "guess" }
others_who_help = ["politiet"]
search_words = ["rejsepas", "passport"]

[services.flytning]
name = "Flytning i Danmark"
name_en = "Moving house"
kind = "transaction"
level = "administer"
handle_minutes = { in_person = 8, phone = 6, source = "guess" }

[services.nemid]
name = "NemID"
kind = "transaction"
level = "administer"
valid_to = 2026-07-01
successor = "mitid"

[services.mitid]
name = "MitID"
kind = "transaction"
level = "administer"
valid_from = 2026-06-01

[[portfolio]]
centres = ["havnen", "skoven"]
level = "administer"
services = ["pas", "flytning", "nemid", "mitid"]
source = "paper"

[goals.house]
text = "75 % løses i Borgerservice"
text_en = "75 % are solved in Borgerservice"
scope = "borgerservice"
indicator = "resolved_in_house"
target_percent = { value = 75, source = "paper" }

[costs_kr]
in_person = { value = 75, source = "guess" }
"""


def small_model(*changes: tuple[str, str]) -> ServiceModel:
    """The small model, each text of `changes` replaced by another; every text must be there exactly once."""
    return loads(spoiled(*changes), name="small.toml")


def spoiled(*changes: tuple[str, str]) -> str:
    text = SMALL
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text
