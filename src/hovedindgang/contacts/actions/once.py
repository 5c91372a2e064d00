"""A deed that is asked for by a key is done once: the same key again gives what it made, other content is refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, models, transaction

from hovedindgang.contacts.models import IdempotencyKey
from hovedindgang.contacts.rules import KeyReused, Refused
from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.encryption import blind_index

Row = TypeVar("Row", bound=models.Model)


def came_before(*, key: uuid.UUID) -> bool:
    """Whether something was done with this key: what is sent again is answered, and asks nobody anything anew."""
    return IdempotencyKey.objects.filter(key=key).exists()


def once(*, key: uuid.UUID, actor: Actor, deed: str, content: str, table: type[Row], do: Callable[[], Row]) -> Row:
    """What `do` makes, in one transaction with the key; or what it made when the key came before.

    `content` is all that was asked for, as text; only its keyed hash is kept. Raises KeyReused, and what `do` raises.
    """
    claim = IdempotencyKey(
        key=key,
        actor_kind=actor.kind,
        actor_id=actor.id,
        deed=deed,
        fingerprint=blind_index(f"{actor.kind} {actor.id} {content}", place="contacts_idempotencykey.fingerprint"),
    )
    try:
        with transaction.atomic():
            made = do()
            claim.subject_id = made.pk
            claim.save(force_insert=True)
            return made
    except (Refused, IntegrityError):
        # A refusal comes second to a receipt: what was done once stays so, whatever has changed since.
        earlier = IdempotencyKey.objects.filter(key=key).first()
        if earlier is None:
            raise
        if earlier.deed != deed or bytes(earlier.fingerprint) != claim.fingerprint:
            raise KeyReused(str(key)) from None
        return table._default_manager.get(pk=earlier.subject_id)
