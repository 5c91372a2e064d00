"""A citizen's newest page of history is read from indexes, and on PostgreSQL by one function that keeps its plan.

`contacts_history` gives the page as JSON text, newest first, with the cursor of its last contact and whether there are
more. With `look_up` it logs who saw it (`kernel.lookups`), and gives and logs nothing for a client that is not let in.
What it leaves out of a contact that was about others too is the rule of `contacts.history`.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from hovedindgang.contacts.models import ByEquality

SHOWN_UNDER = """
UPDATE contacts_enquiryperson SET (shown_in, shown_at) = (
    SELECT root.id, root.started_at FROM contacts_enquiry AS enquiry
    JOIN contacts_contact AS contact ON contact.id = enquiry.contact_id
    JOIN contacts_contact AS root ON root.id = coalesce(contact.merged_into_id, contact.id)
    WHERE enquiry.id = contacts_enquiryperson.enquiry_id
)
"""
FUNCTION = """
CREATE FUNCTION contacts_history(
    whose bigint, before_at timestamptz, before_id bigint, most integer, look_up jsonb,
    OUT entries text, OUT last_at timestamptz, OUT last_id bigint, OUT more boolean
) LANGUAGE plpgsql AS $$
BEGIN
    IF look_up ? 'admission' AND NOT people_admitted(look_up->'admission') THEN
        RETURN;
    END IF;
    IF look_up IS NOT NULL THEN
        INSERT INTO kernel_lookup (actor_kind, actor_id, citizen_id, use, reason, request_id)
        VALUES (
            look_up->>'actor_kind', (look_up->>'actor_id')::bigint, whose, look_up->>'use', look_up->>'reason',
            (look_up->>'request_id')::uuid
        );
    END IF;
    WITH own AS (
        SELECT contact, id, started_at FROM contacts_contact AS contact
        WHERE asker_id = whose AND merged_into_id IS NULL AND (started_at, id) < (before_at, before_id)
        ORDER BY started_at DESC, id DESC LIMIT most + 1
    ), elsewhere AS (
        (
            SELECT DISTINCT shown_in AS id, shown_at AS started_at FROM contacts_enquiryperson
            WHERE citizen_id = whose AND (shown_at, shown_in) < (before_at, before_id)
            ORDER BY shown_at DESC, shown_in DESC LIMIT most + 1
        )
        UNION
        SELECT root.id, root.started_at
        FROM contacts_contact AS merged JOIN contacts_contact AS root ON root.id = merged.merged_into_id
        WHERE merged.asker_id = whose AND merged.merged_into_id IS NOT NULL
        AND (root.started_at, root.id) < (before_at, before_id)
    ), chosen AS MATERIALIZED (
        SELECT id, started_at, contact, true AS at_hand FROM own
        UNION ALL
        SELECT id, started_at, NULL, false FROM elsewhere WHERE id NOT IN (SELECT id FROM own)
        ORDER BY started_at DESC, id DESC LIMIT most + 1
    ), page AS MATERIALIZED (
        SELECT (contact).* FROM (SELECT * FROM chosen LIMIT most) AS first WHERE at_hand
        UNION ALL
        SELECT contact.* FROM (SELECT * FROM chosen LIMIT most) AS first
        JOIN contacts_contact AS contact ON contact.id = first.id WHERE NOT at_hand
    ), family AS MATERIALIZED (
        SELECT id AS root, id, asker_id FROM page
        UNION ALL
        SELECT page.id, merged.id, merged.asker_id
        FROM page JOIN contacts_contact AS merged ON merged.merged_into_id = page.id
    ), matter AS MATERIALIZED (
        SELECT family.root, enquiry.*, ARRAY(
            SELECT citizen_id FROM contacts_enquiryperson WHERE enquiry_id = enquiry.id ORDER BY citizen_id
        ) AS for_whom
        FROM family JOIN contacts_enquiry AS enquiry ON enquiry.contact_id = family.id
    ), hers AS (
        SELECT root, bool_and(whose = ANY (for_whom)) AS every FROM matter GROUP BY root
    ), seen AS (
        SELECT root, coalesce(bool_or(asker_id = whose), false) OR bool_and(hers.every) AS whole,
               array_agg(id ORDER BY id) FILTER (WHERE id <> root) AS merged
        FROM family JOIN hers USING (root) GROUP BY root
    )
    SELECT
        coalesce(json_agg(json_build_object(
            'contact_id', page.id, 'started_at', page.started_at, 'ended_at', page.ended_at,
            'times_true', page.times_true, 'direction', page.direction, 'who_asks', page.who_asks,
            'channel', page.channel, 'medium', page.medium_id, 'centre', page.centre_id,
            'department', page.department_id, 'language', page.language, 'late', page.late,
            'asker', page.asker_id, 'employee', employee.name,
            'enquiries', (
                SELECT json_agg(json_build_object(
                    'id', id, 'position', "position", 'service', service_id, 'kind', kind, 'outcome', outcome,
                    'outcome_at', outcome_at, 'worked_by', worked_by, 'on_the_spot', on_the_spot,
                    'come_back_reason', come_back_reason, 'withdrawn_why', withdrawn_why,
                    'promised_on', promised_on, 'owner', owner_id, 'sent_on', sent_on, 'follows', follows_id,
                    'follows_how', follows_how, 'case_number', case_number, 'found_wrong_on', found_wrong_on,
                    'for_whom', for_whom,
                    'handovers', coalesce((
                        SELECT json_agg(json_build_object(
                            'id', id, 'department', department_id, 'state', state, 'summary', summary,
                            'agreed', agreed, 'promised_on', promised_on, 'sent_at', sent_at,
                            'closed_at', closed_at, 'told_at', told_at, 'answer', answer, 'reason', reason
                        ) ORDER BY id) FROM contacts_handover WHERE enquiry_id = matter.id
                    ), '[]'),
                    'signposts', coalesce((
                        SELECT json_agg(json_build_object(
                            'id', id, 'how', how, 'authority', authority_id, 'department', department_id,
                            'got_there', got_there
                        ) ORDER BY id) FROM contacts_signpost WHERE enquiry_id = matter.id
                    ), '[]')
                ) ORDER BY id)
                FROM matter WHERE matter.root = page.id AND (seen.whole OR whose = ANY (for_whom))
            ),
            'notes', coalesce((
                SELECT json_agg(json_build_object(
                    'id', note.id, 'text', note.text, 'author', author.name, 'written_at', note.written_at,
                    'amends', note.amends_id
                ) ORDER BY note.id)
                FROM family JOIN contacts_note AS note ON note.contact_id = family.id
                LEFT JOIN people_employee AS author ON author.id = note.author_id
                WHERE family.root = page.id AND seen.whole
            ), '[]'),
            'merged', coalesce(seen.merged, '{}'), 'about_others', NOT seen.whole
        ) ORDER BY page.started_at DESC, page.id DESC)::text, '[]'),
        min(page.started_at),
        (array_agg(page.id ORDER BY page.started_at, page.id))[1],
        (SELECT count(*) FROM chosen) > most
    INTO entries, last_at, last_id, more
    FROM page JOIN seen ON seen.root = page.id
    LEFT JOIN people_employee AS employee ON employee.id = page.employee_id;
END $$
"""
# The trees that hashes take the place of, by the names Django gave them.
REPLACED = {
    "contacts_enquiryperson_citizen_id_45432fad": ("contacts_enquiryperson", "citizen_id"),
    "contacts_note_contact_id_13551131": ("contacts_note", "contact_id"),
    "contacts_handover_enquiry_id_164af335": ("contacts_handover", "enquiry_id"),
    "contacts_signpost_enquiry_id_610f7e4b": ("contacts_signpost", "enquiry_id"),
}


def drop_replaced(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name in REPLACED:
        schema_editor.execute(f"DROP INDEX {name}")


def restore_replaced(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, (table, column) in REPLACED.items():
        schema_editor.execute(f"CREATE INDEX {name} ON {table} ({column})")


def make_function(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, None)


def drop_function(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION contacts_history(bigint, timestamptz, bigint, integer, jsonb)")


def not_indexed(model: str, field: str, to: str, related_name: str, on_delete: object) -> migrations.AlterField:
    key = models.ForeignKey(to, on_delete=on_delete, db_index=False, related_name=related_name)  # type: ignore[arg-type]
    return migrations.AlterField(model, field, key)


CASCADE, PROTECT = django.db.models.deletion.CASCADE, django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_registered_in_one"), ("people", "0002_admitted")]
    operations = [
        # Not as AlterField in the database: SQLite would make the tables anew and lose the triggers on them.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop_replaced, restore_replaced)],
            state_operations=[
                not_indexed("enquiryperson", "citizen", "people.citizen", "matters", PROTECT),
                not_indexed("note", "contact", "contacts.contact", "notes", CASCADE),
                not_indexed("handover", "enquiry", "contacts.enquiry", "handovers", CASCADE),
                not_indexed("signpost", "enquiry", "contacts.enquiry", "signposts", CASCADE),
            ],
        ),
        migrations.AddField("enquiryperson", "shown_in", models.BigIntegerField(null=True)),
        migrations.AddField("enquiryperson", "shown_at", models.DateTimeField(null=True)),
        migrations.RunSQL(SHOWN_UNDER, migrations.RunSQL.noop),
        migrations.AlterField("enquiryperson", "shown_in", models.BigIntegerField()),
        migrations.AlterField("enquiryperson", "shown_at", models.DateTimeField()),
        migrations.RemoveIndex("contact", "contact_by_asker"),
        migrations.AddIndex("contact", models.Index(fields=["asker", "-started_at", "-id"], name="contact_by_asker")),
        migrations.AddIndex(
            "contact",
            models.Index(
                fields=["asker"], name="contact_merged_by_asker", condition=models.Q(merged_into__isnull=False)
            ),
        ),
        migrations.AddIndex(
            "enquiryperson",
            models.Index(fields=["citizen", "-shown_at", "-shown_in"], name="enquiry_person_history"),
        ),
        migrations.AddIndex("enquiryperson", ByEquality(fields=["enquiry"], name="enquiry_person_by_enquiry")),
        migrations.AddIndex("enquiry", ByEquality(fields=["contact"], name="enquiry_by_contact")),
        migrations.AddIndex("note", ByEquality(fields=["contact"], name="note_by_contact")),
        migrations.AddIndex("handover", ByEquality(fields=["enquiry"], name="handover_by_enquiry")),
        migrations.AddIndex("signpost", ByEquality(fields=["enquiry"], name="signpost_by_enquiry")),
        migrations.RunPython(make_function, drop_function),
    ]
