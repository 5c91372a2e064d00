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
RESULT: Mapping[str, Label] = {
    "resolved": _("løst"),
    "comes_back": _("skal komme igen"),
    "handed_over": _("overdraget"),
    "not_helped": _("ikke hjulpet"),
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
}
STATE: Mapping[str, Label] = {
    RunState.WAITING: _("venter"),
    RunState.RUNNING: _("regner"),
    RunState.DONE: _("færdig"),
    RunState.FAILED: _("mislykkedes"),
    RunState.STOPPED: _("stoppet"),
}

# Where a number of the inputs stands, in words: the longest beginning that fits is said.
PLACE: Mapping[str, Label] = {
    "demand.contacts_per_year": _("Henvendelser om året"),
    "demand.weights": _("Hvor tit opgaven kommer"),
    "demand.usual_weight": _("Hvor tit øvrige opgaver kommer"),
    "demand.catchment": _("Borgere, der hører til stedet"),
    "demand.after_closing_days": _("Dagen efter en lukkedag"),
    "demand.day_cv": _("Udsving fra dag til dag"),
    "demand.volume_cv": _("Usikkerhed om årets mængde"),
    "demand.waves": _("Travle måneder"),
    "demand.self_service": _("Selvbetjening til ende"),
    "demand.self_service_fails": _("Selvbetjening, der ender i et opkald"),
    "behaviour.patience_minutes": _("Tålmodighed (minutter)"),
    "behaviour.again": _("Andel, der prøver igen"),
    "behaviour.again_minutes": _("Minutter, før de prøver igen"),
    "behaviour.comes_back_days": _("Dage, før borgeren kommer igen med det, der mangler"),
    "behaviour.displaced_other_day": _("Kommer en anden dag, når der er lukket"),
    "behaviour.displaced_nearest": _("Tager til det nærmeste åbne sted"),
    "work.handle_minutes": _("Behandlingstid (minutter)"),
    "work.handle_cv_of": _("Behandlingstidens spredning"),
    "work.handle_cv": _("Behandlingstidens spredning, hvor den ikke er målt"),
    "work.trainee_takes": _("Gange længere for den, der er under oplæring"),
    "work.specialist_takes": _("Gange så længe for en specialist"),
    "work.trainee_resolves": _("Andel af en generalists løste for den, der er under oplæring"),
    "work.results": _("Hvad der kommer ud af henvendelsen"),
    "work.department_minutes": _("Fagforvaltningens minutter pr. sag"),
    "work.department_answer_days": _("Fagforvaltningens arbejdsdage til svar"),
    "work.department_occupancy": _("Så travlt har fagforvaltningen"),
    "work.returned": _("Andel, fagforvaltningen sender tilbage"),
    "staff.sickness": _("Sygdom"),
    "staff.holidays": _("Ferie"),
    "staff.training": _("Uddannelse"),
    "staff.meetings": _("Møder"),
    "staff.before_opening": _("Minutter på arbejde før åbning"),
    "staff.after_closing": _("Minutter på arbejde efter lukning"),
    "staff.lunch_minutes": _("Frokost (minutter)"),
    "staff.kr_per_hour": _("Kroner pr. time"),
    "places.fixed_kr": _("Hvad et sted koster om året, uden løn (kr.)"),
}
