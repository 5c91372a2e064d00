"""The room's words as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hovedindgang.contacts.rules import AvoidableCause
from hovedindgang.insight.closing import Why
from hovedindgang.insight.hand_counts import CountedBy
from hovedindgang.insight.rules import Place, Solved
from hovedindgang.insight.weeks import Category
from hovedindgang.servicemodel.document import Level

Label = str | Promise

PLACE: Mapping[str, Label] = {
    Place.ELSEWHERE: _("gik direkte til en fagforvaltning"),
    Place.OTHER_ASKER: _("virksomhed, myndighed eller kollega"),
    Place.UNATTENDED: _("selvbetjening uden medarbejder"),
    Place.CHANGED_MIND: _("ombestemte sig"),
    Place.SAME_MATTER: _("fortsætter et tidligere ærinde"),
    Place.PREPARATORY: _("forberedende: bestilling, afhentning, status"),
    Place.APART: _("vist vej til en anden myndighed"),
    Place.IN: _("tælles"),
}
SOLVED: Mapping[str, Label] = {
    Solved.SOLVED: _("løst i Borgerservice"),
    Solved.NOT_SOLVED: _("ikke løst i Borgerservice"),
    Solved.OPEN: _("åbent"),
    Solved.WITHDRAWN: _("ombestemte sig"),
}
LEVEL: Mapping[str, Label] = {
    Level.ADMINISTER: _("administrerer"),
    Level.LIGHT_CASEWORK: _("let sagsbehandling"),
    Level.CASEWORK: _("sagsbehandling"),
    Level.GUIDE: _("vejleder"),
    Level.REFER: _("henviser"),
}
CAUSE: Mapping[str, Label] = {
    AvoidableCause.UNCLEAR_LETTER: _("et brev, der ikke var til at forstå"),
    AvoidableCause.MISSING_ANSWER: _("et svar, der ikke kom"),
    AvoidableCause.OUR_ERROR: _("vores egen fejl"),
    AvoidableCause.WEBSITE: _("hjemmesiden"),
    AvoidableCause.SELF_SERVICE_FAILED: _("selvbetjening, der ikke virkede"),
    AvoidableCause.MISDIRECTED: _("fejlhenvendelse"),
    AvoidableCause.OTHER: _("andet"),
    "": _("ikke sagt"),
}
# What has changed the figures of a closed month since.
WHY: Mapping[str, Label] = {
    Why.LATE_ENTRY: _("registreret siden"),
    Why.FOUND_WRONG: _("fundet forkert"),
    Why.REOPENED: _("åbnet igen"),
    Why.MERGED: _("samlet eller skilt"),
    Why.CAME_AGAIN: _("borgeren kom igen"),
    Why.LINKED: _("knyttet til et tidligere ærinde eller en borger"),
    Why.ENDED: _("afsluttet siden"),
    Why.TIME: _("et vindue eller en frist, der er udløbet"),
    Why.NEW_VERSION: _("en politik, der er vedtaget med tilbagevirkende kraft"),
    Why.MENDED: _("en registrering blev rettet"),
    Why.RECOUNTED: _("talt på ny"),
}
# Who counted by hand; after "by".
COUNTED_BY: Mapping[str, Label] = {
    CountedBy.RECEPTION: _("receptionen"),
    CountedBy.EMPLOYEE: _("en medarbejder"),
    CountedBy.SWITCHBOARD: _("omstillingen"),
    CountedBy.LEADER: _("en leder"),
}
# KL's categories, and what each means.
CATEGORY: Mapping[str, Label] = {
    Category.INFORMATION: _("Oplysning"),
    Category.TRANSACTION: _("Ekspedition"),
    Category.MISDIRECTED: _("Fejlhenvendelse"),
}
CATEGORY_MEANS: Mapping[str, Label] = {
    Category.INFORMATION: _("Borgeren fik noget at vide, og intet blev gjort for hende."),
    Category.TRANSACTION: _("Noget blev gjort: en ansøgning, en ændring, en aftale, en udlevering."),
    Category.MISDIRECTED: _("Borgeren skulle have henvendt sig et andet sted."),
}
# What a list of what is open now is called.
OPEN_FIGURE: Mapping[str, Label] = {
    "overdue": _("Åbne ærinder over den lovede dag"),
    "age_7": _("Åbne ærinder, højst en uge gamle"),
    "age_30": _("Åbne ærinder, over en uge og højst en måned gamle"),
    "age_90": _("Åbne ærinder, over en måned og højst tre måneder gamle"),
    "age_more": _("Åbne ærinder, over tre måneder gamle"),
}
# What a list of handovers to a department is called.
HANDOVER_FIGURE: Mapping[str, Label] = {
    "sent": _("Overdragelser"),
    "spoken_to": _("Overdragelser, hvor der blev talt med nogen"),
    "answered": _("Overdragelser, der er besvaret"),
    "late": _("Overdragelser, der blev besvaret for sent"),
    "sent_back": _("Overdragelser, der blev sendt tilbage"),
    "waiting": _("Overdragelser, der venter"),
    "overdue": _("Overdragelser over den aftalte dag"),
}
# What a list is called; the figures that the board opens.
FIGURE: Mapping[str, Label] = {
    "contacts": _("Henvendelser"),
    "enquiries": _("Ærinder"),
    "judged": _("Talt med"),
    "solved": _("Løst i Borgerservice"),
    "not_solved": _("Ikke løst i Borgerservice"),
    "open": _("Åbne"),
    "met": _("Henvendelser til en medarbejder"),
    "with_apart": _("Talt med, også vist vej til andre myndigheder"),
    "with_apart_solved": _("Løst, når vejvisning regnes som løst"),
    "with_apart_not_solved": _("Løst, når vejvisning regnes som ikke løst"),
    "sent_on": _("Borgeren blev sendt videre"),
    "not_sent_on": _("Borgeren blev ikke sendt videre"),
    "with_self_service": _("Talt med, også selvbetjening uden medarbejder"),
    "with_self_service_solved": _("Løst, også ved selvbetjening uden medarbejder"),
    "with_elsewhere": _("Talt med, også dem, der gik direkte til en fagforvaltning"),
    "other_asker": _("Virksomhed, myndighed eller kollega"),
    "elsewhere": _("Direkte til en fagforvaltning"),
    "unattended": _("Selvbetjening uden medarbejder"),
    "late": _("Lovet dag ikke holdt"),
    "registered_late": _("Registreret bagefter"),
    "apart": _("Vist vej til en anden myndighed"),
    "apart_came_back": _("Vist vej, og kom tilbage"),
    "known_window": _("Kendte borgere, hvis vindue er udløbet"),
    "once_window": _("Løst i én henvendelse"),
    "on_the_spot": _("Straksafklaret"),
    "on_promise": _("Løst senere, inden for den lovede dag"),
    "pending": _("Vinduet er ikke udløbet"),
    "unknown": _("Ukendt borger"),
    "came_again": _("Borgeren måtte komme igen"),
    "chasing": _("Rykkede for svar"),
    "not_helped": _("Blev ikke hjulpet"),
    "our_error": _("Vores fejl"),
    "avoidable": _("Undgåelige"),
    "outside": _("Uden for opgaveporteføljen"),
    "outside_guided": _("Uden for opgaveporteføljen, vejledt her"),
    "passed_on": _("Overdraget"),
    "gave_up": _("Opgav"),
    "transactions": _("Ekspeditioner"),
    "transactions_solved": _("Ekspeditioner løst i Borgerservice"),
    "transactions_open": _("Ekspeditioner, der er åbne"),
    "preparatory": _("Forberedende"),
    "same_matter": _("Fortsætter et tidligere ærinde"),
    "changed_mind": _("Ombestemte sig"),
    "found_wrong": _("Fundet forkert siden"),
}
