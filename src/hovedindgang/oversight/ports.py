"""What this room needs from rooms above it; the settings name who answers."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


class OpenForms(Protocol):
    """Which of these forms stand unsaved at an employee's desk."""

    def __call__(self, keys: Collection[uuid.UUID]) -> set[tuple[int, uuid.UUID]]:
        """(employee's row number, key of the form) of each that is open."""
        ...


def open_forms(keys: Collection[uuid.UUID]) -> set[tuple[int, uuid.UUID]]:
    """Nobody has any where no desk is in this house."""
    if not settings.OPEN_FORMS or not keys:
        return set()
    return cast(OpenForms, import_string(settings.OPEN_FORMS))(keys)
