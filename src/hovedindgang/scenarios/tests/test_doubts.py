"""A planner asks what of all that is not known her answer hangs on; it is reckoned, never made up."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.scenarios import actions, doubting, queries, running
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.rules import PlanRefused, RunKind, RunState
from hovedindgang.scenarios.tests.planned import done, kept, lilleby, tried


@pytest.fixture(autouse=True)
def _one_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a hundred, so that nobody waits: where people go when a door is shut."""
    every = doubting.ends_of
    monkeypatch.setattr(
        doubting, "ends_of", lambda inputs: [one for one in every(inputs) if one[0] == "behaviour.displaced_other_day"]
    )
    monkeypatch.setattr(doubting, "EACH", 2)
    monkeypatch.setattr(actions, "ends_of", lambda inputs: doubting.ends_of(inputs))


def test_the_page_says_what_the_answer_hangs_on_once_it_is_reckoned(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    _scenario, run = tried(kept(lilleby(days=7, people=800.0)))
    done(run)
    planner = client_of(cast.erik)
    address = f"/proev/koersel/{run.pk}/"
    page = planner.get(address).content.decode()
    assert "Regn ud, hvad der afgør mest" in page
    assert planner.post(f"{address}tvivl/").url == f"{address}#doubts"
    found = queries.doubts_of(run)
    assert found is not None
    assert (found.kind, found.replications) == (RunKind.DOUBTS, 3)
    assert "0 af 3 prøver er gjort" in planner.get(address).content.decode()
    assert running.work_off_runs(jit=False, most=1)  # the worker is stopped after the first
    assert running.work_off_runs(jit=False) == 0
    Run.objects.filter(pk=found.pk).update(beat_at=None)
    running.work_off_runs(jit=False)
    found.refresh_from_db()
    assert found.state == RunState.DONE, found.error
    (one,) = found.results["doubts"]["figures"]
    assert {"shift_at_low", "shift_at_high"} <= set(one["moves"][0])
    page = planner.get(address).content.decode()
    assert "Det afgør mest, hvad der ikke vides" in page
    assert "1 af " in page
    assert planner.get(f"/proev/koersel/{found.pk}/").url == f"{address}#doubts"
    refused = planner.post(f"/proev/koersel/{found.pk}/udkast/")
    assert refused.status_code == 422, "it has no figures for a ground: a draft is made of the trial itself"
    assert "Et udkast laves af en prøves egen kørsel" in refused.content.decode()
    assert actions.ask_doubts(run_id=run.pk, actor=SYSTEM).pk == found.pk, "it is asked once"
    compared = planner.get(f"/proev/sammenlign/?run={run.pk}&run={found.pk}").content.decode()
    assert f'value="{found.pk}"' not in compared
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=found.pk).update(title="Pynt")


def test_it_is_asked_of_a_what_if_and_of_nothing_else(policy_in_force: object) -> None:
    _scenario, run = tried(kept())
    base = Run.objects.get(kind=RunKind.AS_IS)
    with pytest.raises(PlanRefused, match="ved en prøve"):
        actions.ask_doubts(run_id=base.pk, actor=SYSTEM)
    first = actions.ask_doubts(run_id=run.pk, actor=SYSTEM)
    assert actions.stop_run(run_id=first.pk, actor=SYSTEM)
    assert actions.ask_doubts(run_id=run.pk, actor=SYSTEM).pk != first.pk, "one that was stopped is asked anew"
