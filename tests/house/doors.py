"""Every route of the house, and what stands at its door."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver

# Pages of allauth that one meets before signing in. The rest of allauth asks for sign-in itself; a test tries it.
BEFORE_SIGN_IN = {
    "account_login",
    "account_logout",  # asks whether to leave; leads home when nobody is signed in
    "account_inactive",
    "mfa_authenticate",
}
A_PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")
WAYS_TO_FILL = {"int": "1", "uuid": str(uuid.UUID(int=1)), "date": "2026-03-11"}


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
        address = A_PARAMETER.sub(lambda found: WAYS_TO_FILL.get(found[1] or "str", "pas"), address)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        else:
            yield Route(address, pattern.name or "", pattern.callback)


def without_a_door(found: list[Route]) -> list[str]:
    return [f"{route.address} ({route.name})" for route in found if route.ours and not route.door]
