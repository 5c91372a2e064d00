"""History is read in groups: each table once for the whole page, and its hash indexes have room in their pages.

The function is written out whole, as the migrations before this one have left it. What is merged into a contact of the
page, its matters and its notes are found for all twenty at a time. A hash index half full has few pages that
overflow, and each of those is one more page to read.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

HASHED = (
    "enquiry_person_by_enquiry", "enquiry_by_contact", "note_by_contact", "handover_by_enquiry", "signpost_by_enquiry",
)  # fmt: skip
FUNCTION = """
CREATE OR REPLACE FUNCTION contacts_history(
    whose bigint, before_at timestamptz, before_id bigint, most integer, look_up jsonb, reader jsonb,
    OUT entries text, OUT last_at timestamptz, OUT last_id bigint, OUT more boolean
) LANGUAGE plpgsql AS $$
DECLARE
    hidden text[] := ARRAY(SELECT jsonb_array_elements_text(reader->'hidden'));
    who bigint := (reader->>'employee')::bigint;
BEGIN
    IF reader ? 'versions' AND (reader->>'versions')::integer <> (
        SELECT count(*) FROM policy_modelversion WHERE state = 'adopted'
    ) THEN
        RETURN;
    END IF;
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
        WHERE asker_id = whose AND merged_into_id IS NULL AND mistake IS NULL AND (started_at, id) < (before_at, before_id)
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
        FROM contacts_contact AS merged JOIN page ON page.id = merged.merged_into_id
        WHERE merged.merged_into_id = ANY (ARRAY(SELECT id FROM page))
    ), matter AS MATERIALIZED (
        SELECT family.root, enquiry.*, ARRAY(
            SELECT citizen_id FROM contacts_enquiryperson WHERE enquiry_id = enquiry.id ORDER BY citizen_id
        ) AS for_whom, coalesce(
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
        FROM family JOIN contacts_enquiry AS enquiry ON enquiry.contact_id = family.id
    ), hers AS (
        SELECT root, bool_and(whose = ANY (for_whom)) AS every, bool_and(readable) AS open FROM matter GROUP BY root
    ), seen AS (
        SELECT root, coalesce(bool_or(asker_id = whose), false) OR bool_and(hers.every) AS whole, bool_and(hers.open) AS open,
               array_agg(id ORDER BY id) FILTER (WHERE id <> root) AS merged
        FROM family JOIN hers USING (root) GROUP BY root
    ), told AS (
        SELECT root, json_agg(json_build_object(
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
        ) ORDER BY id) FILTER (WHERE readable AND (whole OR whose = ANY (for_whom))) AS enquiries,
        bool_or(NOT readable AND (whole OR whose = ANY (for_whom))) AS withheld
        FROM matter JOIN seen USING (root) GROUP BY root
    ), written AS (
        SELECT root, json_agg(json_build_object(
            'id', note.id, 'text', note.text, 'author', author.name, 'written_at', note.written_at,
            'amends', note.amends_id
        ) ORDER BY note.id) AS notes
        FROM family JOIN seen USING (root) JOIN contacts_note AS note ON note.contact_id = family.id
        LEFT JOIN people_employee AS author ON author.id = note.author_id
        WHERE whole AND open GROUP BY root
    )
    SELECT
        coalesce(json_agg(json_build_object(
            'contact_id', page.id, 'started_at', page.started_at, 'ended_at', page.ended_at,
            'times_true', page.times_true, 'direction', page.direction, 'who_asks', page.who_asks,
            'channel', page.channel, 'medium', CASE WHEN seen.open THEN page.medium_id END, 'centre', page.centre_id,
            'department', CASE WHEN seen.open THEN page.department_id END, 'language', page.language, 'late', page.late,
            'asker', page.asker_id, 'identity', page.identity, 'employee', CASE WHEN seen.open THEN employee.name END,
            'enquiries', coalesce(told.enquiries, '[]'), 'notes', coalesce(written.notes, '[]'),
            'withheld', told.withheld, 'merged', coalesce(seen.merged, '{}'), 'about_others', NOT seen.whole
        ) ORDER BY page.started_at DESC, page.id DESC)::text, '[]'),
        min(page.started_at),
        (array_agg(page.id ORDER BY page.started_at, page.id))[1],
        (SELECT count(*) FROM chosen) > most
    INTO entries, last_at, last_id, more
    FROM page JOIN seen ON seen.root = page.id JOIN told ON told.root = page.id
    LEFT JOIN written ON written.root = page.id
    LEFT JOIN people_employee AS employee ON employee.id = page.employee_id;
END $$
"""


def read_in_groups(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, None)
        for index in HASHED:
            schema_editor.execute(f"ALTER INDEX {index} SET (fillfactor = 50)")
            schema_editor.execute(f"REINDEX INDEX {index}")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0019_journalised")]
    # Backwards it stays: it answers as the one before it.
    operations = [migrations.RunPython(read_in_groups, migrations.RunPython.noop)]
