"""What this room shows that lies in higher rooms: something beside a contact, or beside a citizen's history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from hovedindgang.people.models import Employee


@dataclass(frozen=True, slots=True)
class BesideLine:
    """`url` is empty where she may not open it."""

    text: str
    badge: str = ""
    late: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A small panel: a heading, what there is, and where she adds to it."""

    heading: str
    lines: tuple[BesideLine, ...]
    add_text: str = ""
    add_url: str = ""


class ShowsBeside(Protocol):
    def __call__(
        self, employee: Employee, *, contact_id: int | None = None, citizen_id: int | None = None
    ) -> Beside | None:
        """What there is to show of one contact or of one citizen; the page it stands on has logged its look-up."""


def beside(employee: Employee, *, contact_id: int | None = None, citizen_id: int | None = None) -> list[Beside]:
    """All that higher rooms show there; nothing in a house without them."""
    shows: list[ShowsBeside] = [import_string(name) for name in settings.BESIDE_CONTACTS]
    found = (show(employee, contact_id=contact_id, citizen_id=citizen_id) for show in shows)
    return [one for one in found if one is not None]
