"""Seals and dropped months are written once; a log loses a whole month that may be forgotten, and nothing else.

To write a row of `kernel_droppedmonth` is to drop that month: before it, a trigger looks whether it may be; after it,
another removes the month's rows. So half a month cannot be dropped, by whatever program or statement.
"""

# ruff: noqa: S608 (every part of these statements stands in this file)
from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from hovedindgang.kernel.triggers import refuse

EVENT_STAYS = "an event is never changed or removed"
LOOK_UP_STAYS = "a look-up is never changed or removed"

POSTGRES = (
    f"""
CREATE FUNCTION kernel_event_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM kernel_droppedmonth
        WHERE log = 'events' AND month = to_char(OLD.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM')
    ) THEN
        RAISE EXCEPTION '{EVENT_STAYS}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$
""",
    f"""
CREATE FUNCTION kernel_lookup_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM kernel_droppedmonth
        WHERE log = 'lookups' AND month = to_char(OLD.at AT TIME ZONE 'UTC', 'YYYY-MM')
    ) THEN
        RAISE EXCEPTION '{LOOK_UP_STAYS}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$
""",
    """
CREATE FUNCTION kernel_month_may_be_dropped() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    begins timestamptz;
    ends timestamptz;
    counted bigint;
    why text;
BEGIN
    IF NEW.month !~ '^[0-9]{4}-(0[1-9]|1[0-2])$' THEN
        RAISE EXCEPTION 'the month stays: not_a_month' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    begins := (NEW.month || '-01')::timestamp AT TIME ZONE 'UTC';
    ends := ((NEW.month || '-01')::timestamp + interval '1 month') AT TIME ZONE 'UTC';
    IF NEW.log = 'events' THEN
        SELECT count(*) INTO counted FROM kernel_event WHERE recorded_at >= begins AND recorded_at < ends;
        IF ends > now() - interval '12 months' THEN
            why := 'too_early';
        ELSIF counted <> NEW.rows OR counted <> (
            SELECT coalesce(sum(count), 0) FROM kernel_seal WHERE month = NEW.month
        ) THEN
            why := 'not_sealed';
        ELSIF EXISTS (
            SELECT FROM kernel_delivery AS delivery JOIN kernel_event AS event ON event.id = delivery.event_id
            WHERE delivery.state <> 'done' AND event.recorded_at >= begins AND event.recorded_at < ends
        ) THEN
            why := 'undelivered';
        END IF;
    ELSE
        SELECT count(*) INTO counted FROM kernel_lookup WHERE at >= begins AND at < ends;
        IF ends > now() - interval '6 months' THEN
            why := 'too_early';
        ELSIF counted <> NEW.rows THEN
            why := 'not_counted';
        END IF;
    END IF;
    IF why IS NULL AND NOT EXISTS (
        SELECT FROM kernel_event WHERE id = NEW.deed AND verb = 'log.month_dropped' AND subject_id = NEW.month
    ) THEN
        why := 'not_told';
    END IF;
    IF why IS NOT NULL THEN
        RAISE EXCEPTION 'the month stays: %', why USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE FUNCTION kernel_month_dropped() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    begins timestamptz := (NEW.month || '-01')::timestamp AT TIME ZONE 'UTC';
    ends timestamptz := ((NEW.month || '-01')::timestamp + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
    IF NEW.log = 'events' THEN
        DELETE FROM kernel_delivery USING kernel_event AS event
        WHERE event.id = event_id AND event.recorded_at >= begins AND event.recorded_at < ends;
        DELETE FROM kernel_event WHERE recorded_at >= begins AND recorded_at < ends;
    ELSE
        DELETE FROM kernel_lookup WHERE at >= begins AND at < ends;
    END IF;
    RETURN NULL;
END $$
""",
    "DROP TRIGGER kernel_event_refuses_delete ON kernel_event",
    "DROP TRIGGER kernel_lookup_refuses_delete ON kernel_lookup",
    "CREATE TRIGGER kernel_event_refuses_delete BEFORE DELETE ON kernel_event "
    "FOR EACH ROW EXECUTE FUNCTION kernel_event_kept()",
    "CREATE TRIGGER kernel_lookup_refuses_delete BEFORE DELETE ON kernel_lookup "
    "FOR EACH ROW EXECUTE FUNCTION kernel_lookup_kept()",
    "CREATE TRIGGER kernel_month_may_be_dropped BEFORE INSERT ON kernel_droppedmonth "
    "FOR EACH ROW EXECUTE FUNCTION kernel_month_may_be_dropped()",
    "CREATE TRIGGER kernel_month_dropped AFTER INSERT ON kernel_droppedmonth "
    "FOR EACH ROW EXECUTE FUNCTION kernel_month_dropped()",
)

# Instants are text on SQLite, so that a month is a range of texts, read from the index where there is one.
_NEXT = "strftime('%Y-%m', NEW.month || '-01', '+1 month')"


def _in_month(column: str) -> str:
    return f"{column} >= NEW.month AND {column} < {_NEXT}"


def _stays(why: str, condition: str) -> str:
    return f"SELECT RAISE(ABORT, 'the month stays: {why}') WHERE {condition};"


def _over(months: int) -> str:
    return f"strftime('%Y-%m-%d', NEW.month || '-01', '+{months + 1} months') > strftime('%Y-%m-%d', 'now')"


SQLITE = (
    "DROP TRIGGER kernel_event_refuses_delete",
    "DROP TRIGGER kernel_lookup_refuses_delete",
    f"""
CREATE TRIGGER kernel_event_refuses_delete BEFORE DELETE ON kernel_event FOR EACH ROW
WHEN NOT EXISTS (
    SELECT 1 FROM kernel_droppedmonth WHERE log = 'events' AND month = substr(OLD.recorded_at, 1, 7)
)
BEGIN SELECT RAISE(ABORT, '{EVENT_STAYS}'); END
""",
    f"""
CREATE TRIGGER kernel_lookup_refuses_delete BEFORE DELETE ON kernel_lookup FOR EACH ROW
WHEN NOT EXISTS (
    SELECT 1 FROM kernel_droppedmonth WHERE log = 'lookups' AND month = substr(OLD.at, 1, 7)
)
BEGIN SELECT RAISE(ABORT, '{LOOK_UP_STAYS}'); END
""",
    f"""
CREATE TRIGGER kernel_month_may_be_dropped BEFORE INSERT ON kernel_droppedmonth FOR EACH ROW
BEGIN
    {_stays("not_a_month", "strftime('%Y-%m', NEW.month || '-01') IS NOT NEW.month")}
    {_stays("too_early", f"NEW.log = 'events' AND {_over(12)}")}
    {_stays("too_early", f"NEW.log = 'lookups' AND {_over(6)}")}
    {
        _stays(
            "not_sealed",
            f"NEW.log = 'events' AND ((SELECT count(*) FROM kernel_event WHERE {_in_month('recorded_at')}) <> NEW.rows "
            "OR (SELECT coalesce(sum(count), 0) FROM kernel_seal WHERE month = NEW.month) <> NEW.rows)",
        )
    }
    {
        _stays(
            "undelivered",
            "NEW.log = 'events' AND EXISTS (SELECT 1 FROM kernel_event AS event JOIN kernel_delivery AS delivery "
            f"ON delivery.event_id = event.id WHERE delivery.state <> 'done' AND {_in_month('event.recorded_at')})",
        )
    }
    {
        _stays(
            "not_counted",
            f"NEW.log = 'lookups' AND (SELECT count(*) FROM kernel_lookup WHERE {_in_month('at')}) <> NEW.rows",
        )
    }
    {
        _stays(
            "not_told",
            "NOT EXISTS (SELECT 1 FROM kernel_event WHERE id = NEW.deed AND verb = 'log.month_dropped' "
            "AND subject_id = NEW.month)",
        )
    }
END
""",
    f"""
CREATE TRIGGER kernel_month_dropped AFTER INSERT ON kernel_droppedmonth FOR EACH ROW
BEGIN
    DELETE FROM kernel_delivery WHERE NEW.log = 'events'
    AND event_id IN (SELECT id FROM kernel_event WHERE {_in_month("recorded_at")});
    DELETE FROM kernel_event WHERE NEW.log = 'events' AND {_in_month("recorded_at")};
    DELETE FROM kernel_lookup WHERE NEW.log = 'lookups' AND {_in_month("at")};
END
""",
)


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, None)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    on_postgres = schema_editor.connection.vendor == "postgresql"
    for name, table in (
        ("kernel_month_dropped", "kernel_droppedmonth"),
        ("kernel_month_may_be_dropped", "kernel_droppedmonth"),
        ("kernel_event_refuses_delete", "kernel_event"),
        ("kernel_lookup_refuses_delete", "kernel_lookup"),
    ):
        schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if on_postgres else ""), None)
    if on_postgres:
        for name in ("month_dropped", "month_may_be_dropped", "event_kept", "lookup_kept"):
            schema_editor.execute(f"DROP FUNCTION kernel_{name}()", None)
    for table, sentence in (("kernel_event", EVENT_STAYS), ("kernel_lookup", LOOK_UP_STAYS)):
        refuse(table, "DELETE", sentence=sentence).code(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_seals")]

    operations = [
        migrations.RunPython(forwards, backwards),
        refuse("kernel_seal", "UPDATE", "DELETE", sentence="a seal is never changed or removed"),
        refuse("kernel_droppedmonth", "UPDATE", "DELETE", sentence="what was dropped stays told"),
    ]
