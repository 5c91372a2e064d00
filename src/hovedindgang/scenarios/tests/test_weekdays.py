"""A trial is told weekday by weekday, and says how long before its first day it begins."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from hovedindgang.scenarios import pages
from hovedindgang.scenarios.figures import FEW, estimated
from hovedindgang.scenarios.tests.planned import done, kept, lilleby, tried


def test_the_leader_sees_how_busy_each_weekday_is_and_what_became_of_who_came(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    _scenario, run = tried(kept(lilleby(people=6000.0)))
    done(run)
    table = pages.week_table(run)
    told = {str(row[0]): [str(cell) for cell in row[1:]] for row in table["rows"]}
    assert "Medarbejderne er optaget" in told
    assert "%" in told["Medarbejderne er optaget"][1]
    figures = run.results["figures"]
    days = [figures[f"busy:own::{day}"]["value"] for day in range(5)]
    assert min(days) <= figures["busy:own"]["value"] <= max(days)
    assert figures["b:all::1"]["value"] <= figures["a:all::1"]["value"]
    page = client_of(cast.erik).get(f"/proev/koersel/{run.pk}/")
    assert "Den begynder 1 uge før første dag" in page.content.decode()
    assert "Ugedag for ugedag" in page.content.decode()


def test_of_a_weekday_on_which_too_few_came_no_share_is_told() -> None:
    few, enough = ([{"a:all::5": (below - 1.0, float(below))}] * 2 for below in (FEW // 2 - 1, FEW // 2))
    assert "a:all::5" not in estimated(few, quantile=12.7)
    assert estimated(enough, quantile=12.7)["a:all::5"]["value"] == pytest.approx((FEW // 2 - 1) / (FEW // 2))
