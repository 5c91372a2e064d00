"""A row is written in one way, whichever database it lies in, and read back as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from hovedindgang.site.backups.canonical import json_text, lines, values
from hovedindgang.site.backups.tables import LEFT_OUT, Kind, is_derived, known_migrations, tables_at

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
INSTANTS = st.datetimes().map(str)
STORED: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.NUMBER: st.integers(-(2**63), 2**63 - 1),
    Kind.TEXT: TEXTS,
    Kind.TRUTH: st.sampled_from([0, 1]),
    Kind.DAY: st.dates().map(str),
    Kind.INSTANT: INSTANTS,
    Kind.CLOCK: st.times().map(str),
    Kind.UUID: st.uuids().map(lambda one: one.hex),
    Kind.BYTES: st.binary(),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


@given(st.data())
def test_a_row_of_anything_is_read_back_as_it_was_written(data: st.DataObject) -> None:
    kinds = data.draw(st.lists(st.sampled_from(list(STORED)), min_size=1, max_size=6))
    row = [data.draw(st.none() | STORED[kind]) for kind in kinds]
    (line,) = lines([row], kinds)
    assert line.count(b"\n") == 1
    assert values(line, kinds) == row


@given(JSON)
def test_json_means_the_same_however_it_was_spelled(held: Any) -> None:
    written = [json.dumps(held), json.dumps(held, ensure_ascii=False, indent=1)]
    assert len({next(lines([[text]], [Kind.JSON])) for text in written}) == 1
    (line,) = lines([[written[0]]], [Kind.JSON])
    assert json.loads(values(line, [Kind.JSON])[0]) == held


@pytest.mark.postgres
@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(JSON, TEXTS)
def test_our_text_of_a_value_is_postgresqls_own(held: Any, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb::text", [json.dumps(held)])
        assert json_text(held) == cursor.fetchone()[0]
        with cursor.copy("COPY (SELECT %s::text) TO STDOUT", [text]) as copied:
            assert b"".join(copied) == next(lines([[text]], [Kind.TEXT]))


@pytest.mark.django_db
def test_every_table_of_the_house_can_be_backed_up() -> None:
    """A field of a new kind, or a table made past Django, is found here and not on the day of a restore."""
    kept = {table.name: table for table in tables_at(known_migrations())}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name in kept:
                there = {column.name for column in connection.introspection.get_table_description(cursor, name)}
                assert there - set(kept[name].names) <= {"terms_index"}, name  # made by the database from the others
            else:
                assert name in LEFT_OUT or is_derived(name, kept), f"{name} would be in no backup"
