"""Start Django for a command that needs it."""

from __future__ import annotations

import os
import sys


def django_ready() -> None:
    """Load settings and rooms; safe to call twice."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hovedindgang.site.settings")
    import django  # heavy: only commands that touch the database pay for it

    django.setup()


NOT_OPENED = 3  # what gunicorn takes as "cannot start", so that it does not try for ever


def house_must_fit() -> None:
    """End the process, with what is wrong and what to do, where settings and database are of different houses."""
    from django.db import connection

    from hovedindgang.kernel.house import OtherHouse, must_be_the_same
    from hovedindgang.site.practice_house.refusing import words_of_other_house

    try:
        must_be_the_same()
    except OtherHouse as other:
        print(*words_of_other_house(other), file=sys.stderr)
        sys.exit(NOT_OPENED)
    finally:
        connection.close()


def keys_must_fit() -> None:
    """End the process, with what is wrong and what to do, where the keys do not open what is stored.

    A database that is away or has no tables yet proves nothing: what asks it says so itself.
    """
    from django.db import DatabaseError, connection

    from hovedindgang.kernel.keys_commands import misfits

    try:
        lines = misfits()
    except DatabaseError:
        return
    finally:
        connection.close()
    if lines:
        print(*lines, sep="\n", file=sys.stderr)
        sys.exit(NOT_OPENED)
