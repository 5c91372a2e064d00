"""Whether a restore was begun and not ended: what every process asks before it begins, without loading backups."""

from __future__ import annotations

from django.db import connection

from hovedindgang.site.backups.problems import CannotRestore
from hovedindgang.site.language import gettext

MARKER = "hovedindgang_restoring"  # stands in a database while it is being restored, and no longer


def is_unfinished() -> bool:
    """Whether a restore into this database was begun and not ended."""
    return MARKER in connection.introspection.table_names()


def restore_has_ended() -> None:
    """Raises CannotRestore where one was begun and not ended: some of the rows are no house to work in."""
    if is_unfinished():
        raise CannotRestore(
            gettext("En gendannelse blev begyndt og ikke ført til ende"),
            gettext("Kør den samme hovedindgang restore igen; indtil da er her ingen data."),
        )
