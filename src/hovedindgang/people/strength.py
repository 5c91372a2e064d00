"""How surely she must have signed in at the municipality's own sign-in, as one line of the settings says it.

    acr=https://data.gov.dk/concept/core/nsis/loa/Substantial; amr=mfa

`acr` is the level of the sign-in, `amr` how it was done (OpenID Connect Core 1.0, section 2; the words of `amr`: RFC
8176). One that her proof carries is enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Strengths = tuple[tuple[str, str], ...]  # claim, value
LEVEL = "acr"


def read_strengths(text: str) -> Strengths:
    """The line of the settings. Raises ImproperlyConfigured, saying which part and what it should be."""
    return tuple(_read(one.strip()) for one in text.replace("\n", ";").split(";") if one.strip())


def _read(said: str) -> tuple[str, str]:
    claim, _equals, value = (part.strip() for part in said.partition("="))
    if not claim or not value or len(claim.split()) > 1:
        raise ImproperlyConfigured(f"HOVEDINDGANG_OIDC_STRENGTH: {said!r}. Write CLAIM=VALUE, as amr=mfa")
    return claim, value


def is_strong(claims: Mapping[str, Any], strengths: Strengths) -> bool:
    """Whether the proof carries one of them; also where none is asked for."""
    return not strengths or any(value in _all_of(claims.get(claim)) for claim, value in strengths)


def levels_of(strengths: Strengths) -> dict[str, str]:
    """What our question says of the level, so that she is asked for it there."""
    levels = [value for claim, value in strengths if claim == LEVEL]
    return {"acr_values": " ".join(levels)} if levels else {}


def _all_of(said: Any) -> list[str]:
    return [str(one) for one in said] if isinstance(said, list) else [str(said)] if said is not None else []
