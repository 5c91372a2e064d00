"""History is joined, not looked up matter by matter, and its parts are rows that become JSON as they are.

The function is written out whole; it gives what the one before it gave. Persons, handovers, signposts and notes are found
for the whole page and sorted once each, a matter's JSON is made once, and what only a reader with limits asks about a
matter stands in functions of its own: a statement pays for every table that it names, each time it begins.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Whether a matter of a service that is hidden from this reader is her own, or open to her.
HERS = """
CREATE FUNCTION contacts_matter_is_hers(
    matter bigint, in_contact bigint, owner bigint, ended_by bigint, reader jsonb
) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    who bigint := (reader->>'employee')::bigint;
BEGIN
    RETURN coalesce(
        owner = who OR ended_by = who
        OR (SELECT employee_id FROM contacts_contact WHERE id = in_contact) = who
        OR EXISTS (
            SELECT FROM contacts_handover AS handover WHERE handover.enquiry_id = matter AND (
                sent_by_id = who OR handled_by_id = who OR handover.department_id = reader->>'department'
            )
        ) OR EXISTS (
            SELECT FROM contacts_openedmatter AS opened WHERE opened.enquiry_id = matter
            AND opened.employee_id = who AND opened.at > (reader->>'since')::timestamptz
        ), false);
END $$
"""
# Whether a matter is for one of those whose data is only stored.
STORED = """
CREATE FUNCTION contacts_matter_names(matter bigint, citizens bigint[]) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM contacts_enquiryperson WHERE enquiry_id = matter AND citizen_id = ANY (citizens));
END $$
"""
HISTORY = """
CREATE OR REPLACE FUNCTION contacts_history(
    whose bigint, before_at timestamptz, before_id bigint, most integer, look_up jsonb, reader jsonb,
    OUT entries text, OUT last_at timestamptz, OUT last_id bigint, OUT more boolean, OUT known json
) LANGUAGE plpgsql AS $$
DECLARE
    hidden text[] := ARRAY(SELECT jsonb_array_elements_text(reader->'hidden'));
    stored bigint[] := '{}';
BEGIN
    IF reader ? 'versions' AND (reader->>'versions')::integer <> (
        SELECT count(*) FROM policy_modelversion WHERE state = 'adopted'
    ) THEN
        RETURN;
    END IF;
    IF look_up ? 'admission' AND NOT people_admitted(look_up->'admission') THEN
        RETURN;
    END IF;
    IF reader ? 'stored' THEN
        stored := ARRAY(SELECT citizen_id FROM people_restriction);
        IF reader->>'stored' = 'consented' THEN
            stored := array_remove(stored, whose);
        ELSIF whose = ANY (stored) THEN
            RETURN;
        END IF;
    END IF;
    IF look_up IS NOT NULL THEN
        INSERT INTO kernel_lookup (actor_kind, actor_id, citizen_id, use, reason, request_id)
        VALUES (
            look_up->>'actor_kind', (look_up->>'actor_id')::bigint, whose, look_up->>'use', look_up->>'reason',
            (look_up->>'request_id')::uuid
        );
    END IF;
    WITH own AS MATERIALIZED (
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
    ), merged AS MATERIALIZED (
        SELECT merged_into_id AS root, id, asker_id FROM contacts_contact
        WHERE merged_into_id = ANY (ARRAY(SELECT id FROM chosen LIMIT most))
    ), found AS (
        SELECT contact FROM (SELECT * FROM chosen LIMIT most) AS first WHERE at_hand
        UNION ALL
        SELECT contact FROM (SELECT id, at_hand FROM chosen LIMIT most) AS first
        JOIN contacts_contact AS contact ON contact.id = first.id WHERE NOT at_hand
    ), page AS MATERIALIZED (
        SELECT (contact).id, (contact).started_at, (contact).ended_at, (contact).times_true, (contact).direction,
               (contact).who_asks, (contact).channel, (contact).medium_id, (contact).centre_id,
               (contact).department_id, (contact).language, (contact).late, (contact).asker_id, (contact).identity,
               (contact).employee_id, coalesce((contact).asker_id = whose, false)
               OR (contact).id IN (SELECT root FROM merged WHERE asker_id = whose) AS asks
        FROM found
    ), family AS MATERIALIZED (
        SELECT id AS root, id, asks FROM page
        UNION ALL
        SELECT page.id, merged.id, page.asks FROM merged JOIN page ON page.id = merged.root
    ), matter AS MATERIALIZED (
        SELECT root, asks, enquiry.id, "position", service_id, kind, outcome, outcome_at, worked_by, on_the_spot,
               come_back_reason, withdrawn_why, promised_on, owner_id, sent_on, follows_id, follows_how, case_number,
               found_wrong_on,
               (service_id <> ALL (hidden)
                   OR contacts_matter_is_hers(enquiry.id, contact_id, owner_id, outcome_by_id, reader))
               AND (stored = '{}' OR NOT contacts_matter_names(enquiry.id, stored)) AS readable
        FROM family JOIN contacts_enquiry AS enquiry ON enquiry.contact_id = family.id
    ), named AS MATERIALIZED (
        SELECT matter.id, array_agg(citizen_id ORDER BY citizen_id) AS for_whom
        FROM matter JOIN contacts_enquiryperson AS person ON person.enquiry_id = matter.id GROUP BY matter.id
    ), handed AS (
        SELECT enquiry_id AS id, json_agg(said ORDER BY said.id) AS handovers
        FROM matter JOIN contacts_handover AS handover ON handover.enquiry_id = matter.id CROSS JOIN LATERAL (
            SELECT handover.id, handover.department_id AS department, handover.state, handover.summary,
                   handover.agreed, handover.promised_on, handover.sent_at, handover.closed_at, handover.told_at,
                   handover.answer, handover.reason
        ) AS said GROUP BY enquiry_id
    ), signposted AS (
        SELECT enquiry_id AS id, json_agg(said ORDER BY said.id) AS signposts
        FROM matter JOIN contacts_signpost AS signpost ON signpost.enquiry_id = matter.id CROSS JOIN LATERAL (
            SELECT signpost.id, signpost.how, signpost.authority_id AS authority,
                   signpost.department_id AS department, signpost.got_there
        ) AS said GROUP BY enquiry_id
    ), told AS MATERIALIZED (
        SELECT root, bool_or(asks) OR bool_and(hers) AS whole, bool_and(readable) AS open,
               json_agg(said ORDER BY said.id) FILTER (WHERE readable AND (asks OR hers)) AS enquiries,
               bool_or(NOT readable AND (asks OR hers)) AS withheld
        FROM matter LEFT JOIN named USING (id) LEFT JOIN handed USING (id) LEFT JOIN signposted USING (id)
        CROSS JOIN LATERAL (SELECT coalesce(whose = ANY (for_whom), false) AS hers) AS whom
        CROSS JOIN LATERAL (
            SELECT matter.id, matter."position", service_id AS service, kind, outcome, outcome_at, worked_by,
                   on_the_spot, come_back_reason, withdrawn_why, promised_on, owner_id AS owner, sent_on,
                   follows_id AS follows, follows_how, case_number, found_wrong_on,
                   coalesce(for_whom, '{}') AS for_whom, coalesce(handovers, '[]') AS handovers,
                   coalesce(signposts, '[]') AS signposts
        ) AS said GROUP BY root
    ), written AS (
        SELECT root, json_agg(said ORDER BY said.id) AS notes
        FROM family JOIN told USING (root) JOIN contacts_note AS note ON note.contact_id = family.id
        LEFT JOIN people_employee AS author ON author.id = note.author_id
        CROSS JOIN LATERAL (
            SELECT note.id, note.text, author.name AS author, note.written_at, note.amends_id AS amends
        ) AS said WHERE whole AND open GROUP BY root
    )
    SELECT
        coalesce(json_agg(said ORDER BY page.started_at DESC, page.id DESC)::text, '[]'),
        min(page.started_at),
        (array_agg(page.id ORDER BY page.started_at, page.id))[1],
        (SELECT count(*) FROM chosen) > most,
        CASE WHEN reader ? 'masked' THEN people_known(ARRAY(
            SELECT whose UNION ALL SELECT asker_id FROM page UNION ALL SELECT asker_id FROM merged
            UNION ALL SELECT unnest(for_whom) FROM named
        )) END
    INTO entries, last_at, last_id, more, known
    FROM page JOIN told ON told.root = page.id
    LEFT JOIN written ON written.root = page.id
    LEFT JOIN people_employee AS employee ON employee.id = page.employee_id
    CROSS JOIN LATERAL (
        SELECT page.id AS contact_id, page.started_at, page.ended_at, page.times_true, page.direction, page.who_asks,
               page.channel, CASE WHEN open THEN page.medium_id END AS medium, page.centre_id AS centre,
               CASE WHEN open THEN page.department_id END AS department, page.language, page.late,
               page.asker_id AS asker, page.identity, CASE WHEN open THEN employee.name END AS employee,
               coalesce(enquiries, '[]') AS enquiries, coalesce(notes, '[]') AS notes, withheld,
               coalesce((SELECT array_agg(id ORDER BY id) FROM merged WHERE root = page.id), '{}') AS merged,
               NOT whole AS about_others
    ) AS said;
END $$
"""
GONE = "contacts_history(bigint, timestamptz, bigint, integer, jsonb, jsonb)"


def joined(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in (HERS, STORED, HISTORY):
            schema_editor.execute(statement, None)


def as_before(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP FUNCTION {GONE}", None)
        schema_editor.execute(import_module("hovedindgang.contacts.migrations.0020_history_in_groups").FUNCTION, None)
        import_module("hovedindgang.contacts.migrations.0021_sent_to_other_systems").forwards(apps, schema_editor)
        schema_editor.execute("DROP FUNCTION contacts_matter_names(bigint, bigint[])", None)
        schema_editor.execute("DROP FUNCTION contacts_matter_is_hers(bigint, bigint, bigint, bigint, jsonb)", None)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0021_sent_to_other_systems")]
    operations = [migrations.RunPython(joined, as_before)]
