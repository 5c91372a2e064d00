"""How a citizen is shown. The one place that decides; a protected name and address go past nobody by accident.

Name and address, and what leads to them (telephone, e-mail, date of birth), are told of a protected citizen only by a
reasoned key: one look at a time, logged with its reason. Everywhere else she is "beskyttet borger 4711". Templates use
the filters of the same names (`{% load people %}`), serializers `shown_fields`; a test of the house finds who does not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import Q
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.people.models import Citizen, Protection

# Columns of a citizen that no page, export, serializer or message may read but through this module.
GUARDED = frozenset({"name", "name_key", "address", "phone", "email", "born_on"})


def is_protected(citizen: Citizen, on: dt.date | None = None) -> bool:
    """Whether her name and address are protected on that day, today where none is said."""
    if citizen.protection == Protection.NONE:
        return False
    day = on or clock.today()
    begun = citizen.protected_from is None or citizen.protected_from <= day
    return begun and (citizen.protected_to is None or day < citizen.protected_to)


def protected_rows(on: dt.date | None = None, *, prefix: str = "") -> Q:
    """The same as a condition on rows: `Citizen.objects.exclude(protected_rows())`.

    `prefix` is the way to the citizen from another table: "asker__".
    """
    day = on or clock.today()
    begun = Q(**{f"{prefix}protected_from__isnull": True}) | Q(**{f"{prefix}protected_from__lte": day})
    lasts = Q(**{f"{prefix}protected_to__isnull": True}) | Q(**{f"{prefix}protected_to__gt": day})
    kinds = [kind for kind in Protection if kind != Protection.NONE]
    return Q(**{f"{prefix}protection__in": kinds}) & begun & lasts


def shown_name(citizen: Citizen) -> str:
    """Her name; "beskyttet borger 4711" where it is protected, "borger 4711" where we do not know it."""
    if is_protected(citizen):
        return _("beskyttet borger {number}").format(number=citizen.pk)
    return citizen.name or _("borger {number}").format(number=citizen.pk)


def shown_address(citizen: Citizen) -> str:
    return "" if is_protected(citizen) else citizen.address


def shown_phone(citizen: Citizen) -> str:
    return "" if is_protected(citizen) else citizen.phone


def shown_email(citizen: Citizen) -> str:
    return "" if is_protected(citizen) else citizen.email


def shown_born_on(citizen: Citizen) -> dt.date | None:
    return None if is_protected(citizen) else citizen.born_on


def shown_fields(citizen: Citizen) -> Mapping[str, str | bool | None]:
    """For an export or another system: `protected`, and only for who is not, name, address and what leads to them."""
    if is_protected(citizen):
        return {"protected": True}
    return {
        "protected": False,
        "name": citizen.name,
        "address": citizen.address,
        "phone": citizen.phone,
        "email": citizen.email,
        "born_on": citizen.born_on.isoformat() if citizen.born_on else None,
    }
