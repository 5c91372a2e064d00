"""Deeds about other systems: let one in with a token, and out again."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.api import token_hash
from hovedindgang.people.models import Client
from hovedindgang.people.rules import PeopleRefused, Scope


@transaction.atomic
def let_client_in(
    *, actor: Actor, name: str, scopes: Iterable[str], expires_on: dt.date | None = None
) -> tuple[Client, str]:
    """A new client and its token, which is shown this once: only its SHA-256 is kept. Raises PeopleRefused."""
    chosen = sorted(set(scopes))
    if settings.PRACTICE:
        raise PeopleRefused({"name": _("Øvehuset lukker ingen andre systemer ind. Gør det i det rigtige hus.")})
    if not name.strip() or len(name.strip()) > 80:
        raise PeopleRefused({"name": _("Skriv et navn på højst 80 tegn.")})
    if not chosen or not set(chosen) <= set(Scope):
        known = ", ".join(Scope)
        raise PeopleRefused({"scopes": _("Vælg mindst én adgang blandt: {known}.").format(known=known)})
    token = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            client = Client.objects.create(
                name=name.strip(), token_hash=token_hash(token), scopes=chosen, expires_on=expires_on
            )
    except IntegrityError:
        raise PeopleRefused({"name": _("Navnet er taget. Vælg et andet.")}) from None
    append_event(
        verb="client.let_in", actor=actor, subject_kind="client", subject_id=client.pk, facts={"scopes": list(chosen)}
    )
    return client, token


@transaction.atomic
def let_client_out(*, actor: Actor, name: str) -> None:
    """From its next call the client is out; done before, nothing happens. Raises PeopleRefused for an unknown name."""
    client = Client.objects.select_for_update().filter(name=name).first()
    if client is None:
        raise PeopleRefused({"name": _("Intet system har dette navn.")})
    if client.is_active:
        client.is_active = False
        client.save(update_fields=["is_active"])
        append_event(verb="client.let_out", actor=actor, subject_kind="client", subject_id=client.pk)
