"""Furnish an empty database so that contacts can be registered through the API: `python -m faults.furnishing 20`."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import sys
from pathlib import Path

from hovedindgang.site.setup import django_ready

SMALL = Path(__file__).resolve().parent.parent.parent / "src/hovedindgang/policy/tests/small.toml"


def furnish(citizens: int) -> dict[str, object]:
    """Returns the token of a client that may do everything, and the row numbers of `citizens` invented citizens."""
    from django.core.management import call_command  # Django is ready only when the module is asked to work
    from django.db import connection

    from faults.effects import JOURNALIST, TABLE
    from hovedindgang.governance.actions import adopt_model
    from hovedindgang.kernel.actors import SYSTEM
    from hovedindgang.people.actions import KnownCitizen, import_citizens
    from hovedindgang.people.api import token_hash
    from hovedindgang.people.models import Client, Employee
    from hovedindgang.people.rules import Scope
    from hovedindgang.policy.actions import save_draft
    from hovedindgang.site.demo.people import invent_citizens

    call_command("migrate", verbosity=0)
    draft = save_draft(text=SMALL.read_text(encoding="utf-8"), includes={}, title="small.toml", actor=SYSTEM)
    adopt_model(version_id=draft.pk, valid_from=dt.date(2026, 1, 1), actor=SYSTEM, backdated=True)
    token = secrets.token_urlsafe(32)
    Client.objects.create(name="kills", token_hash=token_hash(token), scopes=[scope.value for scope in Scope])
    Employee.objects.create_user(JOURNALIST, secrets.token_urlsafe(16), name="J", is_employee=True, centre_id="aabybro")
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    rows = [KnownCitizen(cpr=person.cpr, name=person.name) for person in invent_citizens(citizens, seed="kills")]
    return {"token": token, "citizens": sorted(import_citizens(actor=SYSTEM, rows=rows).values())}


if __name__ == "__main__":
    django_ready()
    print(json.dumps(furnish(int(sys.argv[1]))))
