"""Moving enquiries from one channel to another: what it does to waits, work and cost, and to those who cannot follow.

Nobody knows beforehand how many will move, so the answer is a range: the move is simulated at a low, a middle and a
high share, with the same citizens. Who is exempt from digital mail is not moved to a digital channel, whatever the
share says (law on exemption from obligatory self-service, L 98 2022-23).
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
from hovedindgang.planning.service.inputs import Figure, Inputs
from hovedindgang.planning.simulation.network import Of
from hovedindgang.planning.simulation.outcome import Estimate, Results, difference
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import Tally, run_once
from hovedindgang.planning.simulation.scenario import Scenario
from hovedindgang.planning.stopping import nothing_yet
from hovedindgang.servicemodel.document import Channel, ServiceModel, SourceKind

SELF_SERVICE = "self_service"
DIGITAL = {SELF_SERVICE, Channel.DIGITAL.value}
YEAR = 365.0

# Of those of 15 and over: exempt from Digital Post. The whole is published (Digitaliseringsstyrelsen, April 2025: about
# 256,000 residents, 5.0 %, most of them the oldest); how it is spread over ages is assumed, and adds up to 5.1 %.
AGES = ("15-64", "65-74", "75-84", "85+")
AGE_SHARES = (0.75, 0.125, 0.095, 0.03)
EXEMPT = (0.015, 0.06, 0.18, 0.50)
EXEMPT_SOURCE = "Digitaliseringsstyrelsen, april 2025: 5,0 % i alt; fordelingen på alder er antaget"

# Kroner a contact, where the model has none: KL 2012 published 75 for in person and about 20 for self-service whose
# data go on by themselves; the others are assumed.
COSTS: Mapping[str, Figure] = {
    "in_person": Figure(75.0, SourceKind.PUBLISHED, "KL 2012"),
    SELF_SERVICE: Figure(20.0, SourceKind.PUBLISHED, "KL 2012, med automatisk dataoverførsel"),
    "phone": Figure(45.0, SourceKind.ASSUMED, "mellem selvbetjening og skranke", 30.0, 70.0),
    "written": Figure(95.0, SourceKind.ASSUMED, "KL: dyrere end telefon", 60.0, 130.0),
    "digital": Figure(60.0, SourceKind.ASSUMED, "besvares af en medarbejder", 30.0, 95.0),
}


@dataclass(frozen=True, slots=True)
class Moved:
    """One share moved, beside nothing moved. Contacts and kroner a year; waits in minutes; changes are paired.

    exempt: contacts of people who cannot follow, by age. not_moved: contacts that stay for that reason.
    hours_freed: of employees' work a year; negative where there is more. replications: done, fewer than asked for where
    somebody stopped it.
    """

    share: float
    moved: float
    not_moved: float
    exempt: Mapping[str, float]
    wait_change: Mapping[str, Estimate]
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
    _must_have(model, service, from_channel, to_channel)
    stays = sum(age * out for age, out in zip(AGE_SHARES, EXEMPT, strict=True)) / sum(AGE_SHARES)
    stays = stays if to_channel in DIGITAL else 0.0
    reached = [share * (1 - stays) for share in shares]
    moves = [()] + [(MoveChannel(one, from_channel, to_channel, service),) for one in reached]
    scenarios = [scenario_of(*changed(model, inputs, changes)) for changes in moves]
    base, *after = _side_by_side(scenarios, seed=seed, replications=replications)
    coming = _coming(base, from_channel, service)
    found = []
    for share, part, results in zip(shares, reached, after, strict=True):
        low, middle, high = (_saved(model, inputs, coming * part, from_channel, to_channel, at) for at in range(3))
        found.append(
            Moved(
                share=share,
                moved=coming * part,
                not_moved=coming * share * stays,
                exempt=_exempt(coming * share, to_channel),
                wait_change=_waits(base, results),
                hours_freed=_hours(base, results),
                kr_saved=middle,
                kr_saved_low=low,
                kr_saved_high=high,
                replications=len(base.tallies),
            )
        )
    return tuple(found)


def _must_have(model: ServiceModel, service: str, from_channel: str, to_channel: str) -> None:
    known = {channel.value for channel in Channel}
    for channel in (from_channel, to_channel):
        if channel not in known | {SELF_SERVICE}:
            raise CannotPlan(
                _("Der er ingen kanal, der hedder {channel}.").format(channel=channel),
                cure=_("Der er: {channels}.").format(channels=", ".join(sorted(known | {SELF_SERVICE}))),
            )
    if from_channel in (to_channel, SELF_SERVICE):
        raise CannotPlan(
            _("Ingen kan flyttes fra {since} til {to}.").format(since=from_channel, to=to_channel),
            cure=_("Flyt fra en kanal, hvor medarbejdere svarer, til en anden."),
        )
    if service and service not in model.services:
        raise CannotPlan(
            _("Der er ingen opgave med nøglen {key}.").format(key=service),
            cure=_("Find den med: hovedindgang model show FIL"),
        )
    if service and Channel(from_channel) not in model.services[service].channels:
        raise CannotPlan(
            _("{service} fås ikke ad den kanal, der flyttes fra.").format(service=model.services[service].name),
            cure=_("Vælg en kanal, som opgaven har i modellen."),
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


def _coming(results: Results, channel: str, service: str) -> float:
    """Expected a year; first contacts, as those who come again are moved with them."""
    scenario = results.prepared.scenario
    flows = [scenario.flows[results.prepared.flows[at]] for at in _flows(results, channel, service)]
    return sum(sum(flow.arrivals.per_day) for flow in flows if flow.arrivals) * YEAR / scenario.days


def _exempt(contacts: float, to_channel: str) -> dict[str, float]:
    if to_channel not in DIGITAL:
        return {}
    return {
        age: contacts * share / sum(AGE_SHARES) * out for age, share, out in zip(AGES, AGE_SHARES, EXEMPT, strict=True)
    }


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


def _hours(base: Results, results: Results) -> Estimate:
    """Hours of work a year that fall away."""

    def worked(one: Results) -> np.ndarray:
        own = [at for at, employee in enumerate(one.prepared.scenario.employees) if employee.own]
        busy: np.ndarray = np.array([tally.busy[own].sum() for tally in one.tallies])
        return busy / 60.0 * YEAR / one.days

    change = difference(base, results, worked)
    return Estimate(-change.value, -change.high, -change.low)


def cost(model: ServiceModel, channel: str) -> Figure:
    """Kroner a contact: the adopted model's, else as published or assumed here."""
    if channel != SELF_SERVICE and Channel(channel) in model.costs_kr:
        known = model.costs_kr[Channel(channel)]
        return Figure(known.value, model.sources[known.source].kind, model.sources[known.source].reference)
    return COSTS[channel]


def _saved(model: ServiceModel, inputs: Inputs, moved: float, from_channel: str, to_channel: str, at: int) -> float:
    """Kroner a year at the low, middle or high end of what is unsure: prices, and how often self-service fails."""
    gives, takes = cost(model, from_channel), cost(model, to_channel)
    fails = inputs.demand.self_service_fails if to_channel == SELF_SERVICE else None
    again = (fails.high or fails.value, fails.value, fails.low or fails.value)[at] if fails else 0.0
    price = (gives.low or gives.value, gives.value, gives.high or gives.value)[at]
    other = (takes.high or takes.value, takes.value, takes.low or takes.value)[at]
    return moved * (price - other - again * cost(model, Channel.PHONE.value).value)


def with_days(inputs: Inputs, days: int) -> Inputs:
    """The same for another length of time."""
    return dataclasses.replace(inputs, days=days)
