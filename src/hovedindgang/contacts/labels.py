"""The room's words as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hovedindgang.contacts.rules import (
    ChangeWhy,
    ComeBackReason,
    CorrectionKind,
    Direction,
    FollowsHow,
    ForwardKind,
    Ground,
    HandoverState,
    Identity,
    JournalState,
    JournalWhat,
    MovedTold,
    MovedWhy,
    Outcome,
    ReasonCode,
    SentOnHow,
    StruckWhy,
    WhoAsks,
    WithdrawnWhy,
    WorkedBy,
)
from hovedindgang.servicemodel.document import Channel

Label = str | Promise

CHANNEL: Mapping[str, Label] = {
    Channel.IN_PERSON: _("Personlig"),
    Channel.PHONE: _("Telefon"),
    Channel.WRITTEN: _("Skriftlig"),
    Channel.DIGITAL: _("Digital"),
}
REASON: Mapping[str, Label] = {
    ReasonCode.SHE_IS_HERE: _("Borgeren står her eller er i telefonen"),
    ReasonCode.TO_ANSWER: _("Et brev, en e-mail eller et opkald skal besvares"),
    ReasonCode.COLLEAGUE: _("En kollega eller en fagforvaltning spørger"),
    ReasonCode.TO_PREPARE: _("En aftale eller et besøg skal forberedes"),
    ReasonCode.ACCESS: _("Nogen beder om indsigt eller aktindsigt"),
    ReasonCode.TO_CORRECT: _("Noget er skrevet forkert og skal rettes"),
    ReasonCode.OTHER: _("Andet"),
}
DIRECTION: Mapping[str, Label] = {Direction.IN: _("ind"), Direction.OUT: _("ud: vi henvendte os")}
WHO_ASKS: Mapping[str, Label] = {
    WhoAsks.CITIZEN: _("borgeren selv"),
    WhoAsks.HELPER: _("en, der hjælper borgeren"),
    WhoAsks.COMPANY: _("en virksomhed"),
    WhoAsks.AUTHORITY: _("en myndighed"),
    WhoAsks.COLLEAGUE: _("en kollega"),
}
IDENTITY: Mapping[str, Label] = {
    Identity.ID_SEEN: _("legitimation set"),
    Identity.MITID: _("MitID"),
    Identity.CONTROL: _("kontrolspørgsmål"),
    Identity.EARLIER: _("fastslået tidligere i samtalen"),
    Identity.NONE: _("ikke fastslået"),
}
OUTCOME: Mapping[str, Label] = {
    Outcome.OPEN: _("åbent"),
    Outcome.RESOLVED: _("løst"),
    Outcome.MUST_COME_BACK: _("må komme igen"),
    Outcome.PASSED_ON: _("overdraget"),
    Outcome.SIGNPOSTED: _("vist vej"),
    Outcome.WITHDRAWN: _("trukket"),
}
WORKED_BY: Mapping[str, Label] = {
    WorkedBy.BORGERSERVICE: _("af Borgerservice"),
    WorkedBy.DEPARTMENT: _("af fagforvaltningen"),
    WorkedBy.OUTSIDE: _("af andre"),
}
COME_BACK: Mapping[str, Label] = {
    ComeBackReason.DOCUMENT: _("mangler papirer"),
    ComeBackReason.ID: _("mangler legitimation"),
    ComeBackReason.CONSENT: _("mangler samtykke"),
    ComeBackReason.NOT_IN_PERSON: _("skal møde selv"),
    ComeBackReason.EQUIPMENT: _("udstyret virkede ikke"),
    ComeBackReason.SYSTEM_DOWN: _("systemet var nede"),
    ComeBackReason.NO_COMPETENCE: _("ingen kunne det i dag"),
    ComeBackReason.NO_TIME: _("tiden slap op"),
}
WITHDRAWN: Mapping[str, Label] = {
    WithdrawnWhy.CHANGED_MIND: _("ombestemte sig"),
    WithdrawnWhy.GAVE_UP: _("opgav: ventetid eller for svært"),
}
FORWARD: Mapping[str, Label] = {
    ForwardKind.TOLD: _("fortalt hvor"),
    ForwardKind.REFERRED: _("henvist med tid eller besked"),
    ForwardKind.FORWARDED: _("brevet sendt videre"),
}
GROUND: Mapping[str, Label] = {
    Ground.OWN_CASE: _(
        "sagens egen grund i kommunen (borgerservicecenterloven § 3; databeskyttelsesforordningen art. 6)"
    ),
    Ground.CONSENT: _("udtrykkeligt samtykke (forvaltningsloven § 28, stk. 2, nr. 1)"),
    Ground.BY_LAW: _("følger af lov (forvaltningsloven § 28, stk. 2, nr. 2)"),
    Ground.ESSENTIAL: _(
        "væsentlig for myndighedens afgørelse eller virksomhed (forvaltningsloven § 28, stk. 2, nr. 3)"
    ),
    Ground.WRONG_ADDRESS: _("brevet hører til hos dem (forvaltningsloven § 7, stk. 2)"),
    Ground.NOT_RECORDED: _("ikke noteret"),
}
SENT_ON: Mapping[str, Label] = {
    SentOnHow.GO: _("bedt om at gå et andet sted hen"),
    SentOnHow.RING: _("bedt om at ringe et andet sted hen"),
}
FOLLOWS: Mapping[str, Label] = {
    FollowsHow.PLANNED_STEP: _("aftalt næste skridt"),
    FollowsHow.CHASING: _("rykker for svar"),
    FollowsHow.NOT_HELPED: _("blev ikke hjulpet"),
    FollowsHow.OUR_ERROR: _("vores fejl"),
    FollowsHow.NEW_MATTER: _("nyt ærinde"),
}
HANDOVER: Mapping[str, Label] = {
    HandoverState.SENT: _("sendt"),
    HandoverState.ACCEPTED: _("modtaget"),
    HandoverState.DECLINED: _("afvist"),
    HandoverState.ANSWERED: _("besvaret"),
    HandoverState.RETURNED: _("sendt tilbage"),
}
MOVED_WHY: Mapping[str, Label] = {
    MovedWhy.WAITS_FOR_OTHERS: _("Vi venter på svar fra andre"),
    MovedWhy.WAITS_FOR_HER: _("Borgeren skal skaffe noget først"),
    MovedWhy.MORE_WORK: _("Det viste sig at være større"),
    MovedWhy.OUR_DELAY: _("Sygdom eller travlhed hos os"),
    MovedWhy.HER_WISH: _("Borgeren bad om det"),
}
MOVED_TOLD: Mapping[str, Label] = {
    MovedTold.AGREED: _("Borgeren er enig i dagen"),
    MovedTold.TOLD: _("Borgeren har fået dagen at vide"),
}
CHANGE: Mapping[str, Label] = {
    ChangeWhy.CONCLUDED: _("afsluttet"),
    ChangeWhy.HANDED_OVER: _("overdraget"),
    ChangeWhy.ANSWERED: _("besvaret af fagforvaltningen"),
    ChangeWhy.DECLINED: _("afvist af fagforvaltningen"),
    ChangeWhy.RETURNED: _("sendt tilbage af fagforvaltningen"),
    ChangeWhy.CAME_BACK: _("borgeren kom igen"),
    ChangeWhy.REOPENED: _("åbnet igen: det var ikke løst"),
    ChangeWhy.QUALITY: _("åbnet igen efter en stikprøve"),
    ChangeWhy.COMPLAINT: _("åbnet igen efter en klage"),
    ChangeWhy.MISTAKE: _("venter igen: det, der løste det, var registreret ved en fejl"),
}
STRUCK: Mapping[str, Label] = {
    StruckWhy.TEST: _("en prøve eller øvelse"),
    StruckWhy.DUPLICATE: _("den stod der allerede"),
    StruckWhy.NO_CONTACT: _("der var ingen henvendelse"),
}
CORRECTION: Mapping[str, Label] = {
    CorrectionKind.SERVICE: _("Opgave"),
    CorrectionKind.CHANNEL: _("Henvendelsesmåde"),
    CorrectionKind.TIMES: _("Tid"),
}
JOURNAL: Mapping[str, Label] = {
    JournalState.WAITING: _("venter på at blive sendt"),
    JournalState.SENDING: _("er ved at blive sendt"),
    JournalState.UNCERTAIN: _("uvist: ESDH har ikke svaret"),
    JournalState.DONE: _("journaliseret"),
    JournalState.REFUSED: _("afvist af ESDH"),
}
JOURNAL_WHAT: Mapping[str, Label] = {JournalWhat.CASE: _("Ny sag"), JournalWhat.NOTE: _("Notat på sagen")}
JOURNAL_WHY: Mapping[
    str, Label
] = {  # codes that say what happened; others are the case system's own and stand as they are
    "cannot_be_asked": _("ESDH kan ikke spørges"),
    "desk": _("ESDH kan ikke spørges"),
    "drop": _("ESDH kan ikke spørges"),
    "cut": _("forbindelsen blev afbrudt"),
    "interrupted": _("vi blev afbrudt, mens vi sendte"),
    "timeout": _("ESDH svarede ikke i tide"),
    "several": _("ESDH har mere end én"),
    "tried_often": _("forsøgt for mange gange"),
    "no_receipt": _("kvitteringen er ikke kommet"),
    "no_number": _("svaret har intet sagsnummer"),
    "no_such_party": _("ESDH kender ikke borgeren"),
    "not_prepared": _("en fejl hos os; driften skal se på det"),
}
ALL: Mapping[str, Mapping[str, Label]] = {
    "channel": CHANNEL,
    "direction": DIRECTION,
    "who_asks": WHO_ASKS,
    "identity": IDENTITY,
    "outcome": OUTCOME,
    "worked_by": WORKED_BY,
    "come_back": COME_BACK,
    "withdrawn": WITHDRAWN,
    "forward": FORWARD,
    "ground": GROUND,
    "sent_on": SENT_ON,
    "follows": FOLLOWS,
    "handover": HANDOVER,
    "change": CHANGE,
    "moved_why": MOVED_WHY,
    "moved_told": MOVED_TOLD,
    "journal": JOURNAL,
    "journal_what": JOURNAL_WHAT,
}


def label(kind: str, word: str) -> Label:
    """The words for one of the room's own; "" for none."""
    return ALL[kind].get(word, "") if word else ""
