"""The database itself refuses that an employee registers a contact for herself, her family or a colleague.

On PostgreSQL for who asks and for whom it is, within the one statement that registers. SQLite checks every trigger when
another table is renamed, so that there only a trigger on the contact's own row stands; the deed asks for the rest.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_REFUSAL = "closed to this employee"
_POSTGRES = [
    f"""
    CREATE FUNCTION contacts_not_for_oneself() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF people_closed_to(NEW.employee_id, NEW.asker_id) THEN
            RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE FUNCTION contacts_not_for_ones_own() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM contacts_enquiry e JOIN contacts_contact c ON c.id = e.contact_id
            WHERE e.id = NEW.enquiry_id AND c.batch IS NULL AND c.employee_id IS NOT NULL
            AND people_closed_to(c.employee_id, NEW.citizen_id)
        ) THEN
            RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER contacts_contact_not_for_oneself BEFORE INSERT OR UPDATE OF asker_id, employee_id ON contacts_contact
    FOR EACH ROW WHEN (NEW.employee_id IS NOT NULL AND NEW.asker_id IS NOT NULL AND NEW.batch IS NULL)
    EXECUTE FUNCTION contacts_not_for_oneself()
    """,
    """
    CREATE TRIGGER contacts_enquiryperson_not_for_ones_own BEFORE INSERT ON contacts_enquiryperson
    FOR EACH ROW EXECUTE FUNCTION contacts_not_for_ones_own()
    """,
]
_SQLITE = [
    """
    CREATE TRIGGER contacts_contact_not_for_oneself BEFORE INSERT ON contacts_contact
    WHEN NEW.employee_id IS NOT NULL AND NEW.batch IS NULL AND EXISTS (
        SELECT 1 FROM people_closed
        WHERE employee_id = NEW.employee_id AND citizen_id = NEW.asker_id AND why <> 'colleague'
    ) BEGIN SELECT RAISE(ABORT, 'closed to this employee'); END
    """
]
_GONE_FROM_POSTGRES = [
    "DROP TRIGGER contacts_enquiryperson_not_for_ones_own ON contacts_enquiryperson",
    "DROP TRIGGER contacts_contact_not_for_oneself ON contacts_contact",
    "DROP FUNCTION contacts_not_for_ones_own()",
    "DROP FUNCTION contacts_not_for_oneself()",
]


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _POSTGRES if schema_editor.connection.vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement, None)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    gone = ["DROP TRIGGER contacts_contact_not_for_oneself"]
    for statement in _GONE_FROM_POSTGRES if schema_editor.connection.vendor == "postgresql" else gone:
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0014_identity_established"), ("people", "0006_closed_to")]
    operations = [migrations.RunPython(forwards, backwards)]
