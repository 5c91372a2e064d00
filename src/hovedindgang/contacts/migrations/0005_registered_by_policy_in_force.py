"""The function that registers on PostgreSQL makes sure itself that the contact obeys the policy in force on its day,
and that the client it comes from is let in.

So a process may work a contact out by the version it last heard of, and for the client it remembers, without asking
first: what has changed in between is noticed here, where nothing can come between. It gives 0, which is no row, for a
client that is not let in. `given` is as in 0003, but an enquiry holds for whom it is,
and where history shows it is written with it.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FUNCTION = """
CREATE OR REPLACE FUNCTION contacts_register(given jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    claim contacts_idempotencykey := jsonb_populate_record(NULL::contacts_idempotencykey, given->'claim');
    contact contacts_contact := jsonb_populate_record(NULL::contacts_contact, given->'contact');
    event kernel_event := jsonb_populate_record(NULL::kernel_event, given->'event');
    note contacts_note;
    enquiry contacts_enquiry;
    seen bigint[] := ARRAY(SELECT jsonb_array_elements_text(given->'seen')::bigint);
    one jsonb;
    place integer := 0;
BEGIN
    IF given ? 'admission' AND NOT people_admitted(given->'admission') THEN
        RETURN 0;
    END IF;
    contact.id := nextval('contacts_contact_id_seq');
    INSERT INTO contacts_idempotencykey (key, actor_kind, actor_id, deed, fingerprint, subject_id)
    VALUES (claim.key, claim.actor_kind, claim.actor_id, claim.deed, claim.fingerprint, contact.id)
    ON CONFLICT (key) DO NOTHING;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF (SELECT count(*) FROM people_citizen WHERE id = ANY (seen)) < cardinality(seen) THEN
        RAISE EXCEPTION 'no such citizen'
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'contact_names_known_citizens';
    END IF;
    IF contact.version_id IS DISTINCT FROM (
        SELECT id FROM policy_modelversion WHERE state = 'adopted' AND valid_from <= contact.received_on
        ORDER BY valid_from DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'another version is in force'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'contact_obeys_policy_in_force';
    END IF;

    contact.registered_at := statement_timestamp();
    INSERT INTO contacts_contact VALUES (contact.*);

    FOR one IN SELECT jsonb_array_elements(given->'enquiries') LOOP
        enquiry := jsonb_populate_record(NULL::contacts_enquiry, one);
        enquiry.id := nextval('contacts_enquiry_id_seq');
        enquiry.contact_id := contact.id;
        INSERT INTO contacts_enquiry VALUES (enquiry.*);
        INSERT INTO contacts_enquiryperson (enquiry_id, citizen_id, shown_in, shown_at)
        SELECT enquiry.id, citizen::bigint, contact.id, contact.started_at
        FROM jsonb_array_elements_text(one->'for_whom') AS citizen;
    END LOOP;

    IF given->'note' <> 'null' THEN
        note := jsonb_populate_record(NULL::contacts_note, given->'note');
        INSERT INTO contacts_note (contact_id, text, terms, amends_id, author_id)
        VALUES (contact.id, note.text, note.terms, note.amends_id, note.author_id);
    END IF;

    event.id := nextval('kernel_event_id_seq');
    event.subject_id := contact.id;
    event.recorded_at := statement_timestamp();
    INSERT INTO kernel_event VALUES (event.*);

    INSERT INTO kernel_delivery (event_id, listener, subject, state, attempts, error)
    SELECT event.id, listener, 'contact:' || contact.id, 'waiting', 0, ''
    FROM jsonb_array_elements_text(given->'listeners') AS listener;

    INSERT INTO kernel_lookup (actor_kind, actor_id, citizen_id, use, reason, request_id)
    SELECT event.actor_kind, event.actor_id, citizen, 'registration', 'contact:' || contact.id, event.request_id
    FROM unnest(seen) AS citizen;

    RETURN contact.id;
END $$
"""


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, None)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    earlier = import_module("hovedindgang.contacts.migrations.0003_registered_in_one")
    earlier.backwards(apps, schema_editor)
    earlier.forwards(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0004_history_by_index"),
        ("policy", "0002_adopted_stays"),
        ("people", "0002_admitted"),
    ]
    operations = [migrations.RunPython(forwards, backwards)]
