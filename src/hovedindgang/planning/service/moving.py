"""Enquiries that move from one channel to another: how many do, who cannot follow, and which services have the channel.

A share is of those who can follow. A service that is not had by the channel stays where it is, unless the move opens
the channel for it; what then comes by it is what was moved, and takes nothing from the channel's other contacts.
Self-service is open to every service: it is the solution that is tried. An appointment may be made for all that is had
in person; assisted self-service is for services that have self-service.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.exempt import DIGITAL, SELF_SERVICE, exempt_share
from hovedindgang.planning.service.inputs import APPOINTMENT, ASSISTED, Inputs, Move
from hovedindgang.servicemodel.document import Channel, Service, ServiceModel
from hovedindgang.servicemodel.wording import full_name_of

Volumes = dict[tuple[str, str], float]
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Moved:
    """What one move came to, in contacts of the whole time.

    moved: come by the other channel. stays: would have moved, but are exempt from digital channels. without: come for
    services that are not had by the other channel.
    """

    move: Move
    moved: float
    stays: float
    without: float


def named(channel: str) -> str:
    """How one comes by a channel, as an adverb."""
    return {
        "in_person": _("personligt"),
        "phone": _("på telefon"),
        "written": _("på skrift"),
        "digital": _("digitalt"),
        SELF_SERVICE: _("ved selvbetjening"),
        APPOINTMENT: _("efter aftale"),
        ASSISTED: _("med hjælp til selvbetjening"),
    }[channel]


def has_channel(service: Service, channel: str, weights: Iterable[str], moves: Iterable[Move]) -> bool:
    """Whether one can come for the service by the channel: by the model, as was measured, or opened by a move."""
    if channel in (APPOINTMENT, ASSISTED):
        met = has_channel(service, Channel.IN_PERSON.value, weights, moves)
        had = met and (channel == APPOINTMENT or service.self_service is not None)
    elif channel == SELF_SERVICE or Channel(channel) in service.channels or f"{channel}:{service.key}" in weights:
        had = True
    else:
        had = False
    return had or any(
        one.to_channel == channel and one.open_channel and one.service in ("", service.key) for one in moves
    )


def after_moves(
    volumes: Volumes, services: Mapping[str, Service], weights: Iterable[str], moves: Sequence[Move]
) -> tuple[Volumes, tuple[Moved, ...]]:
    """The volumes after all moves, in order, and what each of them came to.

    The exempt stay exempt: a second move to a digital channel finds as many of them as the first left behind.
    """
    found = dict(volumes)
    exempt = {at: volume * exempt_share(at[0]) for at, volume in found.items()}
    came_to = []
    for number, move in enumerate(moves):
        moved = stays = without = 0.0
        for key, service in services.items():
            since, to = (move.from_channel, key), (move.to_channel, key)
            if move.service not in ("", key) or since not in found:
                continue
            if not has_channel(service, move.to_channel, weights, moves[: number + 1]):
                without += found[since]
                continue
            bound = exempt[since] if move.to_channel in DIGITAL else 0.0
            goes = move.share * (found[since] - bound)
            follows = 0.0 if bound else move.share * exempt[since]  # exempt ones who ring instead of coming
            moved, stays = moved + goes, stays + move.share * bound
            found[since] -= goes
            found[to] = found.get(to, 0.0) + goes
            exempt[since] -= follows
            exempt[to] = exempt.get(to, 0.0) + follows
        came_to.append(Moved(move, moved, stays, without))
    return found, tuple(came_to)


def check_move(model: ServiceModel, inputs: Inputs, services: Mapping[str, Service], move: Move) -> None:
    """Raises CannotPlan where nobody would move: no such service, nobody comes that way, or it is not had by the other.

    `services`: those that are planned, of `ground.services_of`.
    """
    demand, since, to = inputs.demand, move.from_channel, move.to_channel
    if move.service and move.service not in model.services:
        raise CannotPlan(
            _("Der er ingen opgave med nøglen {key}.").format(key=move.service),
            cure=_("Find den med: hovedindgang model show FIL"),
        )
    if move.service and move.service not in services:
        raise CannotPlan(
            _("{service} er ikke med i simuleringen: den har ingen behandlingstid, eller den gælder ikke da.").format(
                service=full_name_of(model.services[move.service])
            ),
            cure=_("Skriv handle_minutes på opgaven, eller vælg en anden."),
        )
    comes = {
        key: one
        for key, one in services.items()
        if move.service in ("", key) and since != SELF_SERVICE and has_channel(one, since, demand.weights, demand.moves)
    }
    counted = since != SELF_SERVICE and Channel(since) in demand.contacts_per_year
    if not counted and not any(one.to_channel == since for one in demand.moves):
        comes = {}
    if not comes:
        what = full_name_of(model.services[move.service]) if move.service else _("Ingen opgave")
        raise CannotPlan(
            _("{service} fås ikke ad den kanal, der flyttes fra.").format(service=what),
            cure=_("Vælg en kanal, som opgaven har i modellen, og som der kommer nogen ad."),
        )
    if move.open_channel or any(has_channel(one, to, demand.weights, demand.moves) for one in comes.values()):
        return
    have = [key for key, one in services.items() if has_channel(one, to, demand.weights, demand.moves)]
    some = ", ".join(have[:MOST_NAMED]) + (", …" if len(have) > MOST_NAMED else "") if have else _("ingen")
    raise CannotPlan(
        _("{service} fås ikke {to}, så ingen ville flytte sig.").format(
            service=full_name_of(model.services[move.service]) if move.service else _("Ingen af opgaverne"),
            to=named(to),
        ),
        cure=_(
            "Åbn kanalen for opgaven: open_channel = true i ændringen (--open i plan channels), eller vælg en opgave, "
            "der fås sådan: {keys}."
        ).format(keys=some),
        where=("to_channel",),
    )
