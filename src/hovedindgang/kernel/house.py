"""Which house this is: the real one, or that in which people practise. Settings and database both say it.

A process whose settings and whose database do not say the same does not begin: it would show invented people among
citizens, or let somebody practise on them (docs/decisions/practice-house.md).
"""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from hovedindgang.kernel.models import Event, House, HouseKind


class OtherHouse(Exception):
    """Settings and database are of different houses, `said` and `found`; "" where the database does not say."""

    def __init__(self, *, said: HouseKind, found: str) -> None:
        super().__init__(f"the settings say {said.value}, the database says {found or 'nothing'}")
        self.said, self.found = said, found


def said_by_settings() -> HouseKind:
    return HouseKind.PRACTICE if settings.PRACTICE else HouseKind.REAL


def said_by_database() -> str:
    """What the database was made as; "" where nobody has said it, which a practice house never leaves out."""
    return House.objects.values_list("kind", flat=True).first() or ""


def must_be_the_same() -> None:
    """Pass where both say the same. A real house that does not say so yet says it from now on. Raises OtherHouse.

    A database that is away, has no tables, or only reads proves nothing about a real house; a practice house must prove
    that it is one.
    """
    said = said_by_settings()
    try:
        with transaction.atomic():
            found = said_by_database()
    except DatabaseError:
        if said is HouseKind.PRACTICE:
            raise OtherHouse(said=said, found="") from None
        return
    if not found and said is HouseKind.REAL:
        _say(said)
    elif found != said:
        raise OtherHouse(said=said, found=found)


@transaction.atomic
def make_practice_house() -> None:
    """Say in an empty database that people practise in it, for good. Done before, nothing happens. Raises OtherHouse.

    A database in which anything was ever done is not made a practice house.
    """
    found = said_by_database()
    if found == HouseKind.PRACTICE:
        return
    if found or Event.objects.exists():
        raise OtherHouse(said=HouseKind.PRACTICE, found=found or HouseKind.REAL)
    House.objects.create(kind=HouseKind.PRACTICE)


def is_practice_house() -> bool:
    """Both say so: the one condition under which anything is emptied."""
    return bool(settings.PRACTICE) and said_by_database() == HouseKind.PRACTICE


def _say(kind: HouseKind) -> None:
    try:
        with transaction.atomic():
            House.objects.create(kind=kind)
    except IntegrityError:  # another process was quicker, and what it said is compared
        if (found := said_by_database()) != kind:
            raise OtherHouse(said=kind, found=found) from None
    except DatabaseError:  # a database that only reads
        return
    finally:
        if not connection.in_atomic_block:
            connection.close()
