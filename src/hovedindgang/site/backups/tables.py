"""Which tables a database of ours has, column by column, at the migrations that are applied in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps as apps_of_today
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from hovedindgang.site.backups.unfinished import MARKER

type_of_migration = tuple[str, str]
# Not in a backup: what is applied stands in the manifest, and after a restore everybody signs in anew.
LEFT_OUT = frozenset({"django_migrations", "django_session", "people_session", "people_cache", MARKER}) | {
    *("contacts_kepthistory", "contacts_historytomake"),  # what histories show is made anew from what is registered
}
# Rooms of others that the house once used; a database that is older than their going still names their migrations.
GONE = frozenset({"sessions"})


class Kind(StrEnum):
    """How a column's values are written."""

    NUMBER = "number"
    TEXT = "text"
    TRUTH = "truth"
    DAY = "day"
    INSTANT = "instant"
    CLOCK = "clock"
    UUID = "uuid"
    BYTES = "bytes"
    JSON = "json"


_KINDS: dict[str, Kind] = {
    **dict.fromkeys(["AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField"], Kind.NUMBER),
    **dict.fromkeys(["SmallIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField"], Kind.NUMBER),
    **dict.fromkeys(["PositiveBigIntegerField"], Kind.NUMBER),
    **dict.fromkeys(["CharField", "TextField", "SlugField", "EmailField", "URLField", "FileField"], Kind.TEXT),
    "BooleanField": Kind.TRUTH,
    "DateField": Kind.DAY,
    "DateTimeField": Kind.INSTANT,
    "TimeField": Kind.CLOCK,
    "UUIDField": Kind.UUID,
    "BinaryField": Kind.BYTES,
    "JSONField": Kind.JSON,
}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows are kept. Rows stand in the order of `key`, a unique column."""

    name: str
    columns: tuple[Column, ...]
    key: str

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def key_kind(self) -> Kind:
        return next(column.kind for column in self.columns if column.name == self.key)


class UnknownColumn(Exception):
    """A kind of field that backups do not know how to write: teach `Kind` it before it is used."""


def known_migrations() -> set[type_of_migration]:
    """Every migration that this version of the house has."""
    return set(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def last_of(migrations: Collection[type_of_migration]) -> list[type_of_migration]:
    """Those that none of the others depends on: asking for them gives exactly all of them."""
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    chosen = set(migrations)
    return sorted(one for one in chosen if not any(child.key in chosen for child in graph.node_map[one].children))


def tables_at(migrations: Collection[type_of_migration]) -> list[Table]:
    """The tables that these migrations make, by name. Raises UnknownColumn."""
    if set(migrations) == known_migrations():
        found: Iterable[type[models.Model]] = apps_of_today.get_models(include_auto_created=True)
    else:
        state = MigrationLoader(None, ignore_no_migrations=True).project_state(last_of(migrations))
        found = state.apps.get_models(include_auto_created=True)
    made = [_table_of(model) for model in found if model._meta.managed and not model._meta.proxy]
    return sorted((table for table in made if table.name not in LEFT_OUT), key=lambda table: table.name)


def _table_of(model: type[models.Model]) -> Table:
    columns = tuple(Column(str(field.column), _kind_of(field)) for field in model._meta.local_concrete_fields)
    assert model._meta.pk is not None
    return Table(model._meta.db_table, columns, str(model._meta.pk.column))


def _kind_of(field: Any) -> Kind:
    while field.is_relation:
        field = field.target_field
    try:
        return _KINDS[field.get_internal_type()]
    except KeyError:
        raise UnknownColumn(f"{field} is a {field.get_internal_type()}") from None


def applied_in(connection: BaseDatabaseWrapper) -> set[type_of_migration]:
    """The migrations applied in a database; none where there is no table of them."""
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return set()
        cursor.execute("SELECT app, name FROM django_migrations")
        return without_gone(cursor.fetchall())


def without_gone(migrations: Iterable[type_of_migration]) -> set[type_of_migration]:
    return {(app, name) for app, name in migrations if app not in GONE}


def is_derived(name: str, tables: Collection[str]) -> bool:
    """Whether a table is made from others by the database itself, as SQLite's index of words is."""
    return name == "contacts_noteterms" or name.startswith("contacts_noteterms_") or name in tables
