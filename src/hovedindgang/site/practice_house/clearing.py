"""Fill the practice house, and make it anew: all that was practised goes at once, and it is filled again."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.house import OtherHouse, is_practice_house, said_by_database, said_by_settings
from hovedindgang.practice.queries import is_asked_to_clear, is_ready
from hovedindgang.site.demo.filling import Say, fill

SCALE = 0.1  # of the demonstration's year: enough to meet people, and made in half a minute
# What the database itself is, and what stands in it whoever practises. Who practises keeps which house it is.
KEPT = frozenset({"django_migrations", "django_content_type", "auth_permission", "kernel_house"})


@transaction.atomic
def empty() -> None:
    """Every row of every room goes, also what is written once, if both say that it may. Raises OtherHouse."""
    if not is_practice_house():
        raise OtherHouse(said=said_by_settings(), found=said_by_database())
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT)
    if settings.CACHES["default"]["LOCATION"] not in tables:
        tables.append(str(settings.CACHES["default"]["LOCATION"]))
    if connection.vendor == "postgresql":
        _empty_postgres(tables)
    else:
        _empty_sqlite(tables)


def _empty_postgres(tables: list[str]) -> None:
    quoted = ", ".join(connection.ops.quote_name(table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {quoted}")  # numbers go on: what a process remembers by one is never another's


def _empty_sqlite(tables: list[str]) -> None:
    """What is written once refuses to go, so its triggers stand aside, and are back before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_refuses_%'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        for table in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own tables  # nosec B608
        for _name, sql in triggers:
            cursor.execute(sql)


def fill_practice_house(*, say: Say, scale: float = SCALE) -> int:
    """The demonstration's people and contacts; done before, nothing happens. Gives the number of contacts."""
    if is_ready():
        return 0
    count = fill(models=settings.MODELS, say=say, scale=scale)
    with transaction.atomic():
        append_event(
            verb="practice.filled", actor=SYSTEM, subject_kind="house", subject_id=1, facts={"contacts": count}
        )
    return count


def clear_and_fill() -> None:
    """For the worker: empty the house where a leader has asked for it, and fill what is not filled, as after a kill."""
    if is_asked_to_clear():
        empty()
    if not is_ready():
        fill_practice_house(say=lambda _step: None)
