"""Start Django for a command that needs it."""

from __future__ import annotations

import os


def django_ready() -> None:
    """Load settings and rooms; safe to call twice."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hovedindgang.site.settings")
    import django  # heavy: only commands that touch the database pay for it

    django.setup()
