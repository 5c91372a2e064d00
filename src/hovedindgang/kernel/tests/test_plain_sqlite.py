"""The embedded database is a file that other programs can open: to check it, to copy it, to save what can be saved."""

from __future__ import annotations

import re

import pytest
from django.db import connection

OURS = re.compile(r"\b(django_\w+\s*\(|REGEXP\b)")  # what Django teaches SQLite in its own process alone


@pytest.mark.sqlite
def test_no_table_or_trigger_needs_a_function_that_only_we_have(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        assert [name for name, sql in cursor.fetchall() if OURS.search(sql)] == []
