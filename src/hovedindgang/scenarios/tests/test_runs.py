"""A planner tries a change: it is simulated in pieces, repeats exactly, and never changes once it has ended."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading
from collections.abc import Callable
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.kernel.models import Event
from hovedindgang.scenarios import actions, queries, running
from hovedindgang.scenarios.models import InputsDocument, Run, RunPart
from hovedindgang.scenarios.rules import PlanRefused, RunKind, RunState
from hovedindgang.scenarios.tests.planned import CLOSED_ON_MONDAYS, done, kept, lilleby, tried


def test_a_planners_run_is_done_with_the_policy_as_it_is_beside_it(cast: SimpleNamespace) -> None:
    document = kept()
    _scenario, run = tried(document, actor=employee_actor(cast.erik.pk))
    assert done(run).state == RunState.DONE
    base = queries.as_it_was(run)
    assert base is not None
    assert base.kind == RunKind.AS_IS
    assert base.results["figures"]["came:in_person:pandrup"]["value"] > 0
    # Pandrup is open on Mondays and Thursdays; closed on Mondays, there is no wait there on a Monday.
    assert "wait:in_person:pandrup:0" in base.results["figures"]
    assert "wait:in_person:pandrup:0" not in run.results["figures"]
    verbs = list(
        Event.objects.filter(subject_kind="run", subject_id=run.pk).order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["run.asked", "run.finished"]


def test_the_same_run_comes_to_the_same_numbers(policy_in_force: object) -> None:
    document = kept()
    _one, first = tried(document)
    _two, again = tried(document)
    assert done(first).results == done(again).results


def test_a_worker_that_stops_in_the_middle_loses_nothing(policy_in_force: object) -> None:
    document = kept()
    _one, whole = tried(document, replications=3)
    done(whole)
    _two, broken = tried(document, replications=3)
    running.work_off_runs(jit=False, most=2)  # the worker is stopped after two replications
    broken.refresh_from_db()
    assert (broken.state, broken.done, broken.parts.count()) == (RunState.RUNNING, 2, 2)
    assert running.work_off_runs(jit=False) == 0, "another worker does not take what somebody may still do"
    with patch.object(clock, "now", return_value=clock.now() + running.LEASE * 2):
        running.work_off_runs(jit=False)
    broken.refresh_from_db()
    assert broken.state == RunState.DONE
    assert broken.results == whole.results
    assert not broken.parts.exists()


def test_a_run_that_has_ended_never_changes(policy_in_force: object) -> None:
    _scenario, run = tried(kept())
    done(run)
    for change in ({"title": "Pynt"}, {"results": {}}, {"state": RunState.WAITING}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Run.objects.filter(pk=run.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).delete()


def test_inputs_never_change_but_are_kept_anew(policy_in_force: object) -> None:
    document = kept()
    with pytest.raises(IntegrityError), transaction.atomic():
        InputsDocument.objects.filter(pk=document.pk).update(title="Pynt")
    assert actions.keep_inputs(text=document.text, title="Igen", actor=SYSTEM).pk == document.pk


def test_a_run_is_stopped_while_it_works(policy_in_force: object) -> None:
    _scenario, run = tried(kept())
    assert actions.stop_run(run_id=run.pk, actor=SYSTEM)
    running.work_off_runs(jit=False)
    run.refresh_from_db()
    assert (run.state, run.results) == (RunState.STOPPED, None)
    assert not actions.stop_run(run_id=run.pk, actor=SYSTEM)
    assert not RunPart.objects.filter(run=run).exists()


def test_nothing_is_kept_of_a_replication_that_was_under_way_when_the_run_was_stopped(policy_in_force: object) -> None:
    _scenario, run = tried(kept())
    running.work_off_runs(jit=False, most=2)  # the policy as it is comes first
    count = running.counted

    def stopped_meanwhile(*said: object, **named: object) -> object:
        actions.stop_run(run_id=run.pk, actor=SYSTEM)
        return count(*said, **named)  # type: ignore[arg-type]

    with patch.object(running, "counted", stopped_meanwhile):
        running.work_off_runs(jit=False)
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.STOPPED, 0)
    assert not RunPart.objects.filter(run=run).exists()


def test_what_cannot_be_simulated_says_why(policy_in_force: object) -> None:
    """Nobody is left who could take the calls."""
    document = kept()
    _scenario, run = tried(
        document, *[{"kind": "more_staff", "team": team, "number": -2} for team in ("aabybro", "pandrup")]
    )
    done(run)
    assert run.state == RunState.FAILED
    assert run.error
    assert "Traceback" not in run.error


def test_a_change_that_cannot_be_is_refused_and_leaves_the_what_if_as_it_was(policy_in_force: object) -> None:
    document = kept()
    scenario = actions.make_scenario(title="Prøve", inputs_id=document.pk, actor=SYSTEM)
    with pytest.raises(PlanRefused, match="Aabybro har kun 2"):
        actions.add_change(
            scenario_id=scenario.pk, change={"kind": "more_staff", "team": "aabybro", "number": -3}, actor=SYSTEM
        )
    turned = {"kind": "new_place", "key": "blokhus", "name": "Blokhus", "latitude": 9.58, "longitude": 57.25}
    turned |= {"people": 300, "weekdays": [1], "opens": "10:00", "closes": "14:00", "number": 1}
    with pytest.raises(PlanRefused, match="Blokhus har bredde og længde byttet om"):
        actions.add_change(scenario_id=scenario.pk, change=turned, actor=SYSTEM)
    scenario.refresh_from_db()
    assert scenario.changes == []


def test_passports_are_not_moved_to_a_channel_that_does_not_take_them_until_the_planner_opens_it(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    scenario = actions.make_scenario(title="Pas digitalt", inputs_id=kept().pk, actor=SYSTEM)
    typed = {"kind": "move_channel", "share": "50", "service": "pas", "from_channel": "phone", "to_channel": "digital"}
    planner = client_of(cast.erik)
    refused = planner.post(f"/proev/{scenario.pk}/aendring/", typed)
    assert refused.status_code == 422
    assert "fås ikke digitalt, så ingen ville flytte sig" in refused.content.decode()
    assert planner.post(f"/proev/{scenario.pk}/aendring/", typed | {"open_channel": "yes"}).status_code == 302
    scenario.refresh_from_db()
    assert [change["open_channel"] for change in scenario.changes] == [True]


def test_a_change_that_another_builds_on_is_not_taken_out_first(policy_in_force: object) -> None:
    new = {
        "kind": "new_place",
        "key": "blokhus",
        "name": "Blokhus",
        "latitude": 57.25,
        "longitude": 9.58,
        "people": 300,
    }
    new |= {"weekdays": [1], "opens": "10:00", "closes": "14:00", "number": 0}
    team = {"kind": "travelling_team", "team": "aabybro", "number": 1, "place": "blokhus", "weekday": 1}
    scenario, _run = tried(kept(), new, team | {"begins": "10:00", "ends": "14:00"})
    with pytest.raises(PlanRefused, match="En senere ændring bygger på den"):
        actions.remove_change(scenario_id=scenario.pk, number=0, actor=SYSTEM)


def test_two_workers_never_do_one_run_twice(policy_in_force: object) -> None:
    _scenario, run = tried(kept())
    taken = [running._take(), running._take()]
    assert {one.pk for one in taken if one} == {run.pk, run.pk - 1}  # the policy as it is, and the what-if
    assert running._take() is None


def test_no_web_process_loads_the_engine() -> None:
    """numba and the simulation's loop are the worker's: a page that loaded them would take seconds and much memory."""
    script = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'hovedindgang.site.settings'\n"
        "import hovedindgang.site.wsgi, hovedindgang.site.urls, hovedindgang.scenarios.running\n"
        "bad = [name for name in sys.modules if name.split('.')[0] in {'numba', 'numpy', 'scipy'}\n"
        "       or name.endswith(('planning.simulation.loop', 'planning.simulation.replications'))]\n"
        "sys.exit(f'loaded: {bad}' if bad else 0)\n"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 0, answer.stderr[-500:]


def test_the_page_tells_how_far_a_run_is_and_fetches_itself(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    _scenario, run = tried(kept(), replications=3)
    page = client_of(cast.erik).get(f"/proev/koersel/{run.pk}/").content.decode()
    assert '<meta http-equiv="refresh"' in page
    assert "Stop kørslen" in page
    done(run)
    page = client_of(cast.erik).get(f"/proev/koersel/{run.pk}/").content.decode()
    assert '<meta http-equiv="refresh"' not in page
    assert "Hvem vinder, og hvem taber?" in page


def test_the_worker_calculates_beside_its_deliveries(policy_in_force: object) -> None:
    """The regular job only begins a thread, and only where a run waits."""
    with patch.object(running, "_calculate") as work:
        running.start_calculating()
        assert not work.called
        tried(kept())
        running.start_calculating()
        for thread in threading.enumerate():
            if thread.name == "calculating":
                thread.join(timeout=5)
        assert work.called


def test_one_run_is_done_at_a_time(policy_in_force: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a thread of the worker calculates, another planner's run waits for it."""
    over = threading.Event()
    busy = threading.Thread(target=over.wait, args=(5,))
    busy.start()
    monkeypatch.setattr(running, "_at_work", [busy])
    tried(kept())
    with patch.object(running, "_calculate") as work:
        running.start_calculating()
        over.set()
        busy.join()
        assert not work.called
        running.start_calculating()
        running._at_work[0].join(timeout=5)
        assert work.called


def test_nobody_asks_for_more_than_a_worker_can_do(policy_in_force: object, monkeypatch: pytest.MonkeyPatch) -> None:
    document = kept()
    with pytest.raises(PlanRefused, match="for langt"):
        actions.keep_inputs(text="#" * 500_001, title="Lang", actor=SYSTEM)
    with pytest.raises(PlanRefused, match="til 200"):
        tried(document, replications=201)
    monkeypatch.setattr(actions, "MOST_CHANGES", 1)
    with pytest.raises(PlanRefused, match="mange ændringer"):
        tried(document, CLOSED_ON_MONDAYS, CLOSED_ON_MONDAYS)


def test_what_was_typed_about_a_change_is_kept_when_it_is_wrong(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    scenario = actions.make_scenario(title="Filial", inputs_id=kept(lilleby()).pk, actor=SYSTEM)
    typed = {"kind": "new_place", "name": "Blokhus", "opens": "25.00", "closes": "14", "weekdays": ["1", "3"]}
    answer = client_of(cast.erik).post(f"/proev/{scenario.pk}/aendring/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Blokhus"' in page
    assert 'value="25.00"' in page
    assert "Åbner: Skriv klokkeslættet som 10:30." in page
    assert page.count('name="weekdays"') == 7
    assert page.count(" checked") == 2


def test_a_branch_in_a_library_may_be_open_on_saturdays(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    scenario = actions.make_scenario(title="Biblioteket", inputs_id=kept(lilleby()).pk, actor=SYSTEM)
    typed = {"kind": "new_place", "name": "Biblioteket", "place_kind": "branch", "latitude": "57,25"}
    typed |= {"longitude": "9,58", "people": "300", "opens": "10.00", "closes": "14.00", "number": "1"}
    answer = client_of(cast.erik).post(f"/proev/{scenario.pk}/aendring/", typed | {"weekdays": ["5"]})
    assert answer.status_code == 302, answer.content.decode()
    scenario.refresh_from_db()
    assert scenario.changes[0]["weekdays"] == [5]


def test_the_planner_goes_from_a_question_to_a_run_by_forms_alone(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    kept()
    planner = client_of(cast.erik)
    made = planner.post("/proev/ny/", {"title": "Luk Pandrup om mandagen"})
    page = planner.get(f"{made.url}?slags=opening_hours").content.decode()
    assert 'id="change-weekday"' in page
    change = {key: str(value) for key, value in CLOSED_ON_MONDAYS.items()} | {"channel": "in_person"}
    assert planner.post(f"{made.url}aendring/", change).status_code == 302
    page = planner.get(made.url).content.decode()
    assert "Pandrup lukkes mandage." in page
    assert "Det ændrer politikken" in page
    run = planner.post(f"{made.url}koer/", {"replications": "2", "seed": "7"})
    assert Run.objects.get(pk=int(run.url.split("/")[-2])).seed == 7
    wrong = planner.post(f"{made.url}koer/", {"replications": "mange", "seed": "7"})
    assert wrong.status_code == 422
    assert 'value="mange"' in wrong.content.decode()


def test_an_employee_at_the_counter_does_not_plan(cast: SimpleNamespace, client_of: Callable[..., Client]) -> None:
    assert client_of(cast.alice).get("/proev/").status_code == 403


def test_inputs_for_a_place_that_the_policy_does_not_have_say_so_at_once(policy_in_force: object) -> None:
    inputs = lilleby()
    strange = dataclasses.replace(inputs.staff.teams[0], centre="odense")
    teams = (strange, *inputs.staff.teams[1:])
    document = kept(dataclasses.replace(inputs, staff=dataclasses.replace(inputs.staff, teams=teams)))
    with pytest.raises(PlanRefused, match="»odense«, som politikken ikke har"):
        actions.make_scenario(title="Prøve", inputs_id=document.pk, actor=SYSTEM)
