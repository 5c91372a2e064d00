"""What citizens are promised about waits, and how many of them got it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import Results
from hovedindgang.planning.simulation.preparing import Prepared
from hovedindgang.planning.simulation.replications import Tally
from hovedindgang.planning.simulation.scenario import Scenario
from hovedindgang.servicemodel.document import Channel, ServiceModel

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]  # served in time, and came: [R] each
Shares = dict[str, Pair]  # by the promise's key


@dataclass(frozen=True, slots=True)
class Standard:
    """A promise: of those who come by `channel`, `share` (0..1) are served within `within_minutes`.

    Those who give up before count against it. In person it holds at each centre.
    """

    channel: Channel
    within_minutes: float
    share: float


@dataclass(frozen=True, slots=True)
class Promises:
    """All that must hold at once. Two of one channel are two promises: 80 % within 3 minutes and 95 % within 10."""

    standards: tuple[Standard, ...]

    @property
    def layers(self) -> tuple[Mapping[str, Standard], ...]:
        """Channel → standard, as often as it takes: the simulation counts one wait for each channel at a time."""
        of = {channel: self._of(channel) for channel in dict.fromkeys(one.channel.value for one in self.standards)}
        most = max((len(found) for found in of.values()), default=0)
        return tuple(
            {channel: found[layer] for channel, found in of.items() if layer < len(found)} for layer in range(most)
        )

    def _of(self, channel: str) -> list[Standard]:
        return [one for one in self.standards if one.channel.value == channel]

    def key(self, standard: Standard, place: str | None) -> str:
        """ "phone", "in_person:brovst"; where the channel has several, "phone<=3:80" too."""
        group = standard.channel.value if place is None else f"{standard.channel.value}:{place}"
        if len(self._of(standard.channel.value)) == 1:
            return group
        return f"{group}<={standard.within_minutes:g}:{100 * standard.share:g}"

    def standard(self, key: str) -> Standard:
        """Which of them a key is of."""
        for one in self.standards:
            place = key.partition("<=")[0].partition(":")[2] or None
            if self.key(one, place) == key:
                return one
        raise KeyError(key)

    def missed(self, found: Shares) -> float:
        """By how many citizens they are missed, in all; 0: they are kept; infinite: somebody cannot be served."""
        if not found:
            return math.inf
        short = (self.standard(key).share * came.sum() - within.sum() for key, (within, came) in found.items())
        return sum(max(0.0, float(one)) for one in short)

    def far_off(self, found: Shares, points: float) -> bool:
        """Whether one of them is missed by more than so many (0..1) of those who came."""
        return self.margin(found) < -points

    def margin(self, found: Shares) -> float:
        """By how much (0..1) the one that is nearest to be missed is kept; below 0: missed."""
        return min(
            (float(within.sum() / came.sum()) - self.standard(key).share for key, (within, came) in found.items()),
            default=-math.inf,
        )


def promises_of(standards: Iterable[Standard], scenario: Scenario) -> Promises:
    """Raises CannotPlan where there is none, or nobody comes by a channel that one is given for."""
    promises = Promises(tuple(dict.fromkeys(standards)))
    if not promises.standards:
        raise CannotPlan(
            _("Der er intet løfte om ventetid at bemande efter."),
            cure=_("Skriv et, fx --answer-within phone=3:80, eller sæt servicemål i modellen (service_standards)."),
        )
    come_by = {flow.channel for flow in scenario.flows.values() if flow.line is not None}
    for one in promises.standards:
        if one.channel.value not in come_by:
            raise CannotPlan(
                _("Ingen henvender sig ad {channel}: løftet siger intet.").format(channel=one.channel.value),
                cure=_("Planen har: {channels}.").format(channels=", ".join(sorted(come_by - {"department"}))),
            )
    return promises


def standards_of(model: ServiceModel) -> tuple[Standard, ...]:
    """Those on waits that the adopted model has."""
    return tuple(
        Standard(one.channel, float(one.within.value), float(one.target_percent.value) / 100)
        for one in model.service_standards.values()
        if one.measure == "wait_minutes" and one.within and one.target_percent
    )


def shares(prepared: Prepared, tallies: Sequence[Tally], promises: Promises, layer: int) -> Shares:
    """Of a layer's promises: by channel, in person by centre. `prepared` counts its waits (`promised_minutes`)."""
    results, found = Results(prepared, 0, tuple(tallies)), {}
    for group, (channel, place) in enumerate(prepared.groups):
        standard = promises.layers[layer].get(channel)
        if standard is None:
            continue
        flows = [int(flow) for flow in np.flatnonzero(prepared.network.group_of == group)]
        came = sum((results.column(of, flows) for of in (Of.SERVED, Of.GAVE_UP, Of.UNSERVED)), np.zeros(len(tallies)))
        if came.sum():
            found[promises.key(standard, place)] = results.column(Of.WITHIN, flows), came
    return found
