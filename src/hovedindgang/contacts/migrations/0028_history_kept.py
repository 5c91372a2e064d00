"""The newest page of each citizen's history is kept, as the JSON it is sent as (PostgreSQL).

One statement reads it and asks whether anything on it is old, so that both are of one moment. Where something is, where
another page is asked for, or where the reader may not see all of it, it is made from what is registered, as before, by
the function that makes what is kept. Triggers say what is old in the transaction that made it so. The function that
registers says so itself, since all that it writes is new; its setting makes those triggers pass.
`docs/decisions/histories-are-kept.md`.
"""

from __future__ import annotations

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# How one citizen's history shows these contacts, to a reader with these limits; all of them roots that she is shown.
# `services` and `persons` are what a limit could be about. Planned once, or for a page of one it would be planned each time.
ENTRIES = """
CREATE FUNCTION contacts_entries(whose bigint, page_of bigint[], hidden text[], stored bigint[], reader jsonb)
RETURNS TABLE (contact_id bigint, started_at timestamptz, entry json, services text[], persons bigint[])
LANGUAGE plpgsql STABLE SET plan_cache_mode = 'force_generic_plan' AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH merged AS MATERIALIZED (
        SELECT merged_into_id AS root, id, asker_id FROM contacts_contact WHERE merged_into_id = ANY (page_of)
    ), page AS MATERIALIZED (
        SELECT id, started_at, ended_at, times_true, direction, who_asks, channel, medium_id, centre_id, department_id,
               language, late, asker_id, identity, employee_id,
               coalesce(asker_id = whose, false) OR id IN (SELECT root FROM merged WHERE asker_id = whose) AS asks
        FROM contacts_contact WHERE id = ANY (page_of)
    ), family AS MATERIALIZED (
        SELECT id AS root, id, asks FROM page
        UNION ALL
        SELECT page.id, merged.id, page.asks FROM merged JOIN page ON page.id = merged.root
    ), matter AS MATERIALIZED (
        SELECT root, asks, enquiry.id, "position", service_id, kind, outcome, outcome_at, worked_by, on_the_spot,
               come_back_reason, withdrawn_why, promised_on, owner_id, sent_on, follows_id, follows_how, case_number,
               found_wrong_on,
               (service_id <> ALL (hidden)
                   OR contacts_matter_is_hers(enquiry.id, enquiry.contact_id, owner_id, outcome_by_id, reader))
               AND (stored = '{}' OR NOT contacts_matter_names(enquiry.id, stored)) AS readable
        FROM family JOIN contacts_enquiry AS enquiry ON enquiry.contact_id = family.id
    ), named AS MATERIALIZED (
        SELECT matter.id, root, array_agg(citizen_id ORDER BY citizen_id, person.id) AS for_whom
        FROM matter JOIN contacts_enquiryperson AS person ON person.enquiry_id = matter.id GROUP BY matter.id, root
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
        SELECT matter.root, bool_or(asks) OR bool_and(hers) AS whole, bool_and(readable) AS open,
               json_agg(said ORDER BY said.id) FILTER (WHERE readable AND (asks OR hers)) AS enquiries,
               bool_or(NOT readable AND (asks OR hers)) AS withheld, array_agg(DISTINCT service_id::text) AS services
        FROM matter LEFT JOIN named USING (id) LEFT JOIN handed USING (id) LEFT JOIN signposted USING (id)
        CROSS JOIN LATERAL (SELECT coalesce(whose = ANY (for_whom), false) AS hers) AS whom
        CROSS JOIN LATERAL (
            SELECT matter.id, matter."position", service_id AS service, kind, outcome, outcome_at, worked_by,
                   on_the_spot, come_back_reason, withdrawn_why, promised_on, owner_id AS owner, sent_on,
                   follows_id AS follows, follows_how, case_number, found_wrong_on,
                   coalesce(for_whom, '{}') AS for_whom, coalesce(handovers, '[]') AS handovers,
                   coalesce(signposts, '[]') AS signposts
        ) AS said GROUP BY matter.root
    ), written AS (
        SELECT root, json_agg(said ORDER BY said.id) AS notes
        FROM family JOIN told USING (root) JOIN contacts_note AS note ON note.contact_id = family.id
        LEFT JOIN people_employee AS author ON author.id = note.author_id
        CROSS JOIN LATERAL (
            SELECT note.id, note.text, author.name AS author, note.written_at, note.amends_id AS amends
        ) AS said WHERE whole AND open GROUP BY root
    ), everybody AS (
        SELECT root, array_agg(DISTINCT citizen) AS persons FROM (
            SELECT id AS root, asker_id AS citizen FROM page
            UNION ALL SELECT root, asker_id FROM merged
            UNION ALL SELECT root, unnest(for_whom) FROM named
        ) AS one WHERE citizen IS NOT NULL GROUP BY root
    )
    SELECT page.id, page.started_at, row_to_json(said), services, coalesce(persons, '{}')
    FROM page JOIN told ON told.root = page.id
    LEFT JOIN written ON written.root = page.id
    LEFT JOIN everybody ON everybody.root = page.id
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

# A page of a citizen's history, as a reader with these limits is sent it, and what a limit could be about in it.
PAGE = """
CREATE FUNCTION contacts_page(
    whose bigint, before_at timestamptz, before_id bigint, most integer, hidden text[], stored bigint[], reader jsonb,
    OUT entries text, OUT last_at timestamptz, OUT last_id bigint, OUT more boolean,
    OUT contacts bigint[], OUT services text[], OUT persons bigint[]
) LANGUAGE plpgsql STABLE SET timezone = 'UTC' AS $$
DECLARE
    chosen bigint[];
BEGIN
    WITH own AS MATERIALIZED (
        SELECT id, started_at FROM contacts_contact
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
    )
    SELECT array_agg(id ORDER BY started_at DESC, id DESC) INTO chosen FROM (
        SELECT id, started_at FROM own UNION SELECT id, started_at FROM elsewhere
        ORDER BY started_at DESC, id DESC LIMIT most + 1
    ) AS one;
    more := coalesce(cardinality(chosen) > most, false);

    WITH page AS MATERIALIZED (SELECT * FROM contacts_entries(whose, chosen[:most], hidden, stored, reader))
    SELECT
        coalesce('[' || string_agg(entry::text, ', ' ORDER BY started_at DESC, contact_id DESC) || ']', '[]'),
        min(started_at),
        (array_agg(contact_id ORDER BY started_at, contact_id))[1],
        coalesce(array_agg(contact_id), '{}'),
        ARRAY(SELECT DISTINCT service FROM page CROSS JOIN unnest(page.services) AS service),
        ARRAY(SELECT DISTINCT person FROM page CROSS JOIN unnest(page.persons) AS person)
    INTO entries, last_at, last_id, contacts, services, persons
    FROM page;
END $$
"""

# How many entries the page has that is kept: what other systems are sent where they say no number themselves.
KEPT = 20
HISTORY = """
CREATE OR REPLACE FUNCTION contacts_history(
    whose bigint, before_at timestamptz, before_id bigint, most integer, look_up jsonb, reader jsonb,
    OUT entries text, OUT last_at timestamptz, OUT last_id bigint, OUT more boolean, OUT known json
) LANGUAGE plpgsql AS $$
DECLARE
    hidden text[] := '{}';
    stored bigint[] := '{}';
    everybody bigint[];
    holds boolean;
BEGIN
    IF reader ? 'versions' AND (reader->>'versions')::integer <> (
        SELECT count(*) FROM policy_modelversion WHERE state = 'adopted'
    ) THEN
        RETURN;
    END IF;
    IF look_up ? 'admission' AND NOT people_admitted(look_up->'admission') THEN
        RETURN;
    END IF;
    IF reader->'hidden' <> '[]' THEN
        hidden := ARRAY(SELECT jsonb_array_elements_text(reader->'hidden'));
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

    -- One statement, so that the page and whether it holds are of one moment. A short history is kept whole.
    IF most >= %d AND before_at = 'infinity' THEN
        SELECT
            kept.entries, kept.last_at, kept.last_id, kept.more, kept.persons,
            (most = %d OR NOT kept.more)
            AND NOT (kept.services::text[] && hidden OR kept.persons::bigint[] && stored)
            AND NOT EXISTS (SELECT FROM contacts_historytomake WHERE citizen_id = whose)
            AND NOT EXISTS (SELECT FROM contacts_historytomake WHERE contact_id = ANY (kept.contacts::bigint[]))
        INTO entries, last_at, last_id, more, everybody, holds
        FROM contacts_kepthistory AS kept WHERE kept.citizen_id = whose;
    END IF;
    IF holds IS NOT TRUE THEN
        SELECT page.entries, page.last_at, page.last_id, page.more, page.persons
        INTO entries, last_at, last_id, more, everybody
        FROM contacts_page(whose, before_at, before_id, most, hidden, stored, reader) AS page;
    END IF;
    IF reader ? 'masked' THEN
        known := people_known(whose || everybody);
    END IF;
END $$
"""

# All whose history shows any of these contacts, and some that it was shown once.
SHOWN = """
CREATE FUNCTION contacts_shown_to(contacts bigint[]) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    WITH family AS (
        SELECT id, asker_id FROM contacts_contact WHERE id = ANY (contacts)
        UNION
        SELECT id, asker_id FROM contacts_contact WHERE merged_into_id = ANY (contacts)
    )
    SELECT asker_id FROM family WHERE asker_id IS NOT NULL
    UNION
    SELECT citizen_id FROM family
    JOIN contacts_enquiry AS enquiry ON enquiry.contact_id = family.id
    JOIN contacts_enquiryperson AS person ON person.enquiry_id = enquiry.id;
$$
"""

# The worker's: makes the pages that some marks are about, and gives how many marks are gone with it.
# Nobody ever waits for it to end, and it waits for nobody: what another holds it leaves for its next round. One makes
# them at a time, so that an older view never follows a newer one.
MAKE = """
CREATE FUNCTION contacts_make_histories(at_once integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    marks bigint[];
    citizens bigint[];
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('contacts_kepthistory')) THEN
        RETURN 0;
    END IF;
    marks := ARRAY(
        WITH oldest AS MATERIALIZED (
            SELECT id, citizen_id FROM contacts_historytomake ORDER BY id LIMIT at_once
        )
        SELECT id FROM oldest
        UNION
        SELECT same.id FROM oldest JOIN contacts_historytomake AS same ON same.citizen_id = oldest.citizen_id
        WHERE same.contact_id IS NULL
    );
    IF marks = '{}' THEN
        RETURN 0;
    END IF;
    citizens := ARRAY(
        SELECT citizen_id FROM contacts_historytomake WHERE id = ANY (marks) AND citizen_id IS NOT NULL
        UNION
        SELECT contacts_shown_to(ARRAY(
            SELECT contact_id FROM contacts_historytomake WHERE id = ANY (marks) AND contact_id IS NOT NULL
        ))
        ORDER BY citizen_id
    );
    BEGIN
        PERFORM FROM contacts_kepthistory WHERE citizen_id = ANY (citizens) ORDER BY citizen_id FOR UPDATE NOWAIT;
    EXCEPTION WHEN lock_not_available THEN
        RETURN 0;
    END;
    WITH made AS (
        SELECT citizen, page.*
        FROM unnest(citizens) AS citizen
        CROSS JOIN LATERAL contacts_page(citizen, 'infinity', 0, %d, '{}', '{}', NULL) AS page
    ), empty AS (
        DELETE FROM contacts_kepthistory AS kept USING made WHERE kept.citizen_id = citizen AND made.last_id IS NULL
    )
    INSERT INTO contacts_kepthistory AS kept (
        citizen_id, entries, last_at, last_id, more, contacts, services, persons
    )
    SELECT citizen, entries, last_at, last_id, more, contacts::text, services::text, persons::text
    FROM made WHERE last_id IS NOT NULL
    ON CONFLICT (citizen_id) DO UPDATE SET
        entries = excluded.entries, last_at = excluded.last_at, last_id = excluded.last_id, more = excluded.more,
        contacts = excluded.contacts, services = excluded.services, persons = excluded.persons
    WHERE (kept.*) IS DISTINCT FROM (excluded.*);
    DELETE FROM contacts_historytomake WHERE id = ANY (marks);
    RETURN cardinality(marks);
END $$
"""

# What a contact is about, and what was said and done in it, changes what its entries say, wherever they stand.
OF_A_CONTACT = """
CREATE FUNCTION contacts_history_old() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contacts_historytomake (contact_id)
    SELECT DISTINCT coalesce(merged_into_id, id) FROM contacts_contact
    WHERE id IN (
        CASE WHEN TG_OP <> 'DELETE' THEN NEW.contact_id END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.contact_id END
    );
    IF TG_OP = 'DELETE' THEN
        PERFORM contacts_history_gone(OLD.contact_id, NULL);
    END IF;
    RETURN NULL;
END $$
"""
OF_A_MATTER = """
CREATE FUNCTION contacts_history_old_by_matter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contacts_historytomake (contact_id)
    SELECT DISTINCT coalesce(merged_into_id, contact.id)
    FROM contacts_enquiry AS enquiry JOIN contacts_contact AS contact ON contact.id = enquiry.contact_id
    WHERE enquiry.id IN (
        CASE WHEN TG_OP <> 'DELETE' THEN NEW.enquiry_id END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.enquiry_id END
    );
    RETURN NULL;
END $$
"""
# For whom a matter is, and when and under which contact her history shows it.
OF_A_PERSON = """
CREATE FUNCTION contacts_history_old_by_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.shown_in IS NOT NULL THEN
        INSERT INTO contacts_historytomake (contact_id, citizen_id) VALUES (NEW.shown_in, NEW.citizen_id);
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.shown_in IS NOT NULL THEN
        INSERT INTO contacts_historytomake (contact_id, citizen_id) VALUES (OLD.shown_in, OLD.citizen_id);
        IF TG_OP = 'DELETE' OR OLD.citizen_id <> NEW.citizen_id THEN
            PERFORM contacts_history_gone(OLD.shown_in, OLD.citizen_id);
        END IF;
    END IF;
    RETURN NULL;
END $$
"""
# Who asked, when, whether it stands, and under which contact it is shown.
OF_THE_CONTACT = """
CREATE FUNCTION contacts_history_old_by_contact() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was contacts_contact := CASE WHEN TG_OP <> 'INSERT' THEN OLD END;
    became contacts_contact := CASE WHEN TG_OP <> 'DELETE' THEN NEW END;
BEGIN
    INSERT INTO contacts_historytomake (contact_id, citizen_id)
    SELECT contact, citizen
    FROM unnest(ARRAY[coalesce(became.id, was.id), was.merged_into_id, became.merged_into_id]) AS contact
    CROSS JOIN (
        SELECT was.asker_id UNION SELECT became.asker_id
        UNION SELECT asker_id FROM contacts_contact WHERE merged_into_id = became.id
    ) AS one (citizen)
    WHERE contact IS NOT NULL;
    IF TG_OP <> 'INSERT' AND was.asker_id IS DISTINCT FROM became.asker_id THEN
        PERFORM contacts_history_gone(was.id, was.asker_id);
    END IF;
    RETURN NULL;
END $$
"""
# What is taken away from a contact is gone from what is kept of it too, in the same transaction: all whose history shows
# it, and who is named, have their page made anew. It waits for nobody: a page that another holds is being taken away by
# him too, or made just now, and then the mark has it made once more.
GONE = """
CREATE FUNCTION contacts_history_gone(contact bigint, citizen bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    theirs bigint[] := array_remove(citizen || ARRAY(
        SELECT contacts_shown_to(ARRAY[contact, (SELECT merged_into_id FROM contacts_contact WHERE id = contact)])
    ), NULL);
BEGIN
    INSERT INTO contacts_historytomake (citizen_id) SELECT DISTINCT unnest(theirs);
    DELETE FROM contacts_kepthistory WHERE citizen_id IN (
        SELECT citizen_id FROM contacts_kepthistory WHERE citizen_id = ANY (theirs) FOR UPDATE SKIP LOCKED
    );
END $$
"""
OF_AN_EMPLOYEE = """
CREATE FUNCTION contacts_history_old_by_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contacts_historytomake (contact_id)
    SELECT id FROM contacts_contact WHERE employee_id = NEW.id AND merged_into_id IS NULL
    UNION
    SELECT coalesce(merged_into_id, contact.id)
    FROM contacts_note AS note JOIN contacts_contact AS contact ON contact.id = note.contact_id
    WHERE note.author_id = NEW.id;
    RETURN NULL;
END $$
"""
# All there is, so that the worker makes everything.
ALL = """
CREATE FUNCTION contacts_mark_everything() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contacts_historytomake (citizen_id)
    SELECT asker_id FROM contacts_contact WHERE asker_id IS NOT NULL
    UNION
    SELECT citizen_id FROM contacts_enquiryperson
    UNION
    SELECT citizen_id FROM contacts_kepthistory;
END $$
"""
TRIGGERS = {
    "contacts_contact": "contacts_history_old_by_contact",
    "contacts_enquiryperson": "contacts_history_old_by_person",
    "contacts_enquiry": "contacts_history_old",
    "contacts_note": "contacts_history_old",
    "contacts_handover": "contacts_history_old_by_matter",
    "contacts_signpost": "contacts_history_old_by_matter",
}
MADE = (
    "CREATE TRIGGER {table}_history_begin AFTER INSERT ON {table} FOR EACH ROW "
    "WHEN (current_setting('hovedindgang.marks_itself', true) IS DISTINCT FROM 'yes') EXECUTE FUNCTION {function}()",
    "CREATE TRIGGER {table}_history_old AFTER UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()",
)
OF_NAMES = (
    "CREATE TRIGGER people_employee_history_old AFTER UPDATE OF name ON people_employee FOR EACH ROW "
    "WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION contacts_history_old_by_name()"
)
FUNCTIONS = (
    ENTRIES,
    PAGE,
    HISTORY % (KEPT, KEPT),
    SHOWN,
    MAKE % KEPT,
    GONE,
    OF_A_CONTACT,
    OF_A_MATTER,
    OF_A_PERSON,
    OF_THE_CONTACT,
    OF_AN_EMPLOYEE,
    ALL,
)

REGISTERED = "    event.id := nextval('kernel_event_id_seq');\n"
MARKED = """\
    INSERT INTO contacts_historytomake (citizen_id)
    SELECT contact.asker_id WHERE contact.asker_id IS NOT NULL
    UNION
    SELECT citizen::bigint
    FROM jsonb_array_elements(given->'enquiries') AS matter, jsonb_array_elements_text(matter->'for_whom') AS citizen;

"""


def keep(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for function in FUNCTIONS:
        schema_editor.execute(function, None)
    for table, function in TRIGGERS.items():
        for statement in MADE:
            schema_editor.execute(statement.format(table=table, function=function), None)
    schema_editor.execute(OF_NAMES, None)
    registering = _registering()
    assert registering.count(REGISTERED) == 1
    schema_editor.execute(registering.replace(REGISTERED, MARKED + REGISTERED), None)
    schema_editor.execute("ALTER FUNCTION contacts_register(jsonb) SET hovedindgang.marks_itself = 'yes'", None)
    schema_editor.execute("ALTER TABLE contacts_kepthistory ALTER COLUMN entries SET STORAGE EXTERNAL", None)
    schema_editor.execute("SELECT contacts_mark_everything()", None)


def keep_no_more(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("DROP TRIGGER people_employee_history_old ON people_employee", None)
    for table in TRIGGERS:
        for name in ("begin", "old"):
            schema_editor.execute(f"DROP TRIGGER {table}_history_{name} ON {table}", None)
    schema_editor.execute(_registering(), None)
    schema_editor.execute("ALTER FUNCTION contacts_register(jsonb) RESET hovedindgang.marks_itself", None)
    schema_editor.execute(import_module("hovedindgang.contacts.migrations.0022_history_joined").HISTORY, None)
    import_module("hovedindgang.contacts.migrations.0025_history_by_hash").by_hash(apps, schema_editor)
    for name in (
        "contacts_make_histories(integer)",
        "contacts_shown_to(bigint[])",
        "contacts_page(bigint, timestamptz, bigint, integer, text[], bigint[], jsonb)",
        "contacts_entries(bigint, bigint[], text[], bigint[], jsonb)",
        "contacts_history_old()",
        "contacts_history_old_by_matter()",
        "contacts_history_old_by_person()",
        "contacts_history_old_by_contact()",
        "contacts_history_old_by_name()",
        "contacts_mark_everything()",
        "contacts_history_gone(bigint, bigint)",
    ):
        schema_editor.execute(f"DROP FUNCTION {name}", None)


def _registering() -> str:
    found: str = import_module("hovedindgang.contacts.migrations.0005_registered_by_policy_in_force").FUNCTION
    return found


class Migration(migrations.Migration):
    dependencies = [("contacts", "0027_matters_by_hash"), ("people", "0011_first_password")]
    operations = [
        migrations.CreateModel(
            name="KeptHistory",
            fields=[
                (
                    "citizen",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.citizen",
                    ),
                ),
                ("entries", models.TextField()),
                ("last_at", models.DateTimeField()),
                ("last_id", models.BigIntegerField()),
                ("more", models.BooleanField()),
                ("contacts", models.TextField()),
                ("services", models.TextField()),
                ("persons", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="HistoryToMake",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="contacts.contact",
                    ),
                ),
                (
                    "citizen",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.citizen",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("contact__isnull", False), ("citizen__isnull", False), _connector="OR"),
                        name="history_to_make_of_someone",
                    )
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("citizen__isnull", False)),
                        fields=["citizen"],
                        name="history_to_make_of_citizen",
                    ),
                    models.Index(
                        condition=models.Q(("contact__isnull", False)),
                        fields=["contact"],
                        name="history_to_make_of_contact",
                    ),
                ],
            },
        ),
        migrations.RunPython(keep, keep_no_more),
    ]
