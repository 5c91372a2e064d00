from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NAMED = re.compile(r'filename="([^"]*)"')


def nothing_leaves(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The practice house gives no file: a page says which it would have been, however the page was asked for it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        said = response.get("Content-Disposition", "")
        if not settings.PRACTICE or not said.startswith("attachment"):
            return response
        found = NAMED.search(said)
        return render(request, "practice/not_fetched.html", {"file": found.group(1) if found else ""})

    return middleware
