"""docs/reference/input.md: what may be typed and sent, made from the rules themselves.

Forms and limits are named here with the place that holds them, and their numbers are read there. Lengths and
combinations are the database's own: every column that holds text, and every constraint.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

# What somebody types · what it may look like · where it is read.
FORMS = (
    (
        "CPR number",
        "ten digits; a dash or spaces before the last four; a day that exists, or one plus 60",
        "people.rules",
        "parse_cpr",
    ),
    ("CPR in a text", "found however it is spaced, and replaced by the citizen's number", "people.rules", "cprs_in"),
    (
        "name to search",
        "three letters at least; case, accents of å ø æ and order make no difference",
        "people.queries",
        "search_by_name",
    ),
    ("date", "24.12.2026, 24/12/2026, 24-12-2026 or 2026-12-24", "people.citizen_forms", "day"),
    ("user name", "any text without a CPR number, unused", "people.actions", "create_employee"),
    (
        "password",
        "no composition; not the house's words, not on the municipality's list",
        "people.passwords",
        "NotOwnWords",
    ),
    ("e-mail", "as RFC 5321 has it", "people.actions", "create_employee"),
    (
        "key of a service, centre, department",
        "one that the model in force, or in force that day, knows",
        "contacts.actions.checking",
        "check_service",
    ),
    ("times of a contact", "aware instants in order, not to come", "contacts.actions.checking", "check_times"),
    ("promised day", "a day to come, not further than the limit below", "contacts.actions.checking", "check_promise"),
    (
        "free text",
        "any letters; control signs are left out; a CPR number becomes a citizen's number",
        "contacts.rules",
        "clean",
    ),
    ("file", "PDF, JPEG, PNG or plain text by its bytes", "documents.rules", "kind_of"),
    ("service model", "TOML in UTF-8, every key known, every rule of the model kept", "servicemodel.loading", "loads"),
    ("row number in an address", "a whole number that a table can have", "people.doors", "LARGEST_ROW"),
    ("reason for a look-up by another system", "3 to 80 letters without a CPR number", "contacts.api", "CprIn"),
    ("token of another system", "as it was given: its SHA-256 is compared", "people.api", "token_hash"),
)
# What is limited · in what · where the number stands.
LIMITS = (
    ("a request, files and all", "bytes", "settings", "DATA_UPLOAD_MAX_MEMORY_SIZE"),
    ("fields of a form", "fields", "settings", "DATA_UPLOAD_MAX_NUMBER_FIELDS"),
    ("a document", "bytes", "documents.rules", "LARGEST_BYTES"),
    ("a draft of the model, each file", "bytes", "governance.forms", "LARGEST_BYTES"),
    ("a line of a register", "letters", "registers.lines", "LONGEST_LINE"),
    ("a note, summary or answer", "letters", "contacts.rules", "LONGEST_TEXT"),
    ("enquiries of one contact", "enquiries", "contacts.rules", "MOST_ENQUIRIES"),
    ("a case number", "letters", "contacts.rules", "LONGEST_CASE_NUMBER"),
    ("a promised day ahead", "days", "contacts.actions.checking", "LONGEST_PROMISE_DAYS"),
    ("a time ahead of the clock", "minutes", "contacts.rules", "FUTURE_MINUTES"),
    ("taking a registration back", "minutes", "contacts.rules", "TAKE_BACK_MINUTES"),
    ("a complaint's text", "letters", "surveys.rules", "LONGEST_TEXT"),
    ("an incident's text", "letters", "safety.rules", "LONGEST_TEXT"),
    ("a warning, where the model does not say", "months", "safety.rules", "LONGEST_MONTHS"),
    ("an article's text", "letters", "knowledge.rules", "LONGEST_TEXT"),
    ("an answer about a look-up", "letters", "oversight.rules", "LONGEST_SAID"),
    ("a hold", "days", "privacy.actions", "LONGEST_HOLD_DAYS"),
    ("a restriction before it is looked at again", "days", "people.rectifying", "LONGEST_RESTRICTION_DAYS"),
    ("citizens shown of one name", "citizens", "people.queries", "NAMES_SHOWN"),
    ("notes found by one search", "notes", "contacts.searching", "FOUND"),
    ("contacts on a page of the API", "contacts", "contacts.api", "LARGEST_PAGE"),
    ("minutes without a click until the lock", "minutes", "settings", "IDLE_MINUTES"),
    ("a sign-in", "hours", "settings", "SESSION_HOURS"),
    ("a proof, once given", "minutes", "people.step_up", "MINUTES"),
    ("a reasoned key to a matter", "hours", "contacts.sensitivity", "OPEN_HOURS"),
    ("a password that was given", "days", "settings", "FIRST_PASSWORD_DAYS"),
    ("a form's key that gives the same receipt", "days", "settings", "IDEMPOTENCY_DAYS"),
    ("an answer of the case system", "bytes", "integrations.case_rest", "LARGEST_ANSWER"),
    ("waiting for the case system", "seconds", "settings", "CASES_TIMEOUT"),
    ("a passphrase of a backup, at least", "letters", "site.backups.sealing", "SHORTEST_PASSPHRASE"),
)


def input_page() -> str:
    """The whole page, in English."""
    return "\n".join(
        [
            "# What may be typed and sent",
            "",
            "What does not fit is refused with a message that says what to do, and nothing that was typed is lost.",
            "What another system may send stands in its contract, `openapi.json`, field by field.",
            "",
            "## Forms",
            "",
            "| What | May look like | Read by |",
            "|---|---|---|",
            *(f"| {what} | {looks} | `{place}.{name}` |" for what, looks, place, name in FORMS),
            "",
            "## Limits",
            "",
            "| What | At most | Held by |",
            "|---|---|---|",
            *(f"| {what} | {_at(place, name):,} {unit} | `{place}.{name}` |" for what, unit, place, name in LIMITS),
            "",
            "## Lengths of texts",
            "",
            "| Column | Letters |",
            "|---|---|",
            *_lengths(),
            "",
            "## Combinations",
            "",
            "What must hold between the columns of a row, or between rows. The database refuses what does not; the",
            "deeds say it in words first.",
            "",
            "| Name | Table | Holds |",
            "|---|---|---|",
            *_combinations(),
            "",
        ]
    )


def _at(place: str, name: str) -> Any:
    return getattr(settings if place == "settings" else import_module(f"hovedindgang.{place}"), name)


def _tables() -> list[type[models.Model]]:
    ours = [one for one in apps.get_models(include_auto_created=True) if one.__module__.startswith("hovedindgang.")]
    return sorted(ours, key=lambda one: one._meta.db_table)


def _lengths() -> Iterator[str]:
    for table in _tables():
        for column in table._meta.concrete_fields:
            longest = getattr(column, "max_length", None)
            if isinstance(column, models.CharField) and longest:
                yield f"| `{table._meta.db_table}.{column.column}` | {longest} |"


def _combinations() -> Iterator[str]:
    for table in _tables():
        for one in sorted(table._meta.constraints, key=lambda rule: rule.name):
            if isinstance(one, CheckConstraint):
                holds = said(one.condition)
            elif isinstance(one, UniqueConstraint):
                holds = f"once: {', '.join(one.fields) or 'by expression'}"
                holds += f", where {said(one.condition)}" if one.condition else ""
            else:
                continue
            yield f"| `{one.name}` | `{table._meta.db_table}` | {holds.replace('|', chr(92) + '|')} |"


WORDS = {
    "gt": ">", "gte": "≥", "lt": "<", "lte": "≤", "in": "one of", "startswith": "begins with", "regex": "matches",
    "exact": "=",
}  # fmt: skip


def said(condition: Any) -> str:
    """A condition in words, the same whatever order a set has."""
    if isinstance(condition, tuple):
        return _compared(*condition)
    if not isinstance(condition, Q):
        return f"by `{type(condition).__name__}`"
    parts = [said(one) for one in condition.children]
    joined = f" {condition.connector.lower()} ".join(
        f"({one})" if len(parts) > 1 and " " in one else one for one in parts
    )
    return f"not ({joined})" if condition.negated else joined


def _compared(name: str, value: Any) -> str:
    column, _sign, how = name.rpartition("__")
    if how == "isnull":
        return f"{column} is {'empty' if value else 'given'}"
    if not column or how not in WORDS:
        column, how = name, "exact"
    return f"{column} {WORDS[how]} {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, F):
        return str(value.deconstruct()[1][0])
    if isinstance(value, list | tuple | set | frozenset):
        return "{" + ", ".join(sorted(_value(one) for one in value)) + "}"
    plain = value.value if isinstance(value, Enum) else value
    if isinstance(plain, str | int | bool | None):
        return f'"{plain}"' if isinstance(plain, str) else str(plain).lower()
    return f"`{type(plain).__name__}`"
