from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, object]:
    """What every page needs beside its own: whether these are invented people."""
    return {"demo": settings.PILOT}
