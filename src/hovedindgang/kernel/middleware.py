from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from hovedindgang.kernel.requests import one_request


def request_id(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give each request an id that its events and look-ups carry, and answer with it (X-Request-ID)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with one_request() as chosen:
            response = get_response(request)
            response["X-Request-ID"] = str(chosen)
            return response

    return middleware
