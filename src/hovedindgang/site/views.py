"""Pages about the installation as a whole."""

from __future__ import annotations

from django.conf import settings
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
