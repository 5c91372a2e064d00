"""How another system shows who it is: a bearer token with scopes."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest
from ninja.security import HttpBearer

from hovedindgang.kernel.actors import Actor, ActorKind
from hovedindgang.people.models import Client
from hovedindgang.people.queries import client_by_token
from hovedindgang.people.rules import Scope


class ScopeMissing(Exception):
    """The token is good, but does not hold the scope that the operation needs."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__(scope.value)


class Token(HttpBearer):
    """`Authorization: Bearer …` of a client that holds `scope`; afterwards `request.auth` is the `Client`."""

    openapi_bearerFormat = "opaque"

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Client | None:
        client = client_by_token(token_hash(token))
        if client is not None and self.scope not in client.scopes:
            raise ScopeMissing(self.scope)
        return client


def token_hash(token: str) -> bytes:
    """SHA-256 of a token. Tokens are 32 random bytes, so that a fast hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def client_actor(client: Client) -> Actor:
    return Actor(ActorKind.CLIENT, client.pk)
