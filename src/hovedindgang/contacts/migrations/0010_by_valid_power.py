"""Who asks for another by a representation has it asked for in the statement that registers, with no more trips."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

CHECK = """
    IF contact.representation_id IS NOT NULL AND NOT people_may_act(
        contact.representation_id, contact.asker_id, event.on_behalf_of,
        ARRAY(SELECT matter->>'service_id' FROM jsonb_array_elements(given->'enquiries') AS matter), contact.received_on
    ) THEN
        RAISE EXCEPTION 'no power to act'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'contact_by_valid_power';
    END IF;

    contact.registered_at :="""
earlier = import_module("hovedindgang.contacts.migrations.0005_registered_by_policy_in_force")
BEFORE = "\n    contact.registered_at :="
FUNCTION = earlier.FUNCTION.replace(BEFORE, CHECK, 1)
assert FUNCTION != earlier.FUNCTION


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, None)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(earlier.FUNCTION, None)


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0009_transfers_and_consultations"),
        ("people", "0005_representations"),
        ("policy", "0002_adopted_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="representation",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.representation",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("representation__isnull", True), ("who_asks", "helper"), _connector="OR"),
                name="contact_by_power_of_a_helper",
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]
