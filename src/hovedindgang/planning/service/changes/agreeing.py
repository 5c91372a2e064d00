"""Whether the changes of one proposal agree: what two of them decide differently cannot both be meant."""

from __future__ import annotations

from collections.abc import Iterable

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.changes.change import Change
from hovedindgang.planning.service.changes.doors import CloseCentre, OpeningHours
from hovedindgang.planning.service.changes.employees import PhonesAt
from hovedindgang.planning.service.changes.places import NewPlace, TravellingTeam
from hovedindgang.planning.service.changes.work import CarryAt


def agreeing(changes: Iterable[Change]) -> None:
    """Raises CannotPlan where two changes of one proposal decide the same thing differently: which would hold?"""
    changes = tuple(changes)
    for at, change in enumerate(changes):
        for before, other in enumerate(changes[:at]):
            if change != other and (_decides(change) & _decides(other) or _undone(other, change)):
                raise CannotPlan(
                    _("Ændring {one} og ændring {other} modsiger hinanden.").format(one=before + 1, other=at + 1),
                    cure=_("Behold den ene, eller lav to forslag, og sammenlign dem."),
                    where=(f"change.{before + 1}", f"change.{at + 1}"),
                )


def _decides(change: Change) -> frozenset[tuple[object, ...]]:
    """What holds after the change whatever held before, so that two of them cannot both be meant."""
    match change:
        case OpeningHours():
            return frozenset({("hours", change.centre, change.channel, change.weekday)})
        case CloseCentre():
            return frozenset({("closed", change.centre)})
        case PhonesAt():
            return frozenset({("phones",)})
        case CarryAt():
            return frozenset({("carried", change.service)})
        case NewPlace():
            return frozenset({("place", change.key)})
    return frozenset()


def _undone(first: Change, later: Change) -> bool:
    """Whether a centre gets what is then shut, or its employees move to one that is closed too."""
    if isinstance(later, CloseCentre):
        opened = isinstance(first, OpeningHours) and bool(first.opens) and first.centre == later.centre
        visited = isinstance(first, TravellingTeam) and first.place == later.centre
        return opened or visited or (isinstance(first, CloseCentre) and first.staff_to == later.centre)
    return False
