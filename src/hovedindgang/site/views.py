"""Pages about the installation as a whole."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from hovedindgang.people.doors import public
from hovedindgang.servicemodel.document import Level
from hovedindgang.site.demo.figures import FIGURES, OUTCOMES


@public
def demo_figures(request: HttpRequest) -> HttpResponse:
    """Which of the demonstration's numbers are published and which assumed. Only where it is a demonstration."""
    if not settings.PILOT:
        raise Http404
    outcomes = [(level, [round(chance * 100, 1) for chance in OUTCOMES[level]]) for level in Level]
    return render(request, "site/demo_figures.html", {"figures": FIGURES, "outcomes": outcomes})


@public
def cannot_be_read(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent is too much, or no form of ours: nothing is done, and what to do is said. 413 or 400."""
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    room = {"megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000, "too_much": too_much}
    return render(request, "400.html", room, status=413 if too_much else 400)
