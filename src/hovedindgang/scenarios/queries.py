"""Reads: inputs, what-ifs and runs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache

from django.db.models import QuerySet

from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.policy.queries import model_of
from hovedindgang.scenarios.documents import applied, kept_inputs
from hovedindgang.scenarios.models import InputsDocument, Run, Scenario
from hovedindgang.scenarios.rules import RunKind, RunState
from hovedindgang.servicemodel.document import ServiceModel

LATEST = 30


def inputs_kept() -> list[InputsDocument]:
    """The documents without their texts, the latest first."""
    return list(InputsDocument.objects.defer("text", "measured").order_by("-pk")[:LATEST])


def latest_inputs() -> InputsDocument | None:
    """The one that a new what-if rests on."""
    return InputsDocument.objects.order_by("-pk").first()


def inputs_document(inputs_id: int) -> InputsDocument | None:
    return InputsDocument.objects.filter(pk=inputs_id).first()


def scenarios() -> list[Scenario]:
    return list(Scenario.objects.order_by("-pk")[:LATEST])


def scenario(scenario_id: int) -> Scenario | None:
    return Scenario.objects.select_related("inputs", "version").filter(pk=scenario_id).first()


def ground_of(row: Scenario) -> tuple[ServiceModel, Inputs]:
    """The model and the inputs that a what-if starts from."""
    return model_of(row.version_id), kept_inputs(row.inputs.text)


def after_changes(row: Scenario) -> tuple[ServiceModel, Inputs]:
    """The model and the inputs after its changes. Raises CannotPlan."""
    return _after(row.version.digest, row.inputs.digest, json.dumps(row.changes), row.version_id, row.inputs_id)


@lru_cache(maxsize=8)
def _after(
    model_digest: str, inputs_digest: str, changes: str, version_id: int, inputs_id: int
) -> tuple[ServiceModel, Inputs]:
    inputs = kept_inputs(InputsDocument.objects.get(pk=inputs_id).text)
    return applied(model_of(version_id), inputs, json.loads(changes))


def runs(*, limit: int = LATEST) -> list[Run]:
    """The latest, without their results."""
    return list(Run.objects.defer("results").order_by("-pk")[:limit])


def runs_of(scenario_id: int) -> list[Run]:
    return list(Run.objects.defer("results").filter(scenario=scenario_id).order_by("-pk")[:LATEST])


def run(run_id: int) -> Run | None:
    return Run.objects.select_related("inputs", "version").filter(pk=run_id).first()


def runs_done(run_ids: Iterable[int]) -> list[Run]:
    """Those of these that are done, in the order asked for."""
    rows = Run.objects.select_related("inputs", "version").filter(pk__in=list(run_ids), state=RunState.DONE)
    found = {row.pk: row for row in rows}
    return [found[number] for number in dict.fromkeys(run_ids) if number in found]


def runs_known(run_ids: Iterable[int]) -> list[int]:
    """Those of these that there are, done or not."""
    return list(Run.objects.filter(pk__in=list(run_ids)).order_by("pk").values_list("pk", flat=True))


def as_it_was(row: Run) -> Run | None:
    """The run without a change on the same ground: model, inputs, seed, replications and program."""
    return _same_ground(row).filter(kind=RunKind.AS_IS).order_by("pk").first()


def _same_ground(row: Run) -> QuerySet[Run]:
    """Those that are done and had the same citizens and start, so that they differ by what was changed alone."""
    return Run.objects.filter(
        state=RunState.DONE,
        version=row.version_id,
        inputs=row.inputs_id,
        seed=row.seed,
        replications=row.replications,
        program=row.program,
    )


def doubts_of(row: Run) -> Run | None:
    """What of all that is not known decides a what-if most: the latest that was asked for and did not fail."""
    return next((one for one in _asked_of(row, RunKind.DOUBTS) if one.state in _STANDS), None)


def asked_about(row: Run) -> Run | None:
    """The what-if that a run about its doubts is about."""
    return next(iter(_asked_of(row, RunKind.WHAT_IF)), None)


_STANDS = frozenset({RunState.WAITING, RunState.RUNNING, RunState.DONE})


def _asked_of(row: Run, kind: RunKind) -> list[Run]:
    """Runs of that kind that tried the same changes on the same ground, the latest first."""
    same = Run.objects.filter(
        kind=kind, version=row.version_id, inputs=row.inputs_id, seed=row.seed, program=row.program
    )
    return [one for one in same.order_by("-pk") if one.changes == row.changes]


def latest_replay(inputs_id: int | None = None) -> Run | None:
    """The latest replay that has ended well; of one inputs document, if named."""
    rows = Run.objects.filter(kind=RunKind.REPLAY, state=RunState.DONE)
    rows = rows.filter(inputs=inputs_id) if inputs_id else rows
    return rows.select_related("inputs").order_by("-pk").first()


def done_on(row: Run) -> list[Run]:
    """Every what-if done on the same ground as a run, and the policy as it is: what the frontier is drawn from."""
    return list(_same_ground(row).exclude(kind__in=[RunKind.REPLAY, RunKind.DOUBTS]).order_by("-pk")[:30])
