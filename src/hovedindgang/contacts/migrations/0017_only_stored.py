"""What the citizen is not agreed in stands at the note; and whose data is only stored gets no matter behind her back.

On PostgreSQL the database refuses it too, within the one statement that registers. SQLite checks every trigger when
another table is renamed, so that there the deeds alone ask (`contacts.actions.restricting`). What is imported is stored.
"""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_STATEMENTS = [
    """
    CREATE FUNCTION contacts_only_by_her() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM people_restriction r WHERE r.citizen_id = NEW.citizen_id) AND EXISTS (
            SELECT FROM contacts_enquiry e JOIN contacts_contact c ON c.id = e.contact_id
            WHERE e.id = NEW.enquiry_id AND c.batch IS NULL AND c.representation_id IS NULL
            AND c.asker_id IS DISTINCT FROM NEW.citizen_id
        ) THEN
            RAISE EXCEPTION 'what is held of this citizen is only stored' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER contacts_enquiryperson_only_by_her BEFORE INSERT ON contacts_enquiryperson
    FOR EACH ROW EXECUTE FUNCTION contacts_only_by_her()
    """,
    """
    CREATE FUNCTION contacts_passed_on_with_consent() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.ground NOT IN ('consent', 'not_recorded') AND EXISTS (
            SELECT FROM contacts_enquiryperson p JOIN people_restriction r ON r.citizen_id = p.citizen_id
            WHERE p.enquiry_id = NEW.enquiry_id
        ) THEN
            RAISE EXCEPTION 'what is held of this citizen is only stored' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER contacts_handover_with_consent BEFORE INSERT ON contacts_handover
    FOR EACH ROW EXECUTE FUNCTION contacts_passed_on_with_consent()
    """,
]
_GONE = [
    "DROP TRIGGER contacts_handover_with_consent ON contacts_handover",
    "DROP FUNCTION contacts_passed_on_with_consent()",
    "DROP TRIGGER contacts_enquiryperson_only_by_her ON contacts_enquiryperson",
    "DROP FUNCTION contacts_only_by_her()",
]


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in _STATEMENTS:
            schema_editor.execute(statement, None)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in _GONE:
            schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0016_claims_and_presence"),
        ("people", "0008_corrections_and_restrictions"),
    ]
    operations = [
        migrations.AddField(model_name="note", name="contests", field=models.BooleanField(null=True)),
        migrations.RunPython(forwards, backwards),
    ]
