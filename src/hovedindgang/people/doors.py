"""Who may come in at a view: each view says so, and a test of the house demands it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from hovedindgang.people.leftover import show_to_sign_in
from hovedindgang.people.models import Employee, Role
from hovedindgang.people.pace import Asked, mind_pace

View = Callable[..., HttpResponseBase]
LARGEST_ROW = 2**63 - 1


def door(*roles: Role, signed_out: View | None = None) -> Callable[[View], View]:
    """Let in whoever is signed in and has one of `roles` (none named: any employee).

    Nobody signed in: `signed_out` answers if given (a page that keeps what was typed in its own way), else the sign-in
    page, which leads back, or what was typed, to be sent again. Signed in without the role: PermissionDenied, a page
    that says what to do.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                if signed_out is not None:
                    return signed_out(request, *args, **kwargs)
                return show_to_sign_in(request)
            if roles and not employee_of(request).roles.intersection(roles):
                raise PermissionDenied
            if request.method == "POST":
                mind_pace(Asked.FORM, employee_of(request).pk)
            if any(isinstance(number, int) and number > LARGEST_ROW for number in kwargs.values()):
                raise Http404  # the databases have no such number, and SQLite breaks at being asked
            return view(request, *args, **kwargs)

        guarded.keeps_typed = signed_out is not None  # type: ignore[attr-defined]
        guarded.door = " ".join(role.value for role in roles) or "signed in"  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: View) -> View:
    """A page that is open to all, by intention."""

    @wraps(view)
    def open_to_all(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    open_to_all.door = "public"  # type: ignore[attr-defined]
    return open_to_all


def employee_of(request: HttpRequest) -> Employee:
    """Who is signed in; behind a door there is always somebody."""
    if not isinstance(request.user, Employee):
        raise PermissionDenied
    return request.user
