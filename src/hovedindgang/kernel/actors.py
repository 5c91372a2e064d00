"""Who acts: every event names one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    EMPLOYEE = "employee"
    CITIZEN = "citizen"
    HELPER = "helper"
    CLIENT = "client"  # another system, through the API
    SYSTEM = "system"  # a job of ours


@dataclass(frozen=True, slots=True)
class Actor:
    kind: ActorKind
    id: int | None = None  # row number of the employee, citizen, helper or client; None for the system
    on_behalf_of: int | None = None  # row number of the citizen acted for


SYSTEM = Actor(ActorKind.SYSTEM)


def employee_actor(employee_id: int) -> Actor:
    return Actor(ActorKind.EMPLOYEE, employee_id)
