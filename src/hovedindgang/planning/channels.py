"""Moving enquiries from one channel to another: what it does to waits, work and cost, and to those who cannot follow.

Nobody knows beforehand how many will move, so the answer is a range: the move is simulated at a low, a middle and a
high share, with the same citizens. Who is exempt from digital mail is not moved to a digital channel, whatever the
share says: see `service.exempt`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.building import scenario_of
from hovedindgang.planning.service.changes import MoveChannel, changed
from hovedindgang.planning.service.coming import APART, moves_of, of_a_year
from hovedindgang.planning.service.costs import price_of
from hovedindgang.planning.service.exempt import SELF_SERVICE, by_age
from hovedindgang.planning.service.ground import ground_of
from hovedindgang.planning.service.inputs import APPOINTMENT, ASSISTED, Inputs
from hovedindgang.planning.simulation.network import Came, Of
from hovedindgang.planning.simulation.outcome import Estimate, Results, difference
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import Tally, run_once
from hovedindgang.planning.simulation.scenario import Scenario
from hovedindgang.planning.stopping import nothing_yet
from hovedindgang.servicemodel.document import Channel, ServiceModel


@dataclass(frozen=True, slots=True)
class Moved:
    """One share moved, beside nothing moved. Contacts and kroner a year; waits in minutes; changes are paired.

    share: of those who can follow. moved: as the built scenario has it. exempt: contacts of people who cannot follow,
    by age. not_moved: contacts that stay for that reason. without: contacts about services that are not had by the
    other channel; none of them moves. wait_moved: minutes of those who moved to an appointment or to assistance.
    hours_freed: of employees' work a year; negative where there is more. replications: done, fewer than asked for where
    somebody stopped it.
    """

    share: float
    moved: float
    not_moved: float
    without: float
    exempt: Mapping[str, float]
    wait_change: Mapping[str, Estimate]
    wait_moved: Estimate | None
    hours_freed: Estimate
    kr_saved: float
    kr_saved_low: float
    kr_saved_high: float
    replications: int


def move(
    model: ServiceModel,
    inputs: Inputs,
    *,
    from_channel: str,
    to_channel: str,
    shares: tuple[float, float, float],
    service: str = "",
    open_channel: bool = False,
    seed: int,
    replications: int = 10,
) -> tuple[Moved, ...]:
    """The three shares, low first. Raises CannotPlan where the service is not had by the channels.

    Each replication is done of all of them before the next begins: Ctrl-C gives all three of fewer replications.
    """
    if not 0 <= shares[0] <= shares[1] <= shares[2] <= 1:
        raise CannotPlan(
            _("Andelene skal stå i rækkefølge mellem 0 og 1."),
            cure=_("Skriv den laveste, den midterste og den højeste."),
        )
    _must_be_channels(from_channel, to_channel)
    moves = [(MoveChannel(one, from_channel, to_channel, service, open_channel),) for one in shares]
    pairs = [changed(model, inputs, changes) for changes in ((), *moves)]
    base, *after = _side_by_side([scenario_of(*pair) for pair in pairs], seed=seed, replications=replications)
    (coming, simulated), found = of_a_year(*pairs[0], from_channel, service), []
    for share, pair, results in zip(shares, pairs[1:], after, strict=True):
        moved = coming - of_a_year(*pair, from_channel, service)[0]
        told = moves_of(ground_of(*pair))[1][-1]
        stays, without = told.stays, told.without
        back = _back(results, service)
        low, middle, high = (_saved(model, inputs, moved, from_channel, to_channel, back, at) for at in range(3))
        found.append(
            Moved(
                share=share,
                moved=moved,
                not_moved=stays,
                without=without,
                exempt=by_age(stays),
                wait_change=_waits(base, results),
                wait_moved=results.mean_wait(_flows(results, to_channel, service)) if to_channel in APART else None,
                hours_freed=_hours(base, results, simulated),
                kr_saved=middle,
                kr_saved_low=low,
                kr_saved_high=high,
                replications=len(base.tallies),
            )
        )
    return tuple(found)


def _must_be_channels(from_channel: str, to_channel: str) -> None:
    known = {channel.value for channel in Channel} | {SELF_SERVICE}
    for channel, those in ((from_channel, known), (to_channel, known | {APPOINTMENT, ASSISTED})):
        if channel not in those:
            raise CannotPlan(
                _("Der er ingen kanal, der hedder {channel}.").format(channel=channel),
                cure=_("Der er: {channels}.").format(channels=", ".join(sorted(those))),
            )
    if from_channel in (to_channel, SELF_SERVICE):
        raise CannotPlan(
            _("Ingen kan flyttes fra {since} til {to}.").format(since=from_channel, to=to_channel),
            cure=_("Flyt fra en kanal, hvor medarbejdere svarer, til en anden."),
        )


def _side_by_side(scenarios: Sequence[Scenario], *, seed: int, replications: int) -> list[Results]:
    """All scenarios with the same citizens; after Ctrl-C those replications that all of them have done."""
    prepared = [prepare(scenario) for scenario in scenarios]
    rounds: list[list[Tally]] = []
    try:
        for number in range(replications):
            rounds.append([run_once(one, seed=seed, replication=number)[0] for one in prepared])
    except KeyboardInterrupt:
        if not rounds:
            raise nothing_yet() from None
    done = zip(*rounds, strict=True)
    return [Results(one, seed, found) for one, found in zip(prepared, done, strict=True)]


def _flows(results: Results, channel: str, service: str = "") -> list[int]:
    wanted = f"{channel}:{service}" if service else f"{channel}:"
    return [
        at
        for at, key in enumerate(results.prepared.flows)
        if key == wanted or key.startswith(f"{wanted}:" if service else wanted)
    ]


def _waits(base: Results, results: Results) -> dict[str, Estimate]:
    """By channel with a wait that people notice: how many minutes longer."""
    found = {}
    for channel in (Channel.IN_PERSON.value, Channel.PHONE.value):
        found[channel] = difference(base, results, lambda one, at=channel: _mean_waits(one, at))  # type: ignore[misc]
    return found


def _mean_waits(results: Results, channel: str) -> np.ndarray:
    flows = _flows(results, channel)
    served = results.column(Of.SERVED, flows)
    waited: np.ndarray = np.divide(
        results.column(Of.WAITED, flows), served, out=np.zeros_like(served), where=served > 0
    )
    return waited


def _hours(base: Results, results: Results, simulated: float) -> Estimate:
    """Hours of work a year that fall away, where that share of the year's contacts was simulated."""

    def worked(one: Results) -> np.ndarray:
        own = [at for at, employee in enumerate(one.prepared.scenario.employees) if employee.own]
        busy: np.ndarray = np.array([tally.busy[own].sum() for tally in one.tallies])
        return busy / 60.0 / max(simulated, 1e-9)

    change = difference(base, results, worked)
    return Estimate(-change.value, -change.high, -change.low)


def _saved(model: ServiceModel, inputs: Inputs, moved: float, since: str, to: str, back: str, at: int) -> float:
    """Kroner a year at the low, middle or high end of what is unsure: prices, and how often self-service fails.

    `back`: the channel by which those come whom self-service fails.
    """
    gives, takes = price_of(model, since), price_of(model, to)
    fails = inputs.demand.self_service_fails if to == SELF_SERVICE else None
    price = (gives.ends[0], gives.value, gives.ends[1])[at]
    other = (takes.ends[1], takes.value, takes.ends[0])[at]
    again = (fails.ends[1], fails.value, fails.ends[0])[at] if fails else 0.0
    return moved * (price - other - again * price_of(model, back).value)


def _back(results: Results, service: str) -> str:
    """The channel to which most turn whom self-service fails."""
    turns: dict[str, float] = {}
    for key in (results.prepared.flows[at] for at in _flows(results, SELF_SERVICE, service)):
        for way in results.prepared.scenario.flows[key].ways:
            if way.came is Came.GOES_ON and way.to:
                channel = results.prepared.scenario.flows[way.to].channel
                turns[channel] = turns.get(channel, 0.0) + way.share
    return max(turns, key=lambda channel: turns[channel], default=Channel.PHONE.value)


def with_days(inputs: Inputs, days: int) -> Inputs:
    """The same for another length of time."""
    return dataclasses.replace(inputs, days=days)
