"""What was typed on a form that could not be received: nothing is done, and all of it is given back to send again.

It stands in the page that answers and nowhere else. The page shows only what was just sent, so it needs no door.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

SHOWN_FROM = 12  # letters: shorter things are quicker typed than copied
NOT_SHOWN = ("password", "csrf", "owner", "key", "cpr", "asker", "otp", "code", "next", "started")
SECRET = ("password", "otp")  # a form with one of these is typed anew


def show_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Nobody is signed in: to the sign-in page, which leads back; what was typed comes first, to be sent again."""
    if any(value.strip() for _name, value in typed_fields(request)):
        return give_back(request, status=401, trusted=True)
    return redirect_to_login(_way_back(request))


def give_back(request: HttpRequest, *, status: int, trusted: bool = False) -> HttpResponse:
    """A page with what was typed. One button sends it again, where it is `trusted` or came from a page of ours.

    Another site's form is only shown: a button on it would do here what that site wished for.
    """
    response = render(request, "people/given_back.html", what_was_typed(request, trusted=trusted), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def what_was_typed(request: HttpRequest, *, trusted: bool = False) -> dict[str, object]:
    """For a page that gives it back: `address` and `fields` to send `again`, and `typed`, the longer texts, to copy."""
    fields = typed_fields(request)
    secret = any(part in name for name, _value in fields for part in SECRET)
    return {
        "address": request.get_full_path(),
        "fields": fields,
        "typed": [text for name, value in fields if (text := _to_show(name, value))],
        "again": (trusted or _came_from_us(request)) and not secret and not request.FILES,
        "had_files": bool(request.FILES),
    }


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent, in its order, without the token that is renewed."""
    sent = request.POST.lists()
    return [(name, str(value)) for name, values in sent if name != "csrfmiddlewaretoken" for value in values]


def _to_show(name: str, value: str) -> str:
    hidden = any(part in name for part in NOT_SHOWN)
    return value.strip() if not hidden and len(value.strip()) >= SHOWN_FROM else ""


def _came_from_us(request: HttpRequest) -> bool:
    """A browser says which site a form stood on, and no site can make it say another."""
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(said).netloc == request.get_host()


def _way_back(request: HttpRequest) -> str:
    """Where to go after signing in: this page, or, after a form was sent, the page the form stood on."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.path if came_from.netloc == request.get_host() else "/"
