"""What can be chosen on the page, in which words, and by which key. No database."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hovedindgang.contacts.rules import (
    Advice,
    AvoidableCause,
    ComeBackReason,
    Direction,
    FollowsHow,
    ForwardKind,
    Identity,
    Outcome,
    SelfServiceHelp,
    SentOnHow,
    WhoAsks,
    WithdrawnWhy,
)
from hovedindgang.servicemodel.document import Channel, ServiceKind

Text = str | Promise

FOLLOW_UP_WORKING_DAYS = 5  # offered where neither service nor citizen says a day: within the week
LONGEST_SITTING_HOURS = 12  # a form begun earlier than this was left open: its times are not true
HISTORY_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a group; `key` is the letter that gives it."""

    value: str
    label: Text
    key: str = ""


CHANNELS = (
    Choice(Channel.IN_PERSON, _("Personlig")),
    Choice(Channel.PHONE, _("Telefon")),
    Choice(Channel.WRITTEN, _("Skriftlig")),
    Choice(Channel.DIGITAL, _("Digital")),
)
IDENTITIES = (
    Choice(Identity.ID_SEEN, _("Legitimation set")),
    Choice(Identity.CONTROL, _("Kontrolspørgsmål")),
    Choice(Identity.MITID, _("MitID")),
    Choice(Identity.EARLIER, _("Tidligere i samtalen")),
    Choice(Identity.NONE, _("Ikke fastslået")),
)
# The way that is usual in a channel stands first, so that one key gives it.
USUAL_IDENTITY = {Channel.PHONE: Identity.CONTROL, Channel.WRITTEN: Identity.MITID, Channel.DIGITAL: Identity.MITID}
MAY_BE_SAID = {
    Identity.ID_SEEN: _("Du må tale med borgeren om borgerens egne ærinder."),
    Identity.MITID: _("Du må tale med borgeren om borgerens egne ærinder."),
    Identity.CONTROL: _("Du må tale om borgerens egne ærinder, men ikke oplyse CPR-nummer, adresse eller helbred."),
    Identity.EARLIER: _("Du må tale med borgeren om borgerens egne ærinder."),
    Identity.NONE: _("Kun generel vejledning: sig intet om borgeren, heller ikke om vi kender borgeren."),
}
NOT_CHOSEN = _("Vælg, hvordan du ved, hvem det er. Så vises det, borgeren har spurgt om før.")
OUTCOMES = (
    Choice(Outcome.RESOLVED, _("Løst"), "l"),
    Choice(Outcome.OPEN, _("Jeg følger op"), "f"),
    Choice(Outcome.MUST_COME_BACK, _("Må komme igen"), "k"),
    Choice(Outcome.PASSED_ON, _("Overdrag"), "o"),
    Choice(Outcome.SIGNPOSTED, _("Vis vej"), "v"),
    Choice(Outcome.WITHDRAWN, _("Trukket tilbage"), "t"),
)
COME_BACK_REASONS = (
    Choice(ComeBackReason.DOCUMENT, _("Mangler papirer")),
    Choice(ComeBackReason.ID, _("Mangler legitimation")),
    Choice(ComeBackReason.CONSENT, _("Mangler samtykke")),
    Choice(ComeBackReason.NOT_IN_PERSON, _("Skal møde selv")),
    Choice(ComeBackReason.EQUIPMENT, _("Udstyr mangler eller er i stykker")),
    Choice(ComeBackReason.SYSTEM_DOWN, _("System er nede")),
    Choice(ComeBackReason.NO_COMPETENCE, _("Ingen her kan det i dag")),
    Choice(ComeBackReason.NO_TIME, _("Tiden slap op")),
)
WITHDRAWN_WHYS = (
    Choice(WithdrawnWhy.CHANGED_MIND, _("Ombestemte sig")),
    Choice(WithdrawnWhy.GAVE_UP, _("Opgav: ventetid eller for svært")),
)
FORWARD_KINDS = (
    Choice(ForwardKind.TOLD, _("Fortalt hvor")),
    Choice(ForwardKind.REFERRED, _("Henvist med tid eller besked")),
    Choice(ForwardKind.FORWARDED, _("Brevet er sendt videre")),
)
FOLLOWS_HOWS = (
    Choice(FollowsHow.PLANNED_STEP, _("Ja, aftalt næste skridt")),
    Choice(FollowsHow.CHASING, _("Ja, rykker for svar")),
    Choice(FollowsHow.NOT_HELPED, _("Ja, blev ikke hjulpet")),
    Choice(FollowsHow.OUR_ERROR, _("Ja, vi lavede en fejl")),
    Choice(FollowsHow.NEW_MATTER, _("Nej, en ny sag")),
)
WHO_ASKS = (
    Choice(WhoAsks.CITIZEN, _("Borgeren selv")),
    Choice(WhoAsks.HELPER, _("En, der hjælper borgeren")),
    Choice(WhoAsks.COMPANY, _("Virksomhed")),
    Choice(WhoAsks.AUTHORITY, _("Anden myndighed")),
    Choice(WhoAsks.COLLEAGUE, _("Kollega")),
)
DIRECTIONS = (
    Choice(Direction.IN, _("Borgeren henvender sig")),
    Choice(Direction.OUT, _("Vi henvender os")),
)
KINDS = (
    Choice("", _("Som opgaven siger")),
    Choice(ServiceKind.INFORMATION, _("Oplysning")),
    Choice(ServiceKind.TRANSACTION, _("Ekspedition")),
)
ADVICE = (
    Choice(Advice.NONE, pgettext_lazy("sparring", "Ingen")),
    Choice(Advice.COLLEAGUE, _("En kollega")),
    Choice(Advice.SPECIALIST, _("En specialist")),
)
SENT_ON = (
    Choice("", _("Nej")),
    Choice(SentOnHow.GO, _("Bedt om at gå et andet sted hen")),
    Choice(SentOnHow.RING, _("Bedt om at ringe til et andet nummer")),
)
SELF_SERVICE = (
    Choice("", _("Ikke talt om")),
    Choice(SelfServiceHelp.TOLD, _("Fortalt om")),
    Choice(SelfServiceHelp.SHOWN, _("Vist")),
    Choice(SelfServiceHelp.HELPED, _("Hjulpet igennem")),
    Choice(SelfServiceHelp.COULD_NOT, _("Kan ikke bruge den")),
)
NOT_AVOIDABLE = "no"
AVOIDABLE = (
    Choice("", _("Ikke vurderet")),
    Choice(NOT_AVOIDABLE, _("Nej, den var nødvendig")),
    Choice(AvoidableCause.UNCLEAR_LETTER, _("Ja: uklart brev")),
    Choice(AvoidableCause.MISSING_ANSWER, _("Ja: manglende svar")),
    Choice(AvoidableCause.OUR_ERROR, _("Ja: fejl hos os")),
    Choice(AvoidableCause.WEBSITE, _("Ja: hjemmesiden")),
    Choice(AvoidableCause.SELF_SERVICE_FAILED, _("Ja: selvbetjeningen svigtede")),
    Choice(AvoidableCause.MISDIRECTED, _("Ja: fejlhenvendelse")),
    Choice(AvoidableCause.OTHER, _("Ja: andet")),
)
PREPARATORY = (
    Choice("", _("Som opgaven siger")),
    Choice("yes", _("Ja: bestilling, afhentning eller spørgsmål til en aftale")),
    Choice("no", _("Nej")),
)
GOT_THERE = (
    Choice("", _("Ved ikke")),
    Choice("yes", _("Ja")),
    Choice("no", _("Nej")),
)
LANGUAGES = (
    Choice("da", _("Dansk")),
    Choice("en", _("Engelsk")),
    Choice("de", _("Tysk")),
    Choice("pl", _("Polsk")),
    Choice("uk", _("Ukrainsk")),
    Choice("ro", _("Rumænsk")),
    Choice("ar", _("Arabisk")),
    Choice("so", _("Somali")),
    Choice("fa", _("Farsi")),
    Choice("tr", _("Tyrkisk")),
    Choice("kl", _("Grønlandsk")),
    Choice("other", _("Andet sprog")),
)
OTHER_LANGUAGE = "mul"  # ISO 639-2: several languages; a language that is not on the list


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """One line of the overview of keys."""

    keys: tuple[str, ...]
    label: Text
    act: str = ""  # what desk.js does at the key: "focus:#id", "press:#id", "next:name", "check:#id"


CPR_DIGITS = 10
KEYS = (
    KeyHelp(("1–9",), _("vælger en favorit, eller et svar i det, der lige er åbnet")),
    KeyHelp(("/",), _("søger en opgave; skriv to-tre bogstaver, Enter vælger"), "focus:#search"),
    KeyHelp(("s",), _("søger også"), "focus:#search"),
    KeyHelp(("c",), _("CPR-nummer; slår op, når der er ti cifre"), "focus:#cpr"),
    KeyHelp(("e",), _("finder en borger ved navn"), "focus:#name_search"),
    KeyHelp(("u",), _("telefon eller e-mail på en ukendt"), "focus:#repeat_of"),
    KeyHelp(("q",), _("hvem der spørger for borgeren"), "focus:#acting input"),
    KeyHelp(("x",), _("identitet: den sædvanlige måde, og igen for den næste"), "next:identity"),
    KeyHelp(("h",), _("næste henvendelsesmåde"), "next:channel"),
    *(KeyHelp((choice.key,), choice.label, f"outcome:{choice.value}") for choice in OUTCOMES),
    KeyHelp(("n",), _("notat"), "focus:#note"),
    KeyHelp(("+",), _("endnu et ærinde i samme henvendelse"), "press:#step-add"),
    KeyHelp(("p",), _("parkerer; begynder forfra med den næste"), "press:#step-park"),
    KeyHelp(("y",), _("tager den først parkerede op igen"), "press:.take-up"),
    KeyHelp(("z",), _("tager det, der lige er gemt, tilbage"), "press:#take-back"),
    KeyHelp(("0",), _("mine seneste: ret en fejl"), "press:#latest-link"),
    KeyHelp(("m",), _("mere: hvem spørger, tider, sprog, medium"), "open:#more"),
    KeyHelp(("b",), _("hvem ærindet gælder, når det er andre"), "focus:#others"),
    KeyHelp(("g",), _("vejledning er givet"), "check:#guidance_given"),
    KeyHelp(("d",), _("selvbetjening: fortalt, vist, hjulpet"), "focus:#self_service"),
    KeyHelp(("a",), _("årsag til en henvendelse, der kunne være undgået"), "focus:#avoidable"),
    KeyHelp(("i",), _("viderestiller samtalen: en anden tager borgeren nu"), "open:#pass"),
    KeyHelp(("r",), _("spørger en kollega eller specialist; ærindet er stadig dit"), "open:#ask"),
    KeyHelp(("j",), _("tager den samtale, der tilbydes dig"), "press:.take-call"),
    KeyHelp(("F9", "F9"), _("slår alarm hos kollegerne; to tryk inden for to sekunder, også midt i en tekst")),
    KeyHelp(("ø",), _("skriver en klage eller ros ned, lige efter at henvendelsen er gemt"), "press:#feedback-link"),
    KeyHelp(("w",), _("stribetæller til travle timer"), "press:#strip-link"),
    KeyHelp(("Enter",), _("gemmer; Ctrl+Enter gør det også midt i en tekst")),
    KeyHelp(("Esc",), _("tilbage til siden, hvor bogstaver er taster")),
    KeyHelp(("?",), _("viser tasterne"), "keys"),
)
LETTERS = {key: one.act for one in KEYS if one.act for key in one.keys}


def identities(channel: str) -> tuple[Choice, ...]:
    """The ways to establish identity, the channel's usual one first."""
    usual = USUAL_IDENTITY.get(Channel(channel)) if channel in set(Channel) else None
    return tuple(sorted(IDENTITIES, key=lambda choice: choice.value != usual))


def is_whole_cpr(typed: str) -> bool:
    """Whether it has the digits of a CPR number; whether there is such a number is not asked."""
    return sum(one.isdigit() for one in typed) == CPR_DIGITS


def is_established(identity: str) -> bool:
    """Whether we know who it is, so that her matters may be talked of."""
    return identity in set(Identity) - {Identity.NONE}


def may_be_said(identity: str) -> Text:
    return MAY_BE_SAID[Identity(identity)] if identity in set(Identity) else NOT_CHOSEN


def label_of(choices: tuple[Choice, ...], value: str) -> Text:
    return next((choice.label for choice in choices if choice.value == value), value)
