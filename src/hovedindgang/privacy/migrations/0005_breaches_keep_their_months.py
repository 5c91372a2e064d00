"""Look-ups of a month that a breach not yet closed is about are not dropped: who was touched is read from them.

Days are Danish and months are UTC's, so that the first night of a month may lie in the one before it.
"""

# ruff: noqa: S608 (every part of these statements stands in this file)
from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_STAYS = "the month stays: breach"

POSTGRES = (
    f"""
CREATE FUNCTION privacy_breach_keeps_month() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    begins date := (NEW.month || '-01')::date;
BEGIN
    IF NEW.log = 'lookups' AND EXISTS (
        SELECT FROM privacy_breach WHERE closed_at IS NULL
        AND first_on <= (begins + interval '1 month')::date AND last_on >= begins
    ) THEN
        RAISE EXCEPTION '{_STAYS}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
""",
    # After kernel_month_may_be_dropped by name, so that what is no month is refused as that.
    "CREATE TRIGGER privacy_breach_keeps_month BEFORE INSERT ON kernel_droppedmonth "
    "FOR EACH ROW EXECUTE FUNCTION privacy_breach_keeps_month()",
)
SQLITE = (
    f"""
CREATE TRIGGER privacy_breach_keeps_month BEFORE INSERT ON kernel_droppedmonth FOR EACH ROW
WHEN NEW.log = 'lookups' AND EXISTS (
    SELECT 1 FROM privacy_breach WHERE closed_at IS NULL
    AND first_on <= strftime('%Y-%m-%d', NEW.month || '-01', '+1 month') AND last_on >= NEW.month || '-01'
)
BEGIN SELECT RAISE(ABORT, '{_STAYS}'); END
""",
)


def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRES if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, None)


def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER privacy_breach_keeps_month ON kernel_droppedmonth", None)
        editor.execute("DROP FUNCTION privacy_breach_keeps_month()", None)
    else:
        editor.execute("DROP TRIGGER privacy_breach_keeps_month", None)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0004_breaches"), ("kernel", "0004_months_dropped")]

    operations = [migrations.RunPython(forwards, backwards)]
