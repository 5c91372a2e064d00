"""The worker's side: runs are done one after another, a replication at a time, and kept as they are done.

Replication r of seed s is a function of the two, so a run that was broken off goes on where it stopped and comes to the
same numbers. The simulation is loaded here, inside functions, and nowhere else in the room.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import threading
import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import Fact, append_event
from hovedindgang.kernel.requests import one_request
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.inputs import Figure, Inputs
from hovedindgang.planning.simulation.warm_up import WarmUp
from hovedindgang.policy.queries import model_of
from hovedindgang.scenarios.documents import applied, kept_inputs
from hovedindgang.scenarios.figures import counted, estimated, growing, of_homes, short
from hovedindgang.scenarios.models import Run, RunPart
from hovedindgang.scenarios.rules import RunKind, RunState
from hovedindgang.scenarios.travel import places_of
from hovedindgang.servicemodel.document import ServiceModel, SourceKind

LEASE = dt.timedelta(seconds=90)  # compiling the engine for the first time takes half a minute
log = logging.getLogger(__name__)
_at_work: list[threading.Thread] = []
_warm_ups: dict[int, WarmUp | None] = {}  # of the run that is being done


def start_calculating() -> None:
    """The regular job: where a run waits, a thread of this process begins on it; deliveries never wait for it."""
    if any(thread.is_alive() for thread in _at_work) or not _waiting().exists():
        return
    thread = threading.Thread(target=_calculate, name="calculating", daemon=True)
    _at_work[:] = [thread]
    thread.start()


def _calculate() -> None:
    try:
        close_old_connections()
        with one_request():
            work_off_runs()
    except Exception:  # the run stays, and the next round takes it up
        log.exception("the calculating thread failed")
    finally:
        connection.close()


def work_off_runs(*, jit: bool = True, most: int = 1000) -> int:
    """Do the runs that wait, oldest first, and give how many. `most`: replications at most, then it stops."""
    ended = 0
    while most > 0 and (run := _take()) is not None:
        most -= _do(run, jit=jit, most=most)
        ended += 1
    return ended


def _waiting() -> Any:
    """Those that nobody does: never begun, or begun by a worker that is gone."""
    lost = Q(state=RunState.RUNNING) & (Q(beat_at__isnull=True) | Q(beat_at__lt=clock.now() - LEASE))
    return Run.objects.filter(Q(state=RunState.WAITING) | lost)


def _take() -> Run | None:
    for run in _waiting().order_by("pk")[:10]:
        lease = uuid.uuid4()
        still = Run.objects.filter(pk=run.pk, state=run.state, lease=run.lease)
        if still.update(state=RunState.RUNNING, lease=lease, beat_at=clock.now()):
            run.lease, run.state = lease, RunState.RUNNING
            return run
    return None


def _mine(run: Run) -> Any:
    return Run.objects.filter(pk=run.pk, lease=run.lease, state=RunState.RUNNING)


def _do(run: Run, *, jit: bool, most: int) -> int:
    """Its missing replications, and its results; gives how many were done. What cannot be planned is said in words."""
    try:
        return _simulate(run, jit=jit, most=most)
    except CannotPlan as problem:
        _fail(run, " ".join([str(problem), problem.cure, *problem.where]))
    except Exception:
        log.exception("run %s failed", run.pk)
        with translation.override("da"):
            _fail(run, _("Der skete en fejl under kørslen. Den står i loggen; prøv igen, eller spørg administratoren."))
    return 0


def _simulate(run: Run, *, jit: bool, most: int) -> int:
    # The engine takes seconds to load, and no web process ever does.
    from hovedindgang.planning.compiling import kept_in
    from hovedindgang.planning.service.building import scenario_of
    from hovedindgang.planning.service.costs import kept_places
    from hovedindgang.planning.simulation.outcome import Results
    from hovedindgang.planning.simulation.preparing import prepare
    from hovedindgang.planning.simulation.replications import run_once

    kept_in(settings.HOME)
    if run.kind == RunKind.DOUBTS:
        return _doubt(run, jit=jit, most=most)
    model, inputs = ground_of(run)
    inputs = _warmed(run, model, inputs, jit=jit)
    scenario = scenario_of(model, inputs, title=run.title)
    prepared = prepare(scenario)
    went, kept = _went(model, inputs), kept_places(model, inputs)
    done = set(RunPart.objects.filter(run=run).values_list("replication", flat=True))
    missing = [number for number in range(run.replications) if number not in done]
    for place, number in enumerate(missing[:most]):
        tally, _state, _network = run_once(prepared, seed=run.seed, replication=number, jit=jit)
        if tally.broken_off:
            raise CannotPlan(
                _("En kø voksede, til den ikke kan følges: langt flere kommer, end der kan hjælpes."),
                cure=_("Se antallet af medarbejdere og af henvendelser efter, eller åbn længere."),
            )
        results = Results(prepared, run.seed, (tally,))
        pairs = counted(results, model=model, kept=kept, inputs=inputs) | of_homes(results, went)
        if not _keep(run, number, pairs, done=len(done) + place + 1):
            return place + 1  # stopped meanwhile, or another worker has it
    if len(missing) <= most:
        _finish(run, model, inputs)
    return min(len(missing), most)


def _doubt(run: Run, *, jit: bool, most: int) -> int:
    """As `_simulate`, of a run that asks what decides most: a piece of it is one number at one end of its range."""
    from hovedindgang.scenarios.doubting import came_to, tried

    model, inputs = model_of(run.version_id), kept_inputs(run.inputs.text)
    inputs = _warmed(run, model, inputs, jit=jit)
    done = set(RunPart.objects.filter(run=run).values_list("replication", flat=True))
    missing = [number for number in range(run.replications) if number not in done]
    for place, number in enumerate(missing[:most]):
        piece = tried(run, model, inputs, number, jit=jit)
        if not _keep(run, number, piece, done=len(done) + place + 1):
            return place + 1
    if len(missing) <= most:
        pieces = list(RunPart.objects.filter(run=run).order_by("replication").values_list("figures", flat=True))
        _end(run, came_to(run, model, inputs, pieces))
    return min(len(missing), most)


def ground_of(run: Run) -> tuple[ServiceModel, Inputs]:
    """The model and inputs that a run simulates. Raises CannotPlan."""
    inputs = kept_inputs(run.inputs.text)
    if run.kind == RunKind.REPLAY:  # how many came in that time is known
        known = Figure(0.0, SourceKind.MEASURED, "talt")
        inputs = dataclasses.replace(inputs, demand=dataclasses.replace(inputs.demand, volume_cv=known))
    return applied(model_of(run.version_id), inputs, run.changes)


def _warmed(run: Run, model: ServiceModel, inputs: Inputs, *, jit: bool) -> Inputs:
    """With the run's warm-up, found out once by each worker: the same plan always has the same."""
    from hovedindgang.planning.service.warming import warmed

    if run.pk not in _warm_ups:
        _warm_ups.clear()
        _warm_ups[run.pk] = warmed(model, inputs, jit=jit).warm_up
    return dataclasses.replace(inputs, warm_up=_warm_ups[run.pk])


def _went(model: ServiceModel, inputs: Inputs) -> dict[str, dict[str, float]]:
    """Of those who belong to each place, how many a year go where; who rings instead stands under "phone"."""
    from hovedindgang.planning.service.coming import journeys

    found: dict[str, dict[str, float]] = {}
    for (home, place), contacts in journeys(model, inputs).items():
        if contacts > 0:
            found.setdefault(home, {})[place] = short(contacts)
    return found


def _kept(model: ServiceModel, inputs: Inputs) -> list[dict[str, Any]]:
    """The places that cost something, and what is known of how much."""
    from hovedindgang.planning.service.costs import kept_places

    return [
        {
            "place": one.centre,
            "kind": one.kind.value,
            "kr": one.kr.value,
            "low": one.kr.low,
            "high": one.kr.high,
            "source": one.kr.kind.value,
            "reference": one.kr.reference,
        }
        for one in kept_places(model, inputs)
    ]


@transaction.atomic
def _keep(run: Run, number: int, pairs: Mapping[str, Any], *, done: int) -> bool:
    """What a replication counted; False where the run is no longer ours."""
    if not _mine(run).update(done=done, beat_at=clock.now()):
        return False
    RunPart.objects.bulk_create([RunPart(run=run, replication=number, figures=pairs)], ignore_conflicts=True)
    return True


def _finish(run: Run, model: ServiceModel, inputs: Inputs) -> None:
    from hovedindgang.planning.service.effects import moves_as_data
    from hovedindgang.planning.service.weeks import with_visits
    from hovedindgang.planning.simulation.outcome import LEVEL, student

    parts = list(RunPart.objects.filter(run=run).order_by("replication").values_list("figures", flat=True))
    quantile = student(LEVEL, len(parts) - 1)
    figures = estimated(parts, quantile=quantile)
    results = {
        "quantile": quantile,
        "days": inputs.days,
        "warm_up": dataclasses.asdict(warm_up) if (warm_up := inputs.warm_up) else None,
        "growing": growing(figures, days=inputs.days + (warm_up.days if warm_up else 0), quantile=quantile),
        "places": places_of(with_visits(model, inputs.staff.outings), inputs),
        "went": _went(model, inputs),
        "kept": _kept(model, inputs),
        "moves": moves_as_data(model, inputs),
        "figures": {key: one for key, one in figures.items() if not key.startswith("queue_")},
    }
    _end(run, results)


def _end(run: Run, results: dict[str, Any]) -> None:
    with transaction.atomic():
        ended = {"state": RunState.DONE, "done": run.replications, "results": results, "ended_at": clock.now()}
        if _mine(run).update(**ended):
            RunPart.objects.filter(run=run).delete()
            facts: dict[str, Fact] = {"replications": run.replications, "seed": run.seed, "kind": run.kind}
            append_event(verb="run.finished", actor=SYSTEM, subject_kind="run", subject_id=run.pk, facts=facts)


def _fail(run: Run, words: str) -> None:
    with transaction.atomic():
        if _mine(run).update(state=RunState.FAILED, error=words, ended_at=clock.now()):
            RunPart.objects.filter(run=run).delete()
            append_event(verb="run.failed", actor=SYSTEM, subject_kind="run", subject_id=run.pk)
