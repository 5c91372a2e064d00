"""What a browser sends from the desk, for tests that have no browser."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.test import Client

from hovedindgang.desk.page import owner_token
from hovedindgang.people.models import Employee

INVENTED_CPR = "6101901234"  # day 61: a replacement number, nobody's


def form(employee: Employee | None = None, **fields: str) -> dict[str, str]:
    """A form with one matter; fields of the matter end in "_0", as in service_0="pas"."""
    sent = {"key": str(uuid.uuid4()), "enquiries": "1", "active": "0", "channel": "in_person", "step": "save"}
    if employee is not None:
        sent["owner"] = owner_token(employee)
    for name, value in fields.items():
        sent[re.sub(r"_(\d)$", r"-\1", name)] = value
    return sent


def send(client: Client, sent: dict[str, str], **options: Any) -> Any:
    return client.post("/skranke/", sent, **options)
