"""What the database says of itself: is it there, is it whole, does it keep what it is told?"""

from __future__ import annotations

import datetime as dt
import sqlite3
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from hovedindgang.kernel import clock
from hovedindgang.kernel.triggers import Refusal, refusals
from hovedindgang.people.views import SAFE_SQLITE
from hovedindgang.site.backups.tables import applied_in, known_migrations
from hovedindgang.site.backups.unfinished import is_unfinished
from hovedindgang.site.doctor.verdicts import Answer, warning, well, wrong
from hovedindgang.site.language import gettext
from hovedindgang.site.roles import has_all, may_create, owns_tables

OLDEST_POSTGRESQL = 15
SECONDS_APART, TOO_MANY_SECONDS_APART = 2, 60


def _one(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found = cursor.fetchone()
    return found[0] if found else None


def answers() -> Answer:
    try:
        _one("SELECT 1")
    except DatabaseError as error:
        cause = " ".join(str(error).split())
        return wrong(
            gettext("Databasen svarer ikke: {cause}").format(cause=cause),
            gettext("Start den, eller ret HOVEDINDGANG_DATABASE. Det, der spørger den, er ikke undersøgt."),
        )
    return well(gettext("Databasen svarer."))


def restore_ended() -> Answer:
    if is_unfinished():
        return wrong(
            gettext("En gendannelse blev begyndt og ikke ført til ende"),
            gettext("Kør den samme hovedindgang restore igen; indtil da er her ingen data."),
        )
    return well(gettext("Ingen gendannelse er halv."))


def version() -> Answer:
    if connection.vendor == "sqlite":
        here = f"SQLite {sqlite3.sqlite_version}"
        if sqlite3.sqlite_version_info < SAFE_SQLITE:
            return warning(
                gettext("{version} kan, sjældent, ødelægge sin fil (WAL-reset)").format(version=here),
                gettext("Brug en Python med SQLite 3.51.3 eller nyere, eller PostgreSQL; tag sikkerhedskopi hver nat."),
            )
        return well(here)
    number = int(_one("SHOW server_version_num"))
    if number // 10_000 < OLDEST_POSTGRESQL:
        return wrong(f"PostgreSQL {number // 10_000}", gettext("Opgradér til PostgreSQL 15 eller nyere."))
    return well(f"PostgreSQL {number // 10_000}.{number % 10_000}")


def integrity() -> Answer | None:
    if connection.vendor != "sqlite":
        return None
    said = str(_one("PRAGMA integrity_check(1)"))
    if said != "ok":
        return wrong(
            gettext("Databasens fil er beskadiget: {said}").format(said=said.splitlines()[0]),
            gettext("Luk huset, gem filen, og gendan den nyeste hele sikkerhedskopi: hovedindgang restore"),
        )
    return well(gettext("Databasens fil er hel."))


def foreign_keys() -> Answer:
    """No row points at one that is not there."""
    if connection.vendor == "sqlite":
        broken = _one('SELECT "table" FROM pragma_foreign_key_check LIMIT 1')
    else:
        broken = _one("SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND NOT convalidated")
    if broken:
        return wrong(
            gettext("Rækker i {table} peger på nogle, der ikke er der").format(table=broken),
            gettext("Gendan den nyeste hele sikkerhedskopi i en tom database, og sammenlign."),
        )
    return well(gettext("Alle rækker peger på nogle, der er der."))


def keeps_what_it_is_told() -> Answer:
    """Nothing is acknowledged before it is on the disk."""
    if connection.vendor == "sqlite":
        asked = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        loose = [name for name, right in asked.items() if _one(f"PRAGMA {name}") != right]
    else:
        asked = {"fsync": "on", "full_page_writes": "on"}
        loose = [name for name, right in asked.items() if _one(f"SHOW {name}") != right]
        loose += ["synchronous_commit"] if _one("SHOW synchronous_commit") == "off" else []
    if loose:
        return wrong(
            gettext("Ved strømsvigt kan det gemte gå tabt: {settings}").format(settings=", ".join(loose)),
            gettext("Sæt dem til, som databasen selv foreslår (on; SQLite: WAL og FULL)."),
        )
    return well(gettext("Det, der er kvitteret for, er på disken."))


def encoding() -> Answer | None:
    if connection.vendor != "postgresql":
        return None
    if (found := _one("SHOW server_encoding")) != "UTF8":
        return wrong(
            gettext("Databasen skriver {encoding}, ikke UTF8").format(encoding=found),
            gettext("Lav en ny database med ENCODING 'UTF8', og flyt med hovedindgang backup og restore."),
        )
    return well("UTF8")


def time_zone() -> Answer | None:
    """Behind PgBouncer a session's own settings are lost, so the role must have it."""
    if connection.vendor != "postgresql":
        return None
    found = str(_one("SHOW timezone"))
    if found != "UTC":
        return wrong(
            gettext("Databasen regner i {zone}").format(zone=found),
            gettext("ALTER ROLE … SET timezone = 'UTC' for den rolle, huset bruger."),
        )
    return well("UTC")


def pooler() -> Answer | None:
    """A pooler shows another number for our server process than the process does itself."""
    if connection.vendor != "postgresql":
        return None
    with transaction.atomic():
        first = _one("SELECT pg_backend_pid()")
        same = first == _one("SELECT pg_backend_pid()")
    if not same:
        return wrong(
            gettext("En pooler deler en transaktion mellem forbindelser"),
            gettext("Sæt PgBouncers pool_mode til transaction eller session."),
        )
    if first != connection.connection.info.backend_pid:
        return well(gettext("Gennem en pooler, der holder en transaktion samlet."))
    return well(gettext("Direkte til databasen."))


def role() -> Answer | None:
    """Whoever serves should not be able to take away what refuses a change."""
    if connection.vendor != "postgresql":
        return None
    if owns_tables() or may_create():
        return warning(
            gettext("Huset kører som en rolle, der kan ændre tabeller og fjerne deres værn"),
            gettext(
                "Lav en rolle til det, kør hovedindgang migrate --grant ROLLE, og sæt den i HOVEDINDGANG_DATABASE."
            ),
        )
    if not has_all():
        return warning(
            gettext("Der er tabeller, rollen ikke kan læse og skrive, eller værn, den kan gå uden om"),
            gettext("Kør, som den rolle der ejer tabellerne: hovedindgang migrate --grant {role}").format(
                role=_one("SELECT current_user")
            ),
        )
    return well(gettext("Huset kører som en rolle, der ikke kan ændre tabeller."))


def migrations() -> Answer:
    applied, known = applied_in(connection), known_migrations()
    if applied - known:
        return wrong(
            gettext("Databasen er fra en nyere udgave end dette program"),
            gettext("Installér den udgave, der sidst kørte, eller en nyere."),
        )
    if missing := known - applied:
        return wrong(
            gettext("{n} ændringer af tabellerne mangler").format(n=len(missing)),
            gettext("Tag en sikkerhedskopi, og kør: hovedindgang migrate"),
        )
    return well(gettext("Tabellerne er à jour."))


def written_once() -> Answer:
    """Rows that may not change really do not: each trigger is there, and a change is tried and taken back."""
    MigrationLoader(None, ignore_no_migrations=True)  # reads every migration, and so what each refuses
    there = _triggers()
    tables = connection.introspection.table_names()  # one that is not made yet is the business of `migrations`
    asked = [one for one in refusals() if one.table in tables]
    open_tables = sorted({one.table for one in asked if one.name not in there or _goes_through(one)})
    if open_tables:
        return wrong(
            gettext("Rækker, der aldrig må ændres, kan ændres: {tables}").format(tables=", ".join(open_tables)),
            gettext("Find ud af, hvem der fjernede værnet. Gendan en sikkerhedskopi i en tom database: den har det."),
        )
    return well(gettext("Det, der skrives én gang, kan ikke ændres."))


def _triggers() -> set[str]:
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE tgenabled IN ('O', 'A') AND relnamespace = current_schema()::regnamespace"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {row[0] for row in cursor.fetchall()}


class _TakenBack(Exception):
    """Nothing of what was tried stays."""


def _goes_through(refusal: Refusal) -> bool:
    """Whether the newest row can be changed all the same. A rule for some rows only is not tried."""
    if refusal.when:
        return False
    table = refusal.table
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_column(cursor, table)
    newest = f'WHERE "{key}" = (SELECT max("{key}") FROM "{table}")'  # noqa: S608 - names of our own migrations
    column = refusal.columns.split(",")[0].strip() or key
    statement = (
        f'DELETE FROM "{table}" {newest}'  # noqa: S608
        if refusal.deed == "DELETE"
        else f'UPDATE "{table}" SET "{column}" = "{column}" {newest}'  # noqa: S608
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            if cursor.rowcount > 0:
                raise _TakenBack
    except _TakenBack:
        return True
    except IntegrityError:
        pass  # it was refused
    return False


def clocks() -> Answer:
    asked = (
        "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')" if connection.vendor == "sqlite" else "SELECT clock_timestamp()"
    )
    before = clock.now()
    there = _one(asked)
    at = dt.datetime.fromisoformat(there).replace(tzinfo=dt.UTC) if isinstance(there, str) else there
    apart = abs((at - before).total_seconds())
    told = gettext("Databasens ur og maskinens er {seconds} sekunder fra hinanden").format(seconds=f"{apart:.1f}")
    do = gettext("Lad begge maskiner følge samme tid (NTP).")
    if apart > TOO_MANY_SECONDS_APART:
        return wrong(told, do)
    return warning(told, do) if apart > SECONDS_APART else well(told)
