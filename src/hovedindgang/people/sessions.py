"""Where sessions lie: in the database, each saying whose it is. The settings name this module to Django."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as InDatabase

from hovedindgang.people.models import StaffSession

PROVIDER_SID = "provider_sid"  # in the session: what the municipality's sign-in calls it


class SessionStore(InDatabase):
    """As Django's own. A session that has been ended is not written again by a request that was under way."""

    @classmethod
    def get_model_class(cls) -> type[StaffSession]:
        return StaffSession

    def create_model_instance(self, data: dict[str, Any]) -> StaffSession:
        row = super().create_model_instance(data)
        assert isinstance(row, StaffSession)
        row.employee_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.provider_sid = str(data.get(PROVIDER_SID, ""))[:255]
        return row
