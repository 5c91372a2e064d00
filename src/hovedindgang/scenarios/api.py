"""Runs for other systems: what was tried, what it rests on, what it came to. Figures are sums; nobody is in them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from hovedindgang.people.doors import LARGEST_ROW
from hovedindgang.scenarios import queries
from hovedindgang.scenarios.pages import as_data

router = Router(tags=["planning"])


@router.get("/runs", response=list[dict[str, Any]], summary="The latest runs of planning, without their figures")
def latest_runs(request: HttpRequest) -> list[dict[str, Any]]:
    """At most thirty, the latest first."""
    return [
        {
            "run": run.pk,
            "kind": run.kind,
            "title": run.title,
            "state": run.state,
            "version": run.version_id,
            "inputs": run.inputs_id,
            "seed": run.seed,
            "replications": run.replications,
        }
        for run in queries.runs()
    ]


@router.get("/runs/{run}", response=dict[str, Any], summary="A run with all it depends on and all it came to")
def one_run(request: HttpRequest, run: int) -> dict[str, Any]:
    """Figures are null until it is done; each has its value, its 95 % interval and the value of each replication."""
    found = queries.run(run) if 0 < run <= LARGEST_ROW else None
    if found is None:
        raise Http404
    return as_data(found)
