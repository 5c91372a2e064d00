"""The checks of contacts and enquiries are said with fewer words on PostgreSQL; they hold the same and keep their names.

PostgreSQL reads the text of a table's checks anew for each statement that writes to it, and Django says them at length: a
list of words as as many constants, each cast; an exclusive or as a sum of cases. An enquiry's nineteen checks cost ten
times what writing it did. Where a check is not said as known here, it stays as it was.
"""

from __future__ import annotations

import re

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("contacts_contact", "contacts_enquiry")
CHECKS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'c' AND conrelid = %s::regclass ORDER BY conname
"""
_WORDS = re.compile(r"\(ARRAY\[((?:'\w*'::character varying(?:, )?)+)\]\)::text\[\]")
_OR_EMPTY = re.compile(r"\(\(\((\w+)\)::text = ANY \('\{(.*)\}'::text\[\]\)\) OR \(\(\1\)::text = ''::text\)\)")
_EITHER = re.compile(
    r"CHECK \(\(\(\((?P<one>.+)\) OR \((?P<other>.+)\)\) AND \(1 = \(\s*CASE\s+WHEN \((?P=one)\) THEN 1\s+ELSE 0\s+END \+\s*"
    r"CASE\s+WHEN \((?P=other)\) THEN 1\s+ELSE 0\s+END\)\)\)\)"
)


def said_shortly(check: str) -> str:
    """The same, for columns that are never null: one constant for a list of words, <> for an exclusive or."""
    listed = _WORDS.sub(lambda found: f"'{{{','.join(_words(found[1]))}}}'::text[]", check)
    listed = _OR_EMPTY.sub(r"""((\1)::text = ANY ('{"",\2}'::text[]))""", listed)
    return _EITHER.sub(r"CHECK (((\g<one>) <> (\g<other>)))", listed)


def _words(listed: str) -> list[str]:
    return [word or '""' for word in re.findall(r"'(\w*)'::character varying", listed)]


def shortly(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(CHECKS, [table])
            found = [(name, said_shortly(check), check) for name, check in cursor.fetchall()]
        changed = [(name, short) for name, short, long in found if short != long]
        if changed:  # in one statement, so that the rows are checked once
            steps = [
                step
                for name, short in changed
                for step in (f'DROP CONSTRAINT "{name}"', f'ADD CONSTRAINT "{name}" {short}')
            ]
            schema_editor.execute(f"ALTER TABLE {table} {', '.join(steps)}", None)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0023_asked_in_one")]
    # Backwards they stay: they hold the same.
    operations = [migrations.RunPython(shortly, migrations.RunPython.noop)]
