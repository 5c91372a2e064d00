"""The deed that lets go of citizens whom nothing needs to know any more.

Whether a row that points at her is a reason to keep her is said where it is declared: `PROTECT` keeps her, `CASCADE`
and `SET_NULL` go with her.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import PROTECT, Exists, ForeignObjectRel, OuterRef, Q, QuerySet

from hovedindgang.documents.models import Document
from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.events import Cause, append_event
from hovedindgang.people.models import Citizen, Representation


def without_a_reason(citizens: QuerySet[Citizen]) -> QuerySet[Citizen]:
    """Those of them that no row in any room keeps."""
    for relation in Citizen._meta.get_fields(include_hidden=True):
        # Many to many: the row of the table between them says it.
        if isinstance(relation, ForeignObjectRel) and getattr(relation, "on_delete", None) is PROTECT:
            # All rows there are: what was registered by mistake points at her too.
            rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            citizens = citizens.filter(~Exists(rows))
    return citizens


@transaction.atomic
def forget_citizens(*, actor: Actor, citizen_ids: Collection[int], cause: Cause) -> int:
    """Remove these citizens, except those whom a row keeps by now; gives how many. One event `citizens.forgotten`.

    Look-ups and events keep her number, which then points at nobody.
    """
    locked = Citizen.objects.select_for_update().filter(pk__in=citizen_ids).order_by("pk")
    numbers = list(locked.values_list("pk", flat=True))
    going = list(without_a_reason(Citizen.objects.filter(pk__in=numbers)).values_list("pk", flat=True))
    proofs = list(Representation.objects.filter(citizen__in=going).values_list("evidence_id", flat=True))
    Citizen.objects.filter(pk__in=going).delete()  # and who acted for her, and what of hers was closed
    still = Representation.objects.filter(evidence__in=proofs).values("evidence_id")
    Document.objects.filter(pk__in=proofs).exclude(pk__in=still).delete()
    if going:
        append_event(
            verb="citizens.forgotten",
            actor=actor,
            subject_kind=cause.kind,
            subject_id=cause.number,
            facts={"citizens": len(going)},
        )
    return len(going)


def with_a_representation(citizen_ids: Collection[int], on: dt.date) -> set[int]:
    """Those for whom somebody may act that day, or who may act for somebody."""
    running = Representation.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), revoked_at__isnull=True)
    of_hers = running.filter(citizen__in=citizen_ids).values_list("citizen_id", flat=True)
    by_her = running.filter(holder__in=citizen_ids).values_list("holder_id", flat=True)
    return {*of_hers, *by_her}
