"""Checks of a contact before it is written: pure, with messages that say what to do."""

from __future__ import annotations

import datetime as dt
import re

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.new import NewContact, NewEnquiry, NewHandover, NewSignpost
from hovedindgang.contacts.rules import (
    ANSWER_MONTHS,
    FUTURE_MINUTES,
    INSIDE,
    LONGEST_TEXT,
    MOST_ENQUIRIES,
    PASSES_ON,
    TO_AN_AUTHORITY,
    Outcome,
    clean,
    months_after,
    repeat_mark,
)
from hovedindgang.kernel import clock
from hovedindgang.people.rules import cprs_in
from hovedindgang.servicemodel.document import ServiceModel

Errors = dict[str, str]
EARLIEST_YEAR = 1900
LONGEST_PROMISE_DAYS = 3660

_KEY = re.compile(r"[\w.-]{0,80}\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?\Z")


def spelled(day: dt.date) -> str:
    """A date as a person writes it, in the language of the page: 1. marts 2013."""
    return date_format(day, "DATE_FORMAT")


def check_times(started_at: dt.datetime, ended_at: dt.datetime) -> Errors:
    """Whether the times can be true."""
    naive = [name for name, at in (("started_at", started_at), ("ended_at", ended_at)) if at.tzinfo is None]
    if naive:
        return {name: _("Tidspunktet mangler sin tidszone: skriv det som 2026-03-11T09:30:00+01:00.") for name in naive}
    if started_at.year < EARLIEST_YEAR:
        return {"started_at": _("Tidspunktet ligger for langt tilbage. Ret årstallet.")}
    latest = clock.now() + dt.timedelta(minutes=FUTURE_MINUTES)
    errors: Errors = {}
    if started_at > latest:
        errors["started_at"] = _("Tidspunktet ligger ude i fremtiden. Ret det til, da henvendelsen begyndte.")
    elif ended_at < started_at:
        errors["ended_at"] = _("Henvendelsen slutter, før den begynder. Ret et af de to klokkeslæt.")
    elif ended_at > latest:
        errors["ended_at"] = _("Sluttidspunktet ligger ude i fremtiden. Ret det, eller lad feltet stå tomt.")
    return errors


def check_contact(contact: NewContact, *, model: ServiceModel, day: dt.date, owner: int | None) -> Errors:
    """What is wrong with `contact` by the model in force on `day`; `owner` is who would own what stays open."""
    errors = {
        **_check_place(contact, model, day),
        **_check_medium(contact, model),
        **check_text("note", contact.note),
        **_check_repeat_of(contact.repeat_of),
    }
    if not _LANGUAGE.match(contact.language):
        errors["language"] = _("Sproget skal være en kode som da, en eller pl.")
    if contact.identity is not None and contact.asker is None:
        errors["identity"] = _("Identitet gælder den, der spørger. Find borgeren først, eller lad feltet stå tomt.")
    if not contact.enquiries:
        errors["enquiries"] = _("Vælg mindst én opgave.")
    elif len(contact.enquiries) > MOST_ENQUIRIES:
        errors["enquiries"] = _("Højst %(most)d ærinder i én henvendelse. Gem disse, og begynd en ny.") % {
            "most": MOST_ENQUIRIES
        }
    for place, enquiry in enumerate(contact.enquiries[:MOST_ENQUIRIES]):
        found = check_enquiry(enquiry, model=model, day=day, owner=owner)
        errors |= {f"enquiries.{place}.{field}": message for field, message in found.items()}
    return errors


def check_text(field: str, text: str, *, longest: int = LONGEST_TEXT) -> Errors:
    if len(text) <= longest:
        return {}
    return {
        field: _("Teksten er på %(length)s tegn; der er plads til %(longest)s. Kort den af: intet er slettet.")
        % {"length": f"{len(text):_}".replace("_", "."), "longest": f"{longest:_}".replace("_", ".")}
    }


def _check_repeat_of(typed: str) -> Errors:
    errors = check_text("repeat_of", typed, longest=200)
    if errors:
        return errors
    if cprs_in(typed) and not typed.strip().startswith("+"):
        return {"repeat_of": _("Det ligner et CPR-nummer. Skriv det i feltet til CPR-nummer, og slå borgeren op.")}
    if repeat_mark(typed) is None:
        said = _("Skriv et telefonnummer med cifre eller en e-mail. Har du ingen af dem, så lad feltet stå tomt.")
        return {"repeat_of": said}
    return {}


def _check_place(contact: NewContact, model: ServiceModel, day: dt.date) -> Errors:
    errors: Errors = {}
    if contact.centre is not None:
        centre = model.centres.get(contact.centre)
        if centre is None:
            errors["centre"] = _("Stedet kendes ikke i den politik, der gælder den dag. Vælg et andet.")
        elif centre.valid_from and day < centre.valid_from:
            errors["centre"] = _("%(centre)s åbner først %(day)s. Vælg et andet sted.") % {
                "centre": centre.name,
                "day": spelled(centre.valid_from),
            }
        elif centre.valid_to and day >= centre.valid_to:
            errors["centre"] = _("%(centre)s lukkede %(day)s. Vælg et andet sted.") % {
                "centre": centre.name,
                "day": spelled(centre.valid_to),
            }
    if contact.department is not None and contact.department not in model.departments:
        errors["department"] = _("Fagforvaltningen kendes ikke i den politik, der gælder den dag. Vælg en anden.")
    return errors


def _check_medium(contact: NewContact, model: ServiceModel) -> Errors:
    if contact.medium is None:
        return {}
    medium = model.media.get(contact.medium)
    if medium is None:
        return {"medium": _("Mediet kendes ikke i den politik, der gælder den dag. Vælg et andet.")}
    if medium.channel != contact.channel:
        return {
            "medium": _("%(medium)s hører til en anden henvendelsesmåde. Ret en af de to.") % {"medium": medium.name}
        }
    return {}


def check_enquiry(enquiry: NewEnquiry, *, model: ServiceModel, day: dt.date, owner: int | None) -> Errors:
    """What is wrong with one matter; fields as those of `NewEnquiry`."""
    errors = check_service(enquiry.service, model, day)
    errors |= check_outcome(
        enquiry.outcome,
        come_back_reason=enquiry.come_back_reason is not None,
        withdrawn_why=enquiry.withdrawn_why is not None,
        handover=enquiry.handover,
        signpost=enquiry.signpost,
        model=model,
        day=day,
    )
    if enquiry.outcome is Outcome.OPEN:
        errors |= check_promise(enquiry.promised_on, day=day, owner=owner) or _check_right(enquiry, model, day)
    if (enquiry.follows is None) != (enquiry.follows_how is None):
        errors["follows_how"] = _("Vælg både det ærinde, der følges op på, og hvordan.")
    if enquiry.avoidable_cause is not None and not enquiry.avoidable:
        errors["avoidable_cause"] = _("Årsagen gælder kun en henvendelse, der kunne være undgået.")
    if not _KEY.match(enquiry.article) or cprs_in(enquiry.article):
        errors["article"] = _("Vejledningen kendes ikke. Vælg den på listen.")
    if len(enquiry.case_number) > 40:
        errors["case_number"] = _("Sagsnummeret er for langt; der er plads til 40 tegn.")
    elif cprs_in(enquiry.case_number):
        errors["case_number"] = _("Her skal sagens nummer stå, ikke et CPR-nummer.")
    return errors


def _check_right(enquiry: NewEnquiry, model: ServiceModel, day: dt.date) -> Errors:
    """A request about what is held of her has its day from the law, whatever is promised."""
    service = model.services.get(enquiry.service)
    latest = max(months_after(day, ANSWER_MONTHS), clock.today())  # entered when it was late already: today
    if service is None or service.right is None or enquiry.promised_on is None or enquiry.promised_on <= latest:
        return {}
    said = _("Loven giver en måned: borgeren skal have svar senest %(day)s.") % {"day": spelled(latest)}
    return {"promised_on": said}


def check_service(key: str, model: ServiceModel, day: dt.date) -> Errors:
    """An error where the service does not exist on `day`; it names the successor or who has the task now."""
    service = model.services.get(key)
    if service is None:
        return {"service": _("Opgaven kendes ikke. Vælg den på listen.")}
    said = {"service": service.name}
    if service.valid_from and day < service.valid_from:
        return {
            "service": _("Opgaven %(service)s begynder først %(day)s. Vælg en anden.")
            % {**said, "day": spelled(service.valid_from)}
        }
    if service.valid_to is None or day < service.valid_to:
        return {}
    said["day"] = spelled(service.valid_to)
    if service.successor and service.successor in model.services:
        said["successor"] = model.services[service.successor].name
        return {"service": _("Opgaven %(service)s ophørte %(day)s; brug %(successor)s.") % said}
    if service.handed_to and service.handed_to in model.authorities:
        said["authority"] = model.authorities[service.handed_to].name
        return {"service": _("Opgaven %(service)s ophørte %(day)s; den løses nu af %(authority)s.") % said}
    return {"service": _("Opgaven %(service)s ophørte %(day)s. Vælg en anden.") % said}


def check_outcome(
    outcome: Outcome,
    *,
    come_back_reason: bool,
    withdrawn_why: bool,
    handover: NewHandover | None,
    signpost: NewSignpost | None,
    model: ServiceModel,
    day: dt.date,
) -> Errors:
    """Each outcome needs its companion, and no other's."""
    errors: Errors = {}
    if come_back_reason != (outcome is Outcome.MUST_COME_BACK):
        errors["come_back_reason"] = (
            _("Begrundelsen hører kun til udfaldet »må komme igen«.")
            if come_back_reason
            else _("Vælg, hvorfor borgeren må komme igen.")
        )
    if withdrawn_why != (outcome is Outcome.WITHDRAWN):
        errors["withdrawn_why"] = (
            _("Begrundelsen hører kun til udfaldet »trukket«.")
            if withdrawn_why
            else _("Vælg, om borgeren ombestemte sig eller opgav.")
        )
    if (handover is not None) != (outcome is Outcome.PASSED_ON):
        errors["handover.department"] = (
            _("En overdragelse hører kun til udfaldet »overdraget«.")
            if handover
            else _("Vælg, hvilken fagforvaltning der overtager, og skriv et resumé.")
        )
    elif handover is not None:
        errors |= {f"handover.{field}": said for field, said in check_handover(handover, model=model, day=day).items()}
    if (signpost is not None) != (outcome is Outcome.SIGNPOSTED):
        errors["signpost.authority"] = (
            _("Et vejvist sted hører kun til udfaldet »vist vej«.")
            if signpost
            else _("Vælg det sted, borgeren er vist hen til.")
        )
    elif signpost is not None:
        errors |= {f"signpost.{field}": said for field, said in _check_signpost(signpost, model, day).items()}
    return errors


def check_handover(handover: NewHandover, *, model: ServiceModel, day: dt.date) -> Errors:
    errors = {**check_text("summary", handover.summary), **check_text("agreed", handover.agreed)}
    if handover.department not in model.departments:
        errors["department"] = _("Fagforvaltningen kendes ikke. Vælg den på listen.")
    if handover.ground not in INSIDE:
        errors["ground"] = _("Grunden passer ikke til en fagforvaltning i kommunen. Vælg en anden.")
    if not clean(handover.summary):
        errors["summary"] = _("Skriv et resumé, så borgeren ikke skal fortælle det hele igen.")
    if handover.promised_on is not None and handover.promised_on < day:
        errors["promised_on"] = _("Dagen er allerede gået. Aftal en senere dag.")
    elif handover.promised_on is not None and _is_far_off(handover.promised_on, day):
        errors["promised_on"] = _("Dagen ligger for langt ude i fremtiden. Ret årstallet.")
    return errors


def _is_far_off(promised_on: dt.date, day: dt.date) -> bool:
    return promised_on - day > dt.timedelta(days=LONGEST_PROMISE_DAYS)


def _check_signpost(signpost: NewSignpost, model: ServiceModel, day: dt.date) -> Errors:
    if (signpost.authority is None) == (signpost.department is None):
        return {"authority": _("Vælg ét sted: enten en myndighed eller en del af kommunen.")}
    if signpost.authority is not None and signpost.authority not in model.authorities:
        return {"authority": _("Myndigheden kendes ikke. Vælg den på listen.")}
    if signpost.authority is not None and signpost.authority not in model.authorities_on(day):
        gone = model.authorities[signpost.authority].name
        return {"authority": _("%(authority)s fandtes ikke den dag. Vælg, hvem der har opgaven.") % {"authority": gone}}
    if signpost.department is not None and signpost.department not in model.departments:
        return {"department": _("Fagforvaltningen kendes ikke. Vælg den på listen.")}
    return _check_ground(signpost)


def _check_ground(signpost: NewSignpost) -> Errors:
    """Another authority gets something about her only on a ground; where nothing is passed on there is none."""
    if signpost.how not in PASSES_ON:
        return {"ground": _("Der gives intet videre, når der kun er fortalt hvor.")} if signpost.ground else {}
    if signpost.authority is None:
        return {} if signpost.ground is None or signpost.ground in INSIDE else {"ground": _("Vælg en anden grund.")}
    if signpost.ground not in TO_AN_AUTHORITY:
        return {"ground": _("Vælg, hvorfor oplysningerne må gives videre til en anden myndighed.")}
    return {}


def check_promise(promised_on: dt.date | None, *, day: dt.date, owner: int | None) -> Errors:
    errors: Errors = {}
    if promised_on is None:
        errors["promised_on"] = _("Vælg den dag, borgeren får svar.")
    elif promised_on < day:
        errors["promised_on"] = _("Dagen er allerede gået. Vælg en senere dag.")
    elif _is_far_off(promised_on, day):
        errors["promised_on"] = _("Dagen ligger for langt ude i fremtiden. Ret årstallet.")
    if owner is None:
        errors["outcome"] = _("Et åbent ærinde skal have en medarbejder, der følger op.")
    return errors
