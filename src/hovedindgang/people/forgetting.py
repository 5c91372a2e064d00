"""The deed that lets go of citizens whom nothing needs to know any more.

Whether a row that points at her is a reason to keep her is said where it is declared: `PROTECT` keeps her, `CASCADE`
and `SET_NULL` go with her.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import PROTECT, Exists, OuterRef, QuerySet

from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.models import Citizen


def without_a_reason(citizens: QuerySet[Citizen]) -> QuerySet[Citizen]:
    """Those of them that no row in any room keeps."""
    for relation in Citizen._meta.related_objects:
        # A relation through a table of its own is named by that table's row.
        if relation.many_to_many or getattr(relation, "on_delete", None) is not PROTECT:
            continue
        table = relation.related_model
        citizens = citizens.filter(~Exists(table._default_manager.filter(**{relation.field.name: OuterRef("pk")})))
    return citizens


@transaction.atomic
def forget_citizens(*, actor: Actor, citizen_ids: Collection[int], run: int) -> int:
    """Remove these citizens, except those whom a row keeps by now; gives how many. One event `citizens.forgotten`.

    Look-ups and events keep her number, which then points at nobody.
    """
    locked = Citizen.objects.select_for_update().filter(pk__in=citizen_ids).order_by("pk")
    numbers = list(locked.values_list("pk", flat=True))
    going = list(without_a_reason(Citizen.objects.filter(pk__in=numbers)).values_list("pk", flat=True))
    Citizen.objects.filter(pk__in=going).delete()
    if going:
        append_event(
            verb="citizens.forgotten",
            actor=actor,
            subject_kind="retention_run",
            subject_id=run,
            facts={"citizens": len(going)},
        )
    return len(going)
