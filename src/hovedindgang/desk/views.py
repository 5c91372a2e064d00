"""The employee's working page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse(status=403)
