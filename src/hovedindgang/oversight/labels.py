"""The room's words as people read them: for the leader, for the employee, and for the citizen."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hovedindgang.oversight.rules import State, Stratum, Why

Label = str | Promise

WHY: Mapping[str, Label] = {
    Why.REGISTERED: _("registrering af en henvendelse"),
    Why.CONTACT: _("en henvendelse med borgeren i dagene omkring"),
    Why.OPEN_MATTER: _("et åbent ærinde, hun ejede"),
    Why.HANDOVER: _("en overdragelse til hendes fagforvaltning eller fra hende"),
    Why.WORK_LIST: _("husets egen arbejdsliste"),
    Why.DRAFT: _("en formular, der ikke er gemt endnu"),
    Why.SAME_SEARCH: _("vist ved siden af den, hun betjente"),
    Why.NOBODY: _("søgningen fandt ingen"),
    Why.STATED: _("kun hendes egne ord"),
    Why.NONE: _("intet arbejde"),
}
USE: Mapping[str, Label] = {
    "registration": _("henvendelse registreret"),
    "desk": _("slået op ved skranken"),
    "history": _("borgerens side"),
    "contact": _("en henvendelse åbnet"),
    "work_list": _("arbejdsliste"),
    "search": _("søgning i noter"),
    "api": _("slået op af et andet system"),
    "closed_record": _("lukket journal åbnet"),
    "print": _("oversigt over opslag"),
    "export": _("oplysninger hentet ud til borgeren"),
    "key": _("fortroligt ærinde åbnet"),
    "citizen": _("fuldmagter og beskyttelse"),
    "correction": _("en registrering rettet"),
    "document": _("et bilag åbnet"),
    "feedback": _("en klage eller ros"),
    "hold": _("holdt tilbage fra sletning"),
    "journal": _("sendt til journalen"),
    "protected": _("beskyttet navn og adresse vist"),
    "representation": _("en fuldmagt registreret"),
    "rights": _("borgerens ret til egne oplysninger"),
    "warning": _("en advarsel"),
}
STATE: Mapping[str, Label] = {
    State.DRAWN: _("ikke stillet endnu"),
    State.ASKED: _("venter på svar"),
    State.ANSWERED: _("besvaret, ikke afgjort"),
    State.IN_ORDER: _("i orden"),
    State.NOT_IN_ORDER: _("ikke i orden"),
}
STRATUM: Mapping[str, Label] = {
    Stratum.CLOSED: _("lukket journal: trækkes altid"),
    Stratum.UNLINKED: _("uden arbejdsgrund"),
    Stratum.LINKED: _("forklaret, og trukket alligevel"),
    "": _("spurgt af en leder"),
}


def use_words(use: str) -> Label:
    """What kind of use it was; the log's own word for one that has no words here."""
    return USE.get(use, use)
