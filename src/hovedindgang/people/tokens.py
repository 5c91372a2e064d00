"""Tokens of the municipality's sign-in: nothing in one is believed before its signature and every promise is checked.

OpenID Connect Core 3.1.3.7 (ID token) and Back-Channel Logout 1.0, 2.6 (logout token).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

import jwt

# By the provider's public key only: neither "none" nor a shared secret, which a client's secret would be.
ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512", "EdDSA")
LEEWAY_SECONDS = 60
OLDEST_LOGOUT_SECONDS = 600
LOGOUT_TYPE = "logout+jwt"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class BadToken(ValueError):
    """The token is not what it says, or not for us; the message says what was wrong, and nothing of its content."""


def verify_id_token(
    token: str, *, keys: Mapping[str, Any], issuer: str, client_id: str, nonce: str | None, subject: str | None = None
) -> dict[str, Any]:
    """Its claims. `nonce` as sent with the question, None for a renewed token; `subject` if known. Raises BadToken."""
    claims = _verified(token, keys=keys, issuer=issuer, client_id=client_id, needed=("iss", "sub", "aud", "exp", "iat"))
    if nonce is not None and not hmac.compare_digest(str(claims.get("nonce", "")), nonce):
        raise BadToken("another nonce")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != client_id:
        raise BadToken("given to another")
    if subject is not None and claims["sub"] != subject:
        raise BadToken("another subject")
    if not claims["sub"]:
        raise BadToken("no subject")
    return claims


def verify_logout_token(
    token: str, *, keys: Mapping[str, Any], issuer: str, client_id: str, now: float, typed: bool = True
) -> dict[str, Any]:
    """Its claims, with `jti` and `sub` or `sid`. Whether it came before, the caller asks. Raises BadToken.

    Not `typed`: one that does not say of which type it is passes too, as some providers make them.
    """
    if _type_of(token) not in ({LOGOUT_TYPE} if typed else {LOGOUT_TYPE, "jwt", ""}):
        raise BadToken("of another type")
    claims = _verified(token, keys=keys, issuer=issuer, client_id=client_id, needed=("iss", "aud", "iat", "jti"))
    if not isinstance(claims.get("events"), dict) or LOGOUT_EVENT not in claims["events"]:
        raise BadToken("no log-out")
    if "nonce" in claims:
        raise BadToken("an ID token is no log-out")
    if not (claims.get("sub") or claims.get("sid")):
        raise BadToken("whose log-out is not said")
    if now - claims["iat"] > OLDEST_LOGOUT_SECONDS:
        raise BadToken("too old")
    return claims


def _type_of(token: str) -> str:
    try:
        said = str(jwt.get_unverified_header(token).get("typ", "")).lower()
    except jwt.PyJWTError as error:
        raise BadToken(type(error).__name__) from error
    return said.removeprefix("application/")


def _verified(
    token: str, *, keys: Mapping[str, Any], issuer: str, client_id: str, needed: tuple[str, ...]
) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise BadToken("an algorithm that proves nothing")
        key = _key(keys, header)
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=[header["alg"]],
            audience=client_id,
            issuer=issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": list(needed)},
        )
    except jwt.PyJWTError as error:
        raise BadToken(type(error).__name__) from error
    return claims


def _key(keys: Mapping[str, Any], header: Mapping[str, Any]) -> Any:
    """The provider's key that the header names; where it names none, its only one."""
    fitting = [
        one
        for one in keys.get("keys", [])
        if one.get("use", "sig") == "sig" and ("kid" not in header or one.get("kid") == header["kid"])
    ]
    if len(fitting) != 1:
        raise BadToken("no such key")
    try:
        return jwt.PyJWK(fitting[0], algorithm=header["alg"]).key
    except jwt.PyJWTError as error:
        raise BadToken("the key is of another kind") from error
