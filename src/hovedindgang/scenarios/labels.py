"""The room's words as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hovedindgang.scenarios.rules import Ground, RunKind, RunState
from hovedindgang.servicemodel.document import CentreKind, Channel, Level

Label = str | Promise

CHANNEL: Mapping[str, Label] = {
    "all": _("Alle henvendelser"),
    Channel.IN_PERSON.value: _("Personligt"),
    Channel.PHONE.value: _("Telefon"),
    Channel.WRITTEN.value: _("Breve"),
    Channel.DIGITAL.value: _("Digitalt"),
    "self_service": _("Selvbetjening"),
    "appointment": _("Efter aftale"),
    "assisted": _("Medbetjening"),
    "department": _("Fagforvaltningerne"),
}
CHANGE: Mapping[str, Label] = {
    "opening_hours": _("Åbningstid på en ugedag"),
    "close_centre": _("Luk et center"),
    "phones_at": _("Hvor telefonerne besvares"),
    "more_staff": _("Flere eller færre medarbejdere"),
    "generalists": _("Flere generalister"),
    "move_channel": _("Flyt henvendelser til en anden vej ind"),
    "new_place": _("Et nyt sted"),
    "travelling_team": _("Et rejsende hold"),
    "volume": _("Flere eller færre henvendelser"),
    "carry_at": _("Løs en opgave på et andet niveau i Borgerservice"),
    "move_work": _("Flyt en opgave eller et trin mellem Borgerservice og fagforvaltning"),
    "shock": _("Noget udefra for en tid: et valg, et nyt MitID"),
    "new_service": _("En ny opgave, som ingen har tal for"),
}
CENTRE_KIND: Mapping[str, Label] = {
    CentreKind.CENTRE.value: _("center"),
    CentreKind.BRANCH.value: _("filial"),
    CentreKind.MOBILE.value: _("rullende borgerservice"),
    CentreKind.SERVICE_POINT.value: _("medbetjeningsplads"),
}
LEVEL: Mapping[str, Label] = {
    Level.ADMINISTER.value: _("administreres"),
    Level.LIGHT_CASEWORK.value: _("lettere sagsbehandling"),
    Level.CASEWORK.value: _("sagsbehandles"),
    Level.GUIDE.value: _("der vejledes"),
    Level.REFER.value: _("henvises videre"),
}
WEEKDAY: tuple[Label, ...] = (
    _("mandag"),
    _("tirsdag"),
    _("onsdag"),
    _("torsdag"),
    _("fredag"),
    _("lørdag"),
    _("søndag"),
)
GROUND: Mapping[str, Label] = {
    Ground.STARTING: _("antaget: intet er målt endnu"),
    Ground.CALIBRATED: _("målt på egne tal"),
    Ground.EDITED: _("rettet i hånden"),
}
KIND: Mapping[str, Label] = {
    RunKind.AS_IS: _("som det er nu"),
    RunKind.WHAT_IF: _("prøve"),
    RunKind.REPLAY: _("efterprøvning"),
    RunKind.DOUBTS: _("det, der ikke vides"),
}
STATE: Mapping[str, Label] = {
    RunState.WAITING: _("venter"),
    RunState.RUNNING: _("regner"),
    RunState.DONE: _("færdig"),
    RunState.FAILED: _("mislykkedes"),
    RunState.STOPPED: _("stoppet"),
}
