"""What every kind of change can do, and how a proposal of several is applied."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Protocol

from hovedindgang.planning.service.building import caseworkers
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.servicemodel.document import ServiceModel

Both = tuple[ServiceModel, Inputs]


class Change(Protocol):
    """`applied` gives the changed pair, `words` says the change; both raise CannotPlan for what is not there."""

    def applied(self, model: ServiceModel, inputs: Inputs) -> Both: ...

    def words(self, model: ServiceModel) -> str: ...


def changed(model: ServiceModel, inputs: Inputs, changes: Iterable[Change]) -> Both:
    """Both after all changes, in order. Departments keep their caseworkers, so that what is handed to them shows."""
    changes = tuple(changes)
    if changes and inputs.caseworkers is None:
        inputs = dataclasses.replace(inputs, caseworkers=caseworkers(model, inputs))
    for change in changes:
        model, inputs = change.applied(model, inputs)
    return model, inputs
