"""History says of matters that are kept more closely only that they are there, in its one statement."""

from __future__ import annotations

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from hovedindgang.kernel.triggers import refuse

BEFORE: str = import_module("hovedindgang.contacts.migrations.0004_history_by_index").FUNCTION
READABLE = """, coalesce(
            enquiry.service_id <> ALL (hidden) OR enquiry.owner_id = who OR enquiry.outcome_by_id = who
            OR (SELECT employee_id FROM contacts_contact WHERE id = enquiry.contact_id) = who
            OR EXISTS (
                SELECT FROM contacts_handover AS handover WHERE handover.enquiry_id = enquiry.id AND (
                    sent_by_id = who OR handled_by_id = who OR handover.department_id = reader->>'department'
                )
            ) OR EXISTS (
                SELECT FROM contacts_openedmatter AS opened WHERE opened.enquiry_id = enquiry.id
                AND opened.employee_id = who AND opened.at > (reader->>'since')::timestamptz
            ), false) AS readable
        FROM family JOIN contacts_enquiry AS enquiry"""
WITHHELD = """'withheld', EXISTS (
                SELECT FROM matter
                WHERE matter.root = page.id AND NOT readable AND (seen.whole OR whose = ANY (for_whom))
            ), 'merged', coalesce"""
# What stood, and what takes its place: `reader` says for whom (`contacts.sensitivity.Reader`), NULL for everything.
CHANGES = (
    ("most integer, look_up jsonb,", "most integer, look_up jsonb, reader jsonb,"),
    (
        "AS $$\nBEGIN",
        "AS $$\nDECLARE\n    hidden text[] := ARRAY(SELECT jsonb_array_elements_text(reader->'hidden'));\n"
        "    who bigint := (reader->>'employee')::bigint;\nBEGIN\n"
        "    IF reader ? 'versions' AND (reader->>'versions')::integer <> (\n"
        "        SELECT count(*) FROM policy_modelversion WHERE state = 'adopted'\n"
        "    ) THEN\n        RETURN;\n    END IF;",
    ),
    ("\n        FROM family JOIN contacts_enquiry AS enquiry", READABLE),
    (
        "bool_and(whose = ANY (for_whom)) AS every",
        "bool_and(whose = ANY (for_whom)) AS every, bool_and(readable) AS open",
    ),
    ("AS whole,", "AS whole, bool_and(hers.open) AS open,"),
    ("'medium', page.medium_id", "'medium', CASE WHEN seen.open THEN page.medium_id END"),
    ("'department', page.department_id", "'department', CASE WHEN seen.open THEN page.department_id END"),
    ("'employee', employee.name", "'employee', CASE WHEN seen.open THEN employee.name END"),
    ("'enquiries', (\n                SELECT json_agg(", "'enquiries', coalesce((\n                SELECT json_agg("),
    (
        "WHERE matter.root = page.id AND (seen.whole OR whose = ANY (for_whom))\n            )",
        "WHERE matter.root = page.id AND readable AND (seen.whole OR whose = ANY (for_whom))\n            ), '[]')",
    ),
    ("AND seen.whole\n            ), '[]')", "AND seen.whole AND seen.open\n            ), '[]')"),
    ("'merged', coalesce", WITHHELD),
)


def function() -> str:
    text = BEFORE
    for old, new in CHANGES:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def replace(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION contacts_history(bigint, timestamptz, bigint, integer, jsonb)")
        schema_editor.execute(function(), None)


def put_back(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION contacts_history(bigint, timestamptz, bigint, integer, jsonb, jsonb)")
        schema_editor.execute(BEFORE, None)


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0010_by_valid_power"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OpenedMatter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12)),
                ("text", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "employee",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enquiry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contacts.enquiry",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["enquiry", "employee", "-at"], name="opened_matter_by_enquiry")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code__in",
                                [
                                    "she_is_here",
                                    "to_answer",
                                    "colleague",
                                    "to_prepare",
                                    "access",
                                    "to_correct",
                                    "other",
                                ],
                            )
                        ),
                        name="opened_matter_code_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="opened_matter_says_something"
                    ),
                ],
            },
        ),
        refuse("contacts_openedmatter", "UPDATE", sentence="a key that was given is not changed; another is given"),
        migrations.RunPython(replace, put_back),
    ]
