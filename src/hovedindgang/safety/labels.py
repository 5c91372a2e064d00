"""The room's words as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hovedindgang.safety.rules import IncidentKind, Notice, Told, WarningReason, WarningState

Label = str | Promise

REASON: Mapping[str, Label] = {
    WarningReason.THREAT: _("Har truet en medarbejder"),
    WarningReason.VIOLENCE: _("Har været voldelig mod en medarbejder"),
    WarningReason.TWO_EMPLOYEES: _("Mødes af to medarbejdere"),
}
STATE: Mapping[str, Label] = {
    WarningState.PROPOSED: _("foreslået"),
    WarningState.IN_FORCE: _("gælder"),
    WarningState.REFUSED: _("afvist"),
    WarningState.ENDED: _("ophørt"),
}
TOLD: Mapping[str, Label] = {
    Told.YES: _("Borgeren har fået det at vide"),
    Told.NOT_YET: _("Borgeren ved det ikke endnu"),
    Told.WITHHELD: _("Borgeren får det ikke at vide: det ville være farligt (databeskyttelsesloven § 22)"),
}
KIND: Mapping[str, Label] = {
    IncidentKind.THREAT: _("Trusler"),
    IncidentKind.VIOLENCE: _("Vold"),
    IncidentKind.HARASSMENT: _("Chikane"),
    IncidentKind.DAMAGE: _("Hærværk"),
    IncidentKind.OTHER: _("Andet"),
}
NOTICE: Mapping[str, Label] = {
    Notice.UNDECIDED: _("Ikke afgjort"),
    Notice.NOT_NEEDED: _("Skal ikke anmeldes"),
    Notice.GIVEN: _("Anmeldt"),
}
ABSENCE: Mapping[str, Label] = {"": _("Vides ikke endnu"), "no": _("Nej"), "yes": _("Ja")}
