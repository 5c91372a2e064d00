"""A page is in one language, also where it shows what a council's document says."""

from __future__ import annotations

from types import SimpleNamespace

from django.utils.translation import override

from hovedindgang.look.templatetags.look import said


def test_who_reads_english_reads_the_models_english_and_danish_where_there_is_none() -> None:
    both = SimpleNamespace(used_meanwhile="14 dage, antaget", used_meanwhile_en="14 days, assumed")
    danish = SimpleNamespace(used_meanwhile="14 dage, antaget", used_meanwhile_en=None)
    with override("en"):
        assert (said(both, "used_meanwhile"), said(danish, "used_meanwhile")) == (
            "14 days, assumed",
            "14 dage, antaget",
        )
    with override("da"):
        assert said(both, "used_meanwhile") == "14 dage, antaget"
