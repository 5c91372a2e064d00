"""The usual case of registering a contact as one function of PostgreSQL, which keeps its plans between requests.

`given` holds one JSON object per row, a key for each column (see `contacts.actions.registering_sql`), so that a new
column is written without changing the function. It gives the contact's row number, NULL for a key that was used.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FUNCTION = """
CREATE FUNCTION contacts_register(given jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    new_contact bigint;
    new_event bigint;
BEGIN
    INSERT INTO contacts_idempotencykey (key, actor_kind, actor_id, deed, fingerprint, subject_id)
    SELECT made.key, made.actor_kind, made.actor_id, made.deed, made.fingerprint,
           nextval('contacts_contact_id_seq')
    FROM jsonb_populate_record(NULL::contacts_idempotencykey, given->'claim') AS made
    ON CONFLICT (key) DO NOTHING RETURNING subject_id INTO new_contact;
    IF new_contact IS NULL THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM jsonb_array_elements_text(given->'seen') AS named
        WHERE NOT EXISTS (SELECT FROM people_citizen WHERE id = named::bigint)
    ) THEN
        RAISE EXCEPTION 'no such citizen'
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'contact_names_known_citizens';
    END IF;

    INSERT INTO contacts_contact SELECT made.* FROM jsonb_populate_record(
        NULL::contacts_contact,
        given->'contact' || jsonb_build_object('id', new_contact, 'registered_at', statement_timestamp())
    ) AS made;

    WITH matter AS (
        INSERT INTO contacts_enquiry SELECT made.*
        FROM jsonb_array_elements(given->'enquiries') AS one, jsonb_populate_record(
            NULL::contacts_enquiry,
            one || jsonb_build_object(
                'id', nextval('contacts_enquiry_id_seq'), 'contact_id', new_contact
            )
        ) AS made
        RETURNING id, "position"
    )
    INSERT INTO contacts_enquiryperson (enquiry_id, citizen_id)
    SELECT matter.id, (named->>1)::bigint
    FROM jsonb_array_elements(given->'persons') AS named JOIN matter ON matter."position" = (named->>0)::integer;

    IF given->'note' <> 'null' THEN
        INSERT INTO contacts_note (contact_id, text, terms, amends_id, author_id)
        SELECT new_contact, made.text, made.terms, made.amends_id, made.author_id
        FROM jsonb_populate_record(NULL::contacts_note, given->'note') AS made;
    END IF;

    new_event := nextval('kernel_event_id_seq');
    INSERT INTO kernel_event SELECT made.* FROM jsonb_populate_record(
        NULL::kernel_event,
        given->'event' || jsonb_build_object(
            'id', new_event, 'subject_id', new_contact, 'recorded_at', statement_timestamp()
        )
    ) AS made;

    INSERT INTO kernel_delivery (event_id, listener, subject, state, attempts, error)
    SELECT new_event, listener, 'contact:' || new_contact, 'waiting', 0, ''
    FROM jsonb_array_elements_text(given->'listeners') AS listener;

    INSERT INTO kernel_lookup (actor_kind, actor_id, citizen_id, use, reason, request_id)
    SELECT given->'event'->>'actor_kind', (given->'event'->>'actor_id')::bigint, citizen::bigint, 'registration',
           'contact:' || new_contact, (given->'event'->>'request_id')::uuid
    FROM jsonb_array_elements_text(given->'seen') AS citizen;

    RETURN new_contact;
END $$
"""


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION contacts_register(jsonb)")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_notes_locked_and_searched"), ("kernel", "0002_append_only")]
    operations = [migrations.RunPython(forwards, backwards)]
