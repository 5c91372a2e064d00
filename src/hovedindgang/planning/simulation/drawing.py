"""What is drawn anew for each replication: how busy its days are, who is away, and streams of its own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.compiling import built
from hovedindgang.planning.factors import Factor
from hovedindgang.planning.simulation import chance
from hovedindgang.planning.simulation.network import Network, Planned
from hovedindgang.planning.simulation.preparing import Prepared
from hovedindgang.planning.simulation.shifts import most_events


def drawn_network(prepared: Prepared, *, seed: int, replication: int, jit: bool = True) -> Network:
    """The network of one replication."""
    network = prepared.network
    with np.errstate(over="ignore"):
        of_run = chance.mixed(chance.stream_of("run", seed), replication)
        streams = chance.mixed(network.flow_stream ^ of_run, 0)
        mass = network.mass * _factors(prepared, of_run, jit)
        return network._replace(flow_stream=streams, mass=mass, **_calendar(prepared, of_run, jit))


def _calendar(prepared: Prepared, of_run: np.uint64, jit: bool) -> dict[str, Any]:
    """What stands fast, with the duties of this replication, in order."""
    most = most_events(prepared.shifts)
    when = np.empty(most)
    who, place, channels = (np.empty(most, np.int64) for _ in range(3))
    drawn = built("hovedindgang.planning.simulation.duties", jit).duties
    count = drawn(prepared.shifts, of_run, when, who, place, channels)
    fixed = prepared.fixed
    found = {
        "at": np.concatenate([fixed["at"], when[:count]]),
        "planned": np.concatenate([fixed["planned"], np.full(count, int(Planned.DUTY))]),
        "who": np.concatenate([fixed["who"], who[:count]]),
        "place": np.concatenate([fixed["place"], place[:count]]),
        "channels": np.concatenate([fixed["channels"], channels[:count]]),
    }
    # What happens to one at one time keeps its order: a break that ends with the shift ends before it.
    order = np.lexsort((found["who"], found["planned"], found["at"]))
    return {name: column[order] for name, column in found.items()}


def factors_of(prepared: Prepared, *, seed: int, replication: int) -> NDArray[np.float64] | float:
    """[F, D]: how busy each flow's days are in one replication, beside what was expected of them."""
    with np.errstate(over="ignore"):
        return _factors(prepared, chance.mixed(chance.stream_of("run", seed), replication))


def _factors(prepared: Prepared, of_run: np.uint64, jit: bool = True) -> NDArray[np.float64] | float:
    """[F, D]: how busy each day is beside what was expected: lognormal with mean 1, times what surges there are."""
    scenario = prepared.scenario
    if not prepared.shared_cv.any() and not scenario.volume_cv and not scenario.surges:
        return 1.0
    normals = built("hovedindgang.planning.simulation.chance", jit).normals
    draws, lead = np.zeros((max(1, len(prepared.shared)), scenario.days)), scenario.lead_days
    for at, name in enumerate(prepared.shared):
        draws[at, lead:] = normals(chance.stream_of("day", name) ^ of_run, scenario.days - lead)
        draws[at, :lead] = normals(chance.stream_of("day before", name) ^ of_run, lead)[::-1]
    deviation = np.sqrt(np.log1p(prepared.shared_cv**2))[:, None]
    factors = np.exp(deviation * draws[prepared.shared_of] - deviation**2 / 2)
    whole = math.sqrt(math.log1p(scenario.volume_cv**2))
    overall = math.exp(whole * float(normals(chance.stream_of("volume") ^ of_run, 1)[0]) - whole**2 / 2)
    product: NDArray[np.float64] = factors * overall
    for surge in scenario.surges:
        drawn = Factor(low=surge.low, middle=surge.middle, high=surge.high).at(
            normals(chance.stream_of("surge", surge.key) ^ of_run, 1)
        )
        rows = [at for at, key in enumerate(prepared.flows) if key in surge.flows]
        product[rows, max(surge.first, 0) : surge.last + 1] *= drawn[0]
    return product


def uniforms(stream: np.uint64, number: int) -> NDArray[np.float64]:
    """The first `number` uniforms of a stream, as the loop would draw them."""
    z = stream + (np.arange(1, number + 1, dtype=np.uint64)) * chance.GOLDEN
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    result: NDArray[np.float64] = ((z >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return result
