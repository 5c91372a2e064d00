"""What the numbers of the inputs are called where people read; programs get the keys."""

from __future__ import annotations

from collections.abc import Mapping

from hovedindgang.planning.language import gettext, gettext_noop
from hovedindgang.servicemodel.document import CentreKind, Channel, Level, ServiceModel
from hovedindgang.servicemodel.wording import full_name_of

# Where a number stands: the longest beginning that fits is said.
PLACES: Mapping[str, str] = {
    "demand.contacts_per_year": gettext_noop("Henvendelser om året"),
    "demand.weights": gettext_noop("Hvor tit opgaven kommer"),
    "demand.usual_weight": gettext_noop("Hvor tit øvrige opgaver kommer"),
    "demand.catchment": gettext_noop("Borgere, der hører til stedet"),
    "demand.after_closing_days": gettext_noop("Dagen efter en lukkedag"),
    "demand.day_cv": gettext_noop("Udsving fra dag til dag"),
    "demand.volume_cv": gettext_noop("Usikkerhed om årets mængde"),
    "demand.waves": gettext_noop("Travle måneder"),
    "demand.self_service": gettext_noop("Selvbetjening til ende"),
    "demand.self_service_fails": gettext_noop("Selvbetjening, der ender i et opkald"),
    "appointments.share": gettext_noop("Andel, der har en aftale"),
    "appointments.no_show": gettext_noop("Andel, der udebliver fra en aftale"),
    "appointments.slots_per_week": gettext_noop("Tider, der udbydes om ugen"),
    "appointments.filled": gettext_noop("Andel af de udbudte tider, der bliver booket"),
    "assisted.share": gettext_noop("Andel, der hjælpes til selvbetjening"),
    "assisted.takes": gettext_noop("Gange så længe at hjælpe til selvbetjening"),
    "behaviour.patience_minutes": gettext_noop("Tålmodighed (minutter)"),
    "behaviour.again": gettext_noop("Andel, der prøver igen"),
    "behaviour.again_minutes": gettext_noop("Minutter, før de prøver igen"),
    "behaviour.comes_back_days": gettext_noop("Dage, før borgeren kommer igen med det, der mangler"),
    "behaviour.displaced_other_day": gettext_noop("Kommer en anden dag, når der er lukket"),
    "behaviour.displaced_nearest": gettext_noop("Tager til det nærmeste åbne sted"),
    "behaviour.newly_opened": gettext_noop("Kommer i en ny åbningstid, gange en anden åben time"),
    "work.handle_minutes": gettext_noop("Behandlingstid (minutter)"),
    "work.handle_cv_of": gettext_noop("Behandlingstidens spredning"),
    "work.handle_cv": gettext_noop("Behandlingstidens spredning, hvor den ikke er målt"),
    "work.trainee_takes": gettext_noop("Gange længere for den, der er under oplæring"),
    "work.specialist_takes": gettext_noop("Gange så længe for en specialist"),
    "work.trainee_resolves": gettext_noop("Andel af en generalists løste for den, der er under oplæring"),
    "work.results": gettext_noop("Hvad der kommer ud af henvendelsen"),
    "work.department_minutes": gettext_noop("Fagforvaltningens minutter pr. sag"),
    "work.department_answer_days": gettext_noop("Fagforvaltningens arbejdsdage til svar"),
    "work.department_occupancy": gettext_noop("Så travlt har fagforvaltningen"),
    "work.transferred": gettext_noop("Andel, den under oplæring sender til en kollega"),
    "work.returned": gettext_noop("Andel, fagforvaltningen sender tilbage"),
    "staff.sickness": gettext_noop("Sygdom"),
    "staff.holidays": gettext_noop("Ferie"),
    "staff.training": gettext_noop("Uddannelse"),
    "staff.meetings": gettext_noop("Møder"),
    "staff.before_opening": gettext_noop("Minutter på arbejde før åbning"),
    "staff.after_closing": gettext_noop("Minutter på arbejde efter lukning"),
    "staff.lunch_minutes": gettext_noop("Frokost (minutter)"),
    "staff.kr_per_hour": gettext_noop("Kroner pr. time"),
    "staff.travel_km_per_hour": gettext_noop("Rullende hold, kilometer i timen"),
    "places.fixed_kr": gettext_noop("Hvad et sted koster om året, uden løn (kr.)"),
}
REST: Mapping[str, str] = {
    Channel.IN_PERSON.value: gettext_noop("Personligt"),
    Channel.PHONE.value: gettext_noop("Telefon"),
    Channel.WRITTEN.value: gettext_noop("Breve"),
    Channel.DIGITAL.value: gettext_noop("Digitalt"),
    Level.ADMINISTER.value: gettext_noop("administreres"),
    Level.LIGHT_CASEWORK.value: gettext_noop("lettere sagsbehandling"),
    Level.CASEWORK.value: gettext_noop("sagsbehandles"),
    Level.GUIDE.value: gettext_noop("der vejledes"),
    Level.REFER.value: gettext_noop("henvises videre"),
    "resolved": gettext_noop("løst"),
    "comes_back": gettext_noop("skal komme igen"),
    "handed_over": gettext_noop("overdraget"),
    "not_helped": gettext_noop("ikke hjulpet"),
    CentreKind.CENTRE.value: gettext_noop("center"),
    CentreKind.BRANCH.value: gettext_noop("filial"),
    CentreKind.MOBILE.value: gettext_noop("rullende borgerservice"),
    CentreKind.SERVICE_POINT.value: gettext_noop("medbetjeningsplads"),
}


def figure_name(key: str, model: ServiceModel | None = None) -> str:
    """ "demand.contacts_per_year.phone" as "Henvendelser om året: Telefon"; a key without a name is itself.

    `model`: where its services and centres are called what they are called there.
    """
    parts = key.split(".")
    for end in range(len(parts), 0, -1):
        label = PLACES.get(".".join(parts[:end]))
        if label is not None:
            rest = [_rest(part, model) for part in parts[end:] if part != "factor"]
            return f"{gettext(label)}: {', '.join(rest)}" if rest else gettext(label)
    return key


def _rest(part: str, model: ServiceModel | None) -> str:
    channel, colon, service = part.partition(":")  # a handle time's "phone:pas"
    if colon:
        return f"{_rest(channel, model)}, {_rest(service, model)}"
    for known in (model.services, model.centres, model.departments) if model is not None else ():
        if part in known:
            return full_name_of(known[part])
    return gettext(REST.get(part, part))
