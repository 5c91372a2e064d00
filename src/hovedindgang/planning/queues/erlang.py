"""Erlang's formulas B, C and A, exact to rounding for any load and thousands of servers.

`load` is in erlangs (arrivals in one mean handle time) and need not be whole. Everything is worked out in logarithms
of positive sums: nothing overflows, and a probability of 1e-3000 keeps its digits.

Sources: A. K. Erlang, Solution of some problems in the theory of probabilities of significance in automatic telephone
exchanges (1917), for B and C; C. Palm, Research on telephone traffic carried by full availability groups (Tele, 1957),
for patience; O. Garnett, A. Mandelbaum and M. Reiman, Designing a call center with impatient customers (Manufacturing &
Service Operations Management 4:3, 2002); A. Mandelbaum and S. Zeltyn, Service engineering in action: the Palm/Erlang-A
queue (2007), for the formulas of A.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaln

PIECE = 4096  # terms of a series taken at once
SMALLEST = 64  # and the first of them
FIRST = np.arange(1.0, SMALLEST + 1)


@lru_cache(maxsize=4096)
def log_loss_and_carried(load: float, servers: int) -> tuple[float, float]:
    """(log B, log(1 - B)), each without cancellation; by the recursion B(k) = aB(k-1) / (k + aB(k-1))."""
    log_blocked, log_load, log_carried = 0.0, math.log(load), -math.inf
    for server in range(1, servers + 1):
        log_refused = log_load + log_blocked
        refused = math.exp(log_refused)
        log_all = math.log(server + refused)
        log_blocked, log_carried = log_refused - log_all, math.log(server) - log_all
    return log_blocked, log_carried


def log_erlang_b(load: float, servers: int) -> float:
    """Natural logarithm of Erlang's loss probability B: all `servers` taken and no place to wait."""
    return log_loss_and_carried(load, servers)[0]


def erlang_b(load: float, servers: int) -> float:
    """Erlang's loss probability B, in [0, 1]; 0.0 only where it is below 1e-308 (see `log_erlang_b`)."""
    return math.exp(log_erlang_b(load, servers))


def log_erlang_c(load: float, servers: int) -> float:
    """Natural logarithm of Erlang's delay probability C; 0 (certain) where `load` >= `servers`, as nothing settles."""
    if load >= servers:
        return 0.0
    log_blocked, _ = log_loss_and_carried(load, servers)
    idle = servers - load
    # C = cB / (c - a(1 - B)), written as a sum of positive parts
    return math.log(servers) + log_blocked - math.log(idle + load * math.exp(log_blocked))


def erlang_c(load: float, servers: int) -> float:
    """Erlang's delay probability C, in [0, 1]; 1.0 where `load` >= `servers`."""
    return math.exp(log_erlang_c(load, servers))


def log_palm(s: float, z: float) -> float:
    """log A(s, z), where A(s, z) = 1 + z/(s+1) + z²/((s+1)(s+2)) + …: Palm's sum over the queue's lengths.

    `s` > 0 is what the servers finish in one mean patience, `z` > 0 what arrives in it.
    """
    return _by_gamma(s, z) if _near_or_over(s, z) else math.log(_sum_of_series(s, z))


def mean_queue_when_busy(s: float, z: float) -> float:
    """Mean number waiting, given that all servers are taken, with patience: Σ j t(j) / Σ t(j) over Palm's terms."""
    if not _near_or_over(s, z):
        total, weighted = _by_series(s, z)
        return weighted / total
    # Σ (s + j) t(j) = z Σ t(j) from j = 1, so Σ j t(j) = (z - s) A + s
    return (z - s) + s * math.exp(-_by_gamma(s, z))


def _near_or_over(s: float, z: float) -> bool:
    # Further down scipy's incomplete gamma loses its digits (at s = 2.4e7 and -6 deviations: 8 % wrong, 1.17.1)
    return z - s > -2 * math.sqrt(s) and s + z > 200


def _by_series(s: float, z: float) -> tuple[float, float]:
    """(Σ t(j), Σ j t(j)); for z well below s, or both small, where few terms matter."""
    total, weighted = 1.0, 0.0
    for upto, places, terms in _terms(s, z):
        total = upto
        weighted += float((places * terms).sum())
    return total, weighted


def _sum_of_series(s: float, z: float) -> float:
    """Σ t(j) alone: integrals of it ask ten thousands of times."""
    return max(upto for upto, *_ in _terms(s, z))  # it only grows


def _terms(s: float, z: float) -> Iterator[tuple[float, NDArray[np.float64], NDArray[np.float64]]]:
    """Σ t(j) so far, the next j and their t(j)."""
    total, last, start = 1.0, 1.0, 0
    size = SMALLEST  # mostly few terms matter, and those that vanish are the slowest to reckon
    while last > 1e-18 * total or start < z - s:
        places = np.arange(start + 1, start + size + 1, dtype=np.float64) if start else FIRST
        terms = last * np.multiply.accumulate(z / (s + places))
        total += float(np.add.reduce(terms))
        yield total, places, terms
        last, start = float(terms[-1]), start + size
        size = min(2 * size, PIECE)


def _by_gamma(s: float, z: float) -> float:
    """log A through the incomplete gamma function P(s, z), which is well above zero here: A = s e^z z^-s γ(s, z)."""
    log_p = math.log(gammainc(s, z))
    if s < 50:
        return math.log(s) + z - s * math.log(z) + float(gammaln(s)) + log_p
    # Stirling's series, so that the large terms cancel on paper and not in the machine
    over = (z - s) / s
    rest = 1 / (12 * s) - 1 / (360 * s**3) + 1 / (1260 * s**5) - 1 / (1680 * s**7)
    return s * (over - math.log1p(over)) + 0.5 * math.log(2 * math.pi * s) + rest + log_p
