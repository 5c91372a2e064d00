"""What each kind of representation opens, on which day, in which matters; and what may be said where there is none.

No power is read out of a relationship: a spouse, a grown child and a carer get information in general, and nothing
about her, until something here says more. When a citizen has died nobody acts for her; her estate does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hovedindgang.kernel import clock
from hovedindgang.people.models import Basis, Citizen, Proof, Representation, RestrictedWhy, Restriction
from hovedindgang.people.protection import is_protected

CHILD_UNTIL, HEARD_FROM = 18, 15  # years


class Power(StrEnum):
    HEAR = "hear"  # be told what the citizen may be told
    ACT = "act"  # ask, apply, decide in her place


OPENS: Mapping[Basis, frozenset[Power]] = {
    Basis.MANDATE: frozenset({Power.HEAR, Power.ACT}),
    Basis.GUARDIANSHIP: frozenset({Power.HEAR, Power.ACT}),
    Basis.CUSTODY: frozenset({Power.HEAR, Power.ACT}),
    Basis.PARTY_REPRESENTATIVE: frozenset({Power.HEAR, Power.ACT}),
    Basis.COMPANION: frozenset({Power.HEAR}),
}
# Proofs that a basis may stand on.
PROVEN_BY: Mapping[Basis, frozenset[Proof]] = {
    Basis.MANDATE: frozenset({Proof.DOCUMENT, Proof.SEEN, Proof.REGISTER}),
    Basis.GUARDIANSHIP: frozenset({Proof.DOCUMENT, Proof.SEEN, Proof.REGISTER}),
    Basis.CUSTODY: frozenset({Proof.DOCUMENT, Proof.SEEN, Proof.REGISTER}),
    Basis.PARTY_REPRESENTATIVE: frozenset({Proof.DOCUMENT, Proof.SEEN, Proof.REGISTER}),
    Basis.COMPANION: frozenset(Proof),
}
MAY: Mapping[Basis, str | Promise] = {
    Basis.MANDATE: gettext_lazy(
        "Må spørge, søge og få svar i det, fuldmagten gælder. Se, hvad den gælder, før du svarer."
    ),
    Basis.GUARDIANSHIP: gettext_lazy("Må handle for borgeren i det, værgemålet gælder. Borgeren selv skal også høres."),
    Basis.CUSTODY: gettext_lazy("Må handle for barnet, indtil det fylder 18 år."),
    Basis.PARTY_REPRESENTATIVE: gettext_lazy("Må føre sagen for borgeren og få det at vide, som borgeren må."),
    Basis.COMPANION: gettext_lazy("Må være til stede og høre med. Må ikke søge, underskrive eller svare for borgeren."),
}


class WhyNot(StrEnum):
    """Why a representation does not open what is asked."""

    REVOKED = "revoked"
    NOT_YET = "not_yet"
    ENDED = "ended"
    DEAD = "dead"
    ONLY_HEARS = "only_hears"
    OTHER_SERVICE = "other_service"
    OTHER_PERSON = "other_person"


WHY_NOT: Mapping[WhyNot, str | Promise] = {
    WhyNot.REVOKED: gettext_lazy("Repræsentationen er tilbagekaldt. Giv kun oplysning i almindelighed."),
    WhyNot.NOT_YET: gettext_lazy("Repræsentationen gælder ikke endnu. Giv kun oplysning i almindelighed."),
    WhyNot.ENDED: gettext_lazy(
        "Repræsentationen er udløbet. Bed om en ny, og giv indtil da kun oplysning i almindelighed."
    ),
    WhyNot.DEAD: gettext_lazy("Borgeren er død. Nu handler boet: bed om skifteretsattesten."),
    WhyNot.ONLY_HEARS: gettext_lazy(
        "En bisidder må høre med, ikke handle. Borgeren skal selv sige, hvad der skal ske."
    ),
    WhyNot.OTHER_SERVICE: gettext_lazy(
        "Repræsentationen gælder ikke denne opgave. Vælg en, der gør, eller giv kun oplysning i almindelighed."
    ),
    WhyNot.OTHER_PERSON: gettext_lazy(
        "Repræsentationen gælder en anden borger eller en anden, der spørger. Vælg den rette."
    ),
}


def why_not(
    given: Representation, *, power: Power, services: Collection[str], on: dt.date, covered: Collection[str]
) -> WhyNot | None:
    """What stands against using `given` for all of `services` on that day; None: it holds.

    `covered` are the keys of the services it is limited to; its citizen and holder come with it.
    """
    if ended := _ended(given, on):
        return ended
    if power not in OPENS[Basis(given.basis)]:
        return WhyNot.ONLY_HEARS
    if not given.every_service and not set(services) <= set(covered):
        return WhyNot.OTHER_SERVICE
    return None


def _ended(given: Representation, on: dt.date) -> WhyNot | None:
    if given.citizen.dead_on is not None or given.holder.dead_on is not None:
        return WhyNot.DEAD
    if given.revoked_at is not None:
        return WhyNot.REVOKED
    if on < given.valid_from:
        return WhyNot.NOT_YET
    return WhyNot.ENDED if given.valid_to is not None and on >= given.valid_to else None


def stands(given: Representation, *, on: dt.date) -> bool:
    """Whether it is in force that day, whatever it opens."""
    return _ended(given, on) is None


def birthday(born_on: dt.date, years: int) -> dt.date:
    """The day somebody becomes so old; born on 29 February, 1 March of other years."""
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return dt.date(born_on.year + years, 3, 1)


def is_child(citizen: Citizen, on: dt.date) -> bool:
    return citizen.born_on is not None and on < birthday(citizen.born_on, CHILD_UNTIL)


# ---------------------------------------------------------------------------------------------------------- banners


WITHOUT_POWER = gettext_lazy(
    "Uden gyldig fuldmagt eller anden ret må du kun give oplysning i almindelighed: hvordan man søger, hvor man går "
    "hen, hvad reglerne er. Sig intet om borgeren, heller ikke om vi kender borgeren eller har en sag."
)


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above a citizen's page: a sentence to see first, and what it means for what may be said."""

    kind: str  # "protected" | "restricted" | "dead" | "child" | "custody" | "ended"
    title: str
    text: str


def banners(citizen: Citizen, represented_by: Collection[Representation], on: dt.date | None = None) -> list[Banner]:
    """What whoever meets this citizen must know first. `represented_by` are those in force."""
    day = on or clock.today()
    found = [_dead(citizen)] if citizen.dead_on else []
    if is_protected(citizen, day):
        found.append(_protected(citizen))
    if placed := restriction_of(citizen):
        found.append(_restricted(placed))
    if citizen.dead_on is None and is_child(citizen, day):
        found.append(_child(citizen, day))
        found += _custody(represented_by)
    return found


def _dead(citizen: Citizen) -> Banner:
    return Banner(
        "dead",
        _("Borgeren er død"),
        _(
            "Fuldmagter og værgemål gælder ikke mere. Om boet må kun den få noget at vide, som viser skifteretsattest "
            "eller er bobestyrer. Alle må få oplysning i almindelighed: vis vej til skifteretten."
        ),
    )


def _protected(citizen: Citizen) -> Banner:
    text = _(
        "Sig ikke navn eller adresse højt, og giv dem ikke videre. Bed borgeren vise dem frem, hvis du skal bruge dem."
    )
    if citizen.protection == "threat":
        text = _(
            "Der har været trusler. {text} Spørger en anden efter borgeren, så bekræft ikke engang, at vi kender "
            "borgeren."
        ).format(text=text)
    return Banner("protected", _("Beskyttet navn og adresse"), text)


def restriction_of(citizen: Citizen) -> Restriction | None:
    """None where what we hold of her may be used. No query for whom `people.queries` gave: it comes with her."""
    found: Restriction | None = getattr(citizen, "restriction", None)
    return found


def _restricted(placed: Restriction) -> Banner:
    return Banner(
        "restricted",
        _("Oplysningerne må kun gemmes"),
        _(
            "{why}. Brug dem ikke, og giv dem ikke videre uden borgerens samtykke. Spørger borgeren selv, må du "
            "hjælpe; spørger en anden, så sig, at vi ikke kan svare endnu."
        ).format(why=RestrictedWhy(placed.why).label),
    )


def _child(citizen: Citizen, day: dt.date) -> Banner:
    if citizen.born_on and day >= birthday(citizen.born_on, HEARD_FROM):
        return Banner(
            "child",
            _("Barn, fyldt 15 år"),
            _(
                "Barnet er selv part i mange sager og skal høres, og kan selv give Digital Fuldmagt. Den, der har "
                "forældremyndigheden, handler ellers for barnet."
            ),
        )
    return Banner(
        "child", _("Barn under 15 år"), _("Kun den, der har forældremyndigheden, handler for barnet. Se legitimation.")
    )


def _custody(represented_by: Collection[Representation]) -> list[Banner]:
    holders = [one for one in represented_by if one.basis == Basis.CUSTODY]
    if len(holders) == 2:
        said = _(
            "To har forældremyndigheden. Begge skal være enige om det, der er vigtigt for barnet, som pas og "
            "flytning ud af landet."
        )
    elif any(one.joint for one in holders):
        said = _(
            "Forældremyndigheden er fælles med en, vi ikke har registreret. Spørg efter den andens samtykke, hvor "
            "det kræves."
        )
    elif holders:
        return []
    else:
        said = _(
            "Vi har ikke registreret, hvem der har forældremyndigheden. Slå det op i CPR, før du siger noget om barnet."
        )
    return [Banner("custody", _("Forældremyndighed"), said)]
