"""Which ways out of this machine are closed to others: https, and TLS to the database. No Django, no network."""

from __future__ import annotations

import ipaddress
from collections.abc import MutableMapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

Database = TypeVar("Database", bound=MutableMapping[str, Any])
CHECKED = "verify-full"  # of libpq's six: encrypted, by a certificate that is known, of the host that was asked for


def is_here(host: str) -> bool:
    """Whether the host is this machine, so that nothing of what is said leaves it. "" and a folder: a Unix socket."""
    if host in {"", "localhost"} or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_closed(address: str) -> bool:
    """Whether what is sent to this address is read by nobody on the way: https, or a place on this machine."""
    parts = urlsplit(address)
    return parts.scheme not in {"http", "ws"} or is_here(parts.hostname or "")


def over_tls(database: Database) -> Database:
    """A PostgreSQL on another machine is spoken to over TLS with a certificate that is checked, unless said otherwise.

    By whom it is signed is libpq's own to know: the system's authorities, or `sslrootcert` in the address.
    """
    if "postgresql" in database["ENGINE"] and not is_here(str(database.get("HOST") or "")):
        said = database.setdefault("OPTIONS", {})
        if "sslmode" not in said:
            said["sslmode"] = CHECKED
        if said["sslmode"] == CHECKED:
            said.setdefault("sslrootcert", "system")
    return database
