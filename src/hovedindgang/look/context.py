from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def page(request: HttpRequest) -> dict[str, object]:
    """What every page needs beside its own: its language, and whether these are invented people."""
    return {"demo": settings.PILOT, "LANGUAGE_CODE": get_language() or "da"}
