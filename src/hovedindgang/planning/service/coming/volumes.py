"""How many come in a year, by channel and service, before it is asked where and when."""

from __future__ import annotations

from hovedindgang.planning.service.ground import FILL_IN, IN_PERSON, PHONE, SELF_SERVICE, Ground
from hovedindgang.planning.service.moving import Moved, after_moves, has_channel
from hovedindgang.servicemodel.document import Channel, Service


def volumes_of(ground: Ground) -> dict[tuple[str, str], float]:
    """Contacts a year, by channel (or self-service) and service, after what is moved between channels."""
    return moves_of(ground)[0]


def moves_of(ground: Ground) -> tuple[dict[tuple[str, str], float], tuple[Moved, ...]]:
    """The volumes after the moves, and what each move came to, a year."""
    demand = ground.inputs.demand
    return after_moves(_before_moves(ground), ground.services, demand.weights, demand.moves)


def _before_moves(ground: Ground) -> dict[tuple[str, str], float]:
    demand = ground.inputs.demand
    volumes: dict[tuple[str, str], float] = {}
    new = {one.key: one for one in demand.new}
    for channel in (IN_PERSON, PHONE, *FILL_IN):
        figure = demand.contacts_per_year.get(Channel(channel))
        asked = {key: one for key, one in ground.services.items() if key not in new and comes_by(ground, channel, one)}
        for key, share in _shares(ground, channel, asked).items():
            if figure:
                volumes[channel, key] = figure.value * share * demand.grown.get(key, 1.0)
    for key, one in new.items():
        for channel, share in one.shares(demand).items():
            volumes[channel, key] = one.contacts * share
    for key, service in ground.services.items():
        if service.self_service and (Channel.DIGITAL.value, key) in volumes:
            alone = volumes[Channel.DIGITAL.value, key] * demand.self_service.value
            volumes[SELF_SERVICE, key] = alone
            volumes[Channel.DIGITAL.value, key] -= alone
    return volumes


def comes_by(ground: Ground, channel: str, service: Service) -> bool:
    """Whether people come for the service by the channel: the model says so, or it was measured."""
    return Channel(channel) in service.channels or f"{channel}:{service.key}" in ground.inputs.demand.weights


def had_by(ground: Ground, channel: str, service: Service) -> bool:
    """Whether anybody may come for it by the channel: of herself, or because a move opens the channel for it."""
    demand = ground.inputs.demand
    return has_channel(service, channel, demand.weights, demand.moves)


def _shares(ground: Ground, channel: str, asked: dict[str, Service]) -> dict[str, float]:
    """Of the channel's contacts, by service; a weight may be for one channel ("phone:pas") or for all ("pas")."""
    known, usual = ground.inputs.demand.weights, ground.inputs.demand.usual_weight
    weights = {key: known.get(f"{channel}:{key}", known.get(key, usual)).value for key in asked}
    total = sum(weights.values()) or 1.0
    return {key: weight / total for key, weight in weights.items()}
