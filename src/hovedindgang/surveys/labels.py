"""The room's words as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hovedindgang.surveys.rules import Kind, Outcome, SaidBy, State

Label = str | Promise

KIND: Mapping[str, Label] = {
    Kind.SERVICE: _("Klage over betjening"),
    Kind.CONDUCT: _("Klage over en medarbejders optræden"),
    Kind.DECISION: _("Klage over en afgørelse"),
    Kind.PRAISE: _("Ros"),
    Kind.IDEA: _("Idé"),
}
SAID_BY: Mapping[str, Label] = {
    SaidBy.CITIZEN: _("Borgeren selv"),
    SaidBy.OTHER: _("En anden"),
    SaidBy.ANONYMOUS: _("En, der vil være anonym"),
}
STATE: Mapping[str, Label] = {
    State.RECEIVED: _("modtaget"),
    State.ACKNOWLEDGED: _("bekræftet"),
    State.CLOSED: _("afsluttet"),
}
OUTCOME: Mapping[str, Label] = {
    Outcome.UPHELD: _("Medhold"),
    Outcome.PARTLY: _("Delvis medhold"),
    Outcome.NOT_UPHELD: _("Ikke medhold"),
    Outcome.NOTED: _("Taget til efterretning"),
    Outcome.PASSED_ON: _("Sendt videre"),
    Outcome.WITHDRAWN: _("Trukket tilbage"),
}
