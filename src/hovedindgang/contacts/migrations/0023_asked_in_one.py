"""Whether somebody may be named in a matter is asked by one trigger, and of nearly everybody with one short question.

Two triggers asked for each person of each matter whose contact it is and who registered it, only to find that she is
neither closed to anybody nor restricted. Now that comes first; what is refused is the same, and for the same reasons.
On SQLite nothing changes: there the deeds ask.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ONE = """
CREATE FUNCTION contacts_may_be_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM people_restriction WHERE citizen_id = NEW.citizen_id)
    AND NOT EXISTS (SELECT FROM people_closed WHERE citizen_id = NEW.citizen_id) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT FROM contacts_enquiry e JOIN contacts_contact c ON c.id = e.contact_id
        WHERE e.id = NEW.enquiry_id AND c.batch IS NULL AND c.employee_id IS NOT NULL
        AND people_closed_to(c.employee_id, NEW.citizen_id)
    ) THEN
        RAISE EXCEPTION 'closed to this employee' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT FROM people_restriction r WHERE r.citizen_id = NEW.citizen_id) AND EXISTS (
        SELECT FROM contacts_enquiry e JOIN contacts_contact c ON c.id = e.contact_id
        WHERE e.id = NEW.enquiry_id AND c.batch IS NULL AND c.representation_id IS NULL
        AND c.asker_id IS DISTINCT FROM NEW.citizen_id
    ) THEN
        RAISE EXCEPTION 'what is held of this citizen is only stored' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
BY_ONE = (
    "DROP TRIGGER contacts_enquiryperson_not_for_ones_own ON contacts_enquiryperson",
    "DROP TRIGGER contacts_enquiryperson_only_by_her ON contacts_enquiryperson",
    "DROP FUNCTION contacts_not_for_ones_own()",
    "DROP FUNCTION contacts_only_by_her()",
    "CREATE TRIGGER contacts_enquiryperson_may_be_named BEFORE INSERT ON contacts_enquiryperson "
    "FOR EACH ROW EXECUTE FUNCTION contacts_may_be_named()",
)
BY_TWO = (
    "DROP TRIGGER contacts_enquiryperson_may_be_named ON contacts_enquiryperson",
    "DROP FUNCTION contacts_may_be_named()",
)


def one(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in (ONE, *BY_ONE):
            schema_editor.execute(statement, None)


def two(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        closed = import_module("hovedindgang.contacts.migrations.0015_not_for_oneself")._POSTGRES
        stored = import_module("hovedindgang.contacts.migrations.0017_only_stored")._STATEMENTS
        of_persons = [
            text for text in (*closed, *stored) if "contacts_not_for_ones_own" in text or "only_by_her" in text
        ]
        for statement in (*BY_TWO, *of_persons):
            schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0022_history_joined"), ("people", "0008_corrections_and_restrictions")]
    operations = [migrations.RunPython(one, two)]
