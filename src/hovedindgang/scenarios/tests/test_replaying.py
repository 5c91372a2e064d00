"""A replay ends in a verdict: what may be decided by, what may not, on every page that shows a trial."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.policy.queries import model_of
from hovedindgang.scenarios import actions, pages, queries
from hovedindgang.scenarios.calibrating import calibrate
from hovedindgang.scenarios.documents import kept_inputs
from hovedindgang.scenarios.drafting import draft_from_run
from hovedindgang.scenarios.models import InputsDocument, Run
from hovedindgang.scenarios.replaying import Fit, verdicts, worst
from hovedindgang.scenarios.rules import Ground
from hovedindgang.scenarios.tests.planned import done, kept, lilleby, tried
from hovedindgang.scenarios.tests.test_calibrating import DAYS, FIRST, LAST, registered, rung
from hovedindgang.scenarios.writing import as_document
from hovedindgang.servicemodel.document import Channel


def figure(value: float, half: float = 0.0) -> dict[str, float]:
    return {"value": value, "low": value - half, "high": value + half}


def fit(key: str, happened: float, simulated: dict[str, float]) -> Fit:
    (only,) = verdicts({key: happened}, {key: simulated})
    return only.fit


def test_a_wait_a_third_of_what_was_measured_is_not_decided_by() -> None:
    assert fit("wait:phone", 4.0, figure(1.2, 0.1)) is Fit.NOT
    assert fit("wait:phone", 4.0, figure(3.2, 0.1)) is Fit.ROUGHLY
    assert fit("wait:phone", 4.0, figure(3.8, 0.1)) is Fit.HOLDS
    assert fit("wait:phone", 0.3, figure(0.1)) is Fit.HOLDS, "twelve seconds are no other wait"
    assert fit("a:all", 0.81, figure(0.92)) is Fit.NOT
    assert fit("a:all", 0.81, figure(0.83)) is Fit.HOLDS


def test_an_interval_so_wide_that_it_holds_everything_is_no_good_fit() -> None:
    assert fit("wait:in_person", 10.0, figure(5.0, 20.0)) is Fit.NOT
    assert fit("wait:in_person", 10.0, figure(8.0, 3.0)) is Fit.HOLDS


@given(st.floats(0.5, 50), st.floats(0, 100), st.floats(0, 100))
def test_nearer_is_never_judged_worse(happened: float, one: float, other: float) -> None:
    order = [Fit.HOLDS, Fit.ROUGHLY, Fit.NOT]
    near, far = sorted((one, other), key=lambda value: abs(value - happened))
    fits = [order.index(fit("wait:phone", happened, figure(value))) for value in (near, far)]
    assert fits == sorted(fits)


def test_what_was_measured_and_not_simulated_stands_first_among_the_worst() -> None:
    found = verdicts({"wait:phone": 2.0, "served:phone": 10.0}, {"wait:phone": figure(1.0)})
    assert [one.key for one in worst(found, 4)] == ["served:phone", "wait:phone"]


def measured(figures: dict[str, float]) -> InputsDocument:
    """Lilleby's inputs, as if these figures had been measured there."""
    return actions.keep_inputs(
        text=as_document(lilleby(), heading="Målt"),
        title="Målt i Lilleby",
        actor=SYSTEM,
        ground=Ground.CALIBRATED,
        measured={"days": 14, "figures": figures},
        period=(FIRST, LAST),
    )


def replayed(document: InputsDocument) -> Run:
    return done(actions.ask_replay(inputs_id=document.pk, actor=SYSTEM, replications=2))


def test_the_verdict_stands_on_every_page_of_a_trial_and_in_its_draft(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    document = measured({"wait:phone": 40.0, "wait:in_person": 1.9, "served:phone": 4.0})
    replay = replayed(document)
    scenario, run = tried(document)
    done(run)
    planner = client_of(cast.erik)
    said = "Ventetiden på telefonen kan ikke bruges til at beslutte efter endnu: simuleret"
    for address in (
        "/proev/",
        f"/proev/{scenario.pk}/",
        f"/proev/koersel/{run.pk}/",
        f"/proev/koersel/{replay.pk}/",
        f"/proev/sammenlign/?run={run.pk}",
    ):
        page = planner.get(address).content.decode()
        assert said in page, address
        assert "målt 40,0 min." in page, address
    overview = planner.get("/proev/").content.decode()
    assert "De tal, der traf dårligst" in overview
    assert "kan ikke bruges endnu" in overview
    assert "Ventetiden ved skranken kan" not in overview, "what holds is not complained of"
    draft = model_of(draft_from_run(run_id=run.pk, actor=SYSTEM).pk)
    assert said in (draft.sources[f"proeve-{run.pk}"].note or "")


def test_a_trial_on_a_ground_that_nobody_replayed_says_so(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    scenario, run = tried(kept())
    done(run)
    for address in (f"/proev/{scenario.pk}/", f"/proev/koersel/{run.pk}/", f"/proev/sammenlign/?run={run.pk}"):
        assert "Grundlaget er ikke efterprøvet" in client_of(cast.erik).get(address).content.decode(), address


def test_a_replay_that_hit_everything_says_that_it_may_be_used(policy_in_force: object) -> None:
    first = replayed(measured({"served:phone": 4.0}))
    simulated = {key: one["value"] for key, one in first.results["figures"].items()}
    again = {key: simulated[key] for key in ("served:in_person", "wait:in_person", "a:all") if key in simulated}
    row = InputsDocument(measured={"figures": again})
    trust = pages.trust_words(Run(inputs=row, results=first.results))
    assert trust["good"]
    assert trust["sentences"] == []
    assert "kan bruges" in trust["said"]


def test_who_was_answered_and_not_registered_comes_too(cast: SimpleNamespace) -> None:
    """The switchboard saw 160 calls answered, 80 were registered: as many ring as came to the counter, who were 160."""
    registered(cast)
    rung([1.0] * 160, [])
    document = calibrate(first=FIRST, last=LAST, actor=SYSTEM)
    contacts = kept_inputs(document.text).demand.contacts_per_year
    phone = contacts[Channel.PHONE]
    assert phone.value == pytest.approx(contacts[Channel.IN_PERSON].value, rel=0.01)
    assert "80 af dem er ikke registreret" in phone.reference
    assert document.measured["figures"]["served:phone"] == pytest.approx(160 / DAYS, abs=1e-4)
    assert queries.latest_inputs() == document


def test_a_switchboard_that_saw_fewer_than_were_registered_takes_nobody_away(cast: SimpleNamespace) -> None:
    registered(cast)
    rung([1.0] * 40, [])
    contacts = kept_inputs(calibrate(first=FIRST, last=LAST, actor=SYSTEM).text).demand.contacts_per_year
    assert contacts[Channel.PHONE].value == pytest.approx(contacts[Channel.IN_PERSON].value / 2, rel=0.01)
