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
    """End the process, with what is wrong and what to do, where settings and database are of different houses, or the
    database is half restored."""
    from django.db import connection

    from hovedindgang.site.practice_house.refusing import RefusedHere, must_be_whole_and_the_same

    try:
        must_be_whole_and_the_same()
    except RefusedHere as refused:
        print(f"{str(refused).removesuffix('.')}. {refused.cure}", file=sys.stderr)
        sys.exit(NOT_OPENED)
    finally:
        connection.close()


def keys_must_fit() -> None:
    """End the process, with what is wrong and what to do, where the keys do not open what is stored.

    A database that is away or has no tables yet proves nothing: what asks it says so itself.
    """
    from django.db import DatabaseError, connection

    from hovedindgang.kernel.fitting_keys import misfits

    try:
        lines = misfits()
    except DatabaseError:
        return
    finally:
        connection.close()
    if lines:
        print(*lines, sep="\n", file=sys.stderr)
        sys.exit(NOT_OPENED)
