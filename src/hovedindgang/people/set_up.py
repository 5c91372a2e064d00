"""What the settings say of the municipality's own sign-in, and what is done where a line of them cannot be read.

Nobody comes in by such a line: what it would have asked of her is not known. She is told that it is not her.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from hovedindgang.people.doors import View
from hovedindgang.people.groups import Granted, read_groups
from hovedindgang.people.strength import Strengths, read_strengths

log = logging.getLogger(__name__)


def is_used() -> bool:
    """Whether staff sign in through the municipality's own sign-in here."""
    return bool(settings.OIDC_ISSUER)


def strengths() -> Strengths:
    """How surely she must have signed in there; empty: it is not asked."""
    return read_strengths(settings.OIDC_STRENGTH)


def groups() -> tuple[Granted, ...]:
    """What each of its groups gives here."""
    return read_groups(settings.OIDC_GROUPS)


def secret() -> str:
    """What we were given there, to say that it is us."""
    try:
        return Path(settings.OIDC_SECRET_FILE).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as unread:
        raise ImproperlyConfigured(f"HOVEDINDGANG_OIDC_SECRET_FILE: {unread}") from unread


READ: dict[str, Callable[[], object]] = {
    "HOVEDINDGANG_OIDC_STRENGTH": strengths,
    "HOVEDINDGANG_OIDC_GROUPS": groups,
    "HOVEDINDGANG_OIDC_SECRET_FILE": secret,
}


def unreadable() -> dict[str, str]:
    """The settings that cannot be read, each with what is wrong in it. None where the sign-in is not used."""
    wrong = {}
    for name, read in READ.items() if is_used() else ():
        try:
            read()
        except ImproperlyConfigured as why:
            wrong[name] = str(why)
    return wrong


def needs_set_up(view: View) -> View:
    """Where a setting cannot be read, she is neither sent there nor let in, and reads that it is not her.

    The log has the name of the setting alone: what stands in it may name people.
    """

    @wraps(view)
    def asked_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        wrong = sorted(unreadable())
        if not wrong:
            return view(request, *args, **kwargs)
        log.error("nobody is let in: cannot be read: %s; run hovedindgang doctor", ", ".join(wrong))
        page = {"whom": settings.OIDC_HELP, "settings": wrong}
        return render(request, "people/set_up_wrong.html", page, status=503)

    return asked_first
