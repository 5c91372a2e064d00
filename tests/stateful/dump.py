"""All rows of a house as text that is the same on both databases: the town's numbers instead of row numbers.

Left out is what no two runs share: the database's own clock, what is sealed with a nonce, and keys drawn by lot.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from hovedindgang.people.models import Employee
from hovedindgang.policy.models import ModelVersion
from hovedindgang.privacy.models import RetentionRun
from stateful.house import House

ROOMS = ("kernel", "people", "contacts", "insight", "privacy")
ANY_ORDER = ("insight", "kernel.LookUp", "contacts.IdempotencyKey")  # in no order that is promised
OF_ONE_DATABASE = {"contacts.KeptHistory", "contacts.HistoryToMake"}  # what PostgreSQL keeps of what is compared anyway
KINDS = {  # the tables whose rows the town numbers
    "contacts.Contact": "contact",
    "contacts.Enquiry": "enquiry",
    "contacts.Handover": "handover",
    "contacts.Signpost": "signpost",
    "contacts.Note": "note",
    "contacts.Transfer": "transfer",
    "contacts.Consultation": "consultation",
    "contacts.Tally": "tally",
    "people.Citizen": "citizen",
    "people.Representation": "representation",
    "privacy.Hold": "hold",
}
NUMBERS = {  # columns and facts that hold a row number without being a foreign key
    **{kind: kind for kind in KINDS.values()},
    "shown_in": "contact",
    "into": "contact",
    "after_id": "contact",
    "contact_id": "contact",
    **dict.fromkeys(("on_behalf_of", "citizen_id", "was_citizen", "became_citizen", "after_citizen"), "citizen"),
    **dict.fromkeys(("holder", "helper"), "citizen"),
    **dict.fromkeys(("follows", "reopened", "came_back"), "enquiry"),
    **dict.fromkeys(("given_by", "to_employee", "asked_by", "answered_by", "owner", "actor_id"), "employee"),
    "amends": "note",
}
_POINTS = re.compile(
    r"\b(contact|enquiry|handover|citizen|representation|note|transfer|consultation|tally|model_version):(\d+)"
)


class _Names:
    def __init__(self, house: House) -> None:
        self._of: dict[str, dict[int, Any]] = {kind: house.numbers(kind) for kind in house.rows}
        self._of["employee"] = dict(Employee.objects.values_list("pk", "username"))
        self.ordinals("model_version", ModelVersion)

    def number(self, kind: str, row: Any) -> Any:
        if isinstance(row, list):
            return [self.number(kind, one) for one in row]
        if not row or isinstance(row, bool) or not str(row).isdigit():
            return row
        return f"{kind} {self._of.get(kind, {}).get(int(row), '?')}"

    def ordinals(self, label: str, table: type[models.Model]) -> None:
        rows = table._base_manager.order_by("pk").values_list("pk", flat=True)
        self._of.setdefault(label, {row: place for place, row in enumerate(rows, start=1)})

    def text(self, said: str) -> str:
        return _POINTS.sub(lambda found: f"{found[1]}:{self.number(found[1], found[2])}", said)

    def facts(self, said: Any, verb: str = "") -> Any:
        if not isinstance(said, dict):
            return said
        named = NUMBERS | {"was": "contact" if verb == "contact.parted" else "employee" if "taken_over" in verb else ""}
        named |= {"version": "model_version", "correction": "contacts.ContactCorrection", "run": "privacy.RetentionRun"}
        return {
            name: self.number(named[name], value) if named.get(name) else value for name, value in sorted(said.items())
        }


def lines(house: House) -> Iterator[str]:
    """One line for each row, table by table."""
    names = _Names(house)
    tables = {model._meta.label: model for room in ROOMS for model in apps.get_app_config(room).get_models()}
    tables = {label: table for label, table in tables.items() if label not in OF_ONE_DATABASE}
    for label, table in tables.items():
        if label not in KINDS and label != "people.Employee" and table._meta.pk.name != "key":
            names.ordinals(label, table)
    for label, table in sorted(tables.items()):
        rows = [f"{label} {_row(names, table, row)}" for row in table._base_manager.order_by("pk")]
        yield from sorted(rows) if label.startswith(ANY_ORDER) else rows


def _row(names: _Names, table: type[models.Model], row: models.Model) -> str:
    said = {}
    for field in table._meta.concrete_fields:
        if _is_told(field):
            said[field.attname] = _value(names, field, row, getattr(row, field.attname))
    return json.dumps(said, ensure_ascii=False, default=str)


def _is_told(field: models.Field[Any, Any]) -> bool:
    """Not its own row number, what the database's clock says, nor when a worker was told of something."""
    clocks = isinstance(field, models.DateTimeField) and field.has_db_default()
    own = field.primary_key and not field.is_relation and isinstance(field, models.AutoField)
    return not (own or clocks or field.name == "password")


def _value(names: _Names, field: models.Field[Any, Any], row: models.Model, value: Any) -> Any:
    if isinstance(field, models.BinaryField):
        return value is not None
    if isinstance(value, uuid.UUID):
        return "drawn by lot"
    if field.is_relation:
        label = field.related_model._meta.label  # type: ignore[union-attr]
        kind = {"people.Employee": "employee", "policy.ModelVersion": "model_version"}.get(label) or KINDS.get(
            label, label
        )
        return names.number(kind, value)
    if isinstance(field, models.JSONField):
        if isinstance(row, RetentionRun):  # how many were kept by what: no row numbers, and in any order
            return dict(sorted(value.items())) if isinstance(value, dict) else value
        return names.facts(value, getattr(row, "verb", ""))
    if field.name == "subject_id":
        kind = getattr(row, "subject_kind", "") or _SUBJECT_OF.get(getattr(row, "deed", ""), "")
        return (
            names.number("privacy.RetentionRun" if kind == "retention_run" else kind, value) if kind != "day" else value
        )
    if field.name == "was" and getattr(row, "kind", "") == "link":  # what a matter continued, and how
        earlier, _sign, how = value.partition(" ")
        return f"{names.number('enquiry', earlier)} {how}"
    if field.name == "was" and getattr(row, "kind", "") == "person":  # whose word it was, and by which power
        return " ".join(str(names.number("representation", part)) for part in value.split())
    if field.name in NUMBERS:
        return names.number(NUMBERS[field.name], value)
    return names.text(value) if isinstance(value, str) else value


_SUBJECT_OF = {"register_contact": "contact", "add_note": "note", "amend_note": "note", "count": "tally"}
