"""What the words of this room are called on pages and at the command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hovedindgang.contacts.rules import Outcome
from hovedindgang.privacy.rules import Answer, DataKind, ErasureGround, Kept, NotTold, ProlongWhy, Risk, Scope
from hovedindgang.servicemodel.document import Channel, Right

KEPT: dict[Kept, Promise] = {
    Kept.HOLD: _("Tilbageholdt af en leder"),
    Kept.OPEN: _("Et ærinde er åbent"),
    Kept.HANDOVER: _("En overdragelse er i gang"),
    Kept.UNTOLD: _("Borgeren har ikke fået svaret"),
    Kept.COMPLAINT: _("En klage er ikke besvaret"),
    Kept.JOURNAL: _("Et ærinde er på vej til ESDH"),
    Kept.REQUEST: _("Borgeren venter på svar på en anmodning"),
    Kept.RESTRICTED: _("Behandlingen er begrænset: oplysningerne skal gemmes"),
    Kept.NO_PERIOD: _("Politikken siger ingen frist for opgaven"),
    Kept.NOT_YET: _("Fristen er ikke gået"),
    Kept.NOT_ARCHIVED: _("Arkivet har ikke kvitteret"),
}
COUNTS: dict[str, Promise] = {
    "contacts": _("Henvendelser"),
    "enquiries": _("Ærinder"),
    "notes": _("Noter"),
    "feedback": _("Klager og ros"),
    "citizens": _("Borgere"),
    "imported": _("Numre i andre systemer"),
}
GROUND: dict[ErasureGround, Promise] = {
    ErasureGround.NOT_NEEDED: _("Det behøves ikke mere til det, det blev samlet til"),
    ErasureGround.CONSENT_WITHDRAWN: _("Samtykket er trukket tilbage, og der er intet andet grundlag"),
    ErasureGround.OBJECTED: _("Borgeren har gjort indsigelse, og intet vejer tungere"),
    ErasureGround.UNLAWFUL: _("Det er behandlet ulovligt"),
    ErasureGround.BY_LAW: _("En lov kræver det slettet"),
}
RIGHT: dict[Right, Promise] = {
    Right.ACCESS: _("Indsigt (artikel 15)"),
    Right.CORRECTION: _("Berigtigelse (artikel 16)"),
    Right.ERASURE: _("Sletning (artikel 17)"),
    Right.RESTRICTION: _("Begrænsning (artikel 18)"),
}
ANSWER: dict[Answer, Promise] = {
    Answer.GRANTED: _("Imødekommet"),
    Answer.PARTLY: _("Delvis imødekommet"),
    Answer.REFUSED: _("Afslået"),
}
PROLONG_WHY: dict[ProlongWhy, Promise] = {
    ProlongWhy.COMPLEX: _("Anmodningen er indviklet"),
    ProlongWhy.MANY: _("Der er mange anmodninger"),
}
WAITS: dict[Outcome, Promise] = {
    Outcome.OPEN: _("Venter på svar"),
    Outcome.PASSED_ON: _("Hos en fagforvaltning"),
    Outcome.MUST_COME_BACK: _("Borgeren skal komme igen"),
}
CHANNEL: dict[Channel, Promise] = {
    Channel.IN_PERSON: _("Personligt"),
    Channel.PHONE: _("I telefonen"),
    Channel.WRITTEN: _("Skriftligt"),
    Channel.DIGITAL: _("Digitalt"),
}
FIELD: dict[str, Promise] = {
    "cpr": _("CPR-nummer"),
    "name": _("Navn"),
    "born_on": _("Fødselsdag"),
    "address": _("Adresse"),
    "phone": _("Telefon"),
    "email": _("E-mail"),
    "language": _("Sprog"),
    "needs": _("Særlige behov"),
}
SCOPE: dict[Scope, Promise] = {
    Scope.EMPLOYEE: _("Det, én medarbejders konto har set"),
    Scope.CLIENT: _("Det, et andet system har fået"),
    Scope.CENTRE: _("Det, der er set fra ét center"),
    Scope.EXPORT: _("Det, der er hentet ud som filer"),
    Scope.EVERYTHING: _("Alt"),
}
DATA: dict[DataKind, Promise] = {
    DataKind.CPR: _("CPR-numre"),
    DataKind.NAME: _("Navne og adresser"),
    DataKind.MATTERS: _("Hvad borgerne er kommet med"),
    DataKind.NOTES: _("Noter"),
    DataKind.SENSITIVE: _("Følsomme oplysninger, som helbred"),
}
RISK: dict[Risk, Promise] = {
    Risk.NONE: _("Næppe nogen risiko: skal kun noteres"),
    Risk.RISK: _("Risiko: skal anmeldes til Datatilsynet"),
    Risk.HIGH: _("Høj risiko: de, det rammer, skal også have det at vide"),
}
NOT_TOLD: dict[NotTold, Promise] = {
    NotTold.UNREADABLE: _("Ikke nødvendigt: oplysningerne kunne ikke læses"),
    NotTold.STOPPED: _("Ikke nødvendigt: den høje risiko er fjernet"),
    NotTold.PUBLIC: _("Fortalt offentligt: det kræver for meget at skrive til hver"),
}


def months_in_words(months: Sequence[str]) -> str:
    """Months as "2023-06", in order, as they are said: those that follow each other as one stretch."""
    stretches: list[list[dt.date]] = []
    for month in (dt.date.fromisoformat(f"{text}-01") for text in months):
        if stretches and month == (stretches[-1][-1] + dt.timedelta(days=31)).replace(day=1):
            stretches[-1].append(month)
        else:
            stretches.append([month])
    return get_text_list([_stretch(one) for one in stretches], gettext("og"))


def _stretch(months: Sequence[dt.date]) -> str:
    first, last = (date_format(month, "F Y") for month in (months[0], months[-1]))
    return first if len(months) == 1 else gettext("{first} til {last}").format(first=first, last=last)
