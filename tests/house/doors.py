"""Every route of the house, and what stands at its door."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver

# Pages of allauth that one meets before signing in. The rest of allauth asks for sign-in itself; a test tries it.
BEFORE_SIGN_IN = {
    "account_login",
    "account_logout",  # asks whether to leave; leads home when nobody is signed in
    "account_signup",  # closed by the adapter: employees are created by an administrator
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_login_code",
    "mfa_authenticate",
}
WAYS_TO_FILL = {"int": 1, "slug": "pas", "str": "pas", "uuid": uuid.UUID(int=1), "path": "pas"}


@dataclass(frozen=True)
class Route:
    address: str  # with parameters filled in, such as /henvendelser/1/
    name: str
    view: Callable[..., Any]

    @property
    def ours(self) -> bool:
        return getattr(self.view, "__module__", "").startswith("hovedindgang.")

    @property
    def door(self) -> str | None:
        """The roles that may enter, or "public"; None where nobody said."""
        return getattr(self.view, "door", None)


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[Route]:
    """Every route below; an address whose parameters we cannot invent (a regular expression) keeps its pattern."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$")
        for name, converter in getattr(pattern.pattern, "converters", {}).items():
            kind = type(converter).__name__.removesuffix("Converter").lower()
            for written in (f"<{kind}:{name}>", f"<{name}>"):
                address = address.replace(written, str(WAYS_TO_FILL.get(kind, "1")))
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        else:
            yield Route(address, pattern.name or "", pattern.callback)


def without_a_door(found: list[Route]) -> list[str]:
    return [f"{route.address} ({route.name})" for route in found if route.ours and not route.door]
