"""Networks as OR-Library writes them: `n m p`, then `m` edges `i j cost`.

Format: J. E. Beasley, "OR-Library: distributing test problems by electronic mail", Journal of the Operational Research
Society 41 (1990) 1069-1072, the files pmed1 to pmed40. Where an edge stands twice the last counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.compiling import built
from hovedindgang.planning.documents import cause
from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.problems import CannotPlan

LARGEST = 5000  # nodes; the matrix and its sorted lists then take 0.7 GB
PIECE = 200_000_000  # elementary steps: a compiled loop comes back well within a second, to be stopped between two


@dataclass(frozen=True, slots=True)
class Network:
    """An undirected network. `edges` has a row (i, j) for each edge, nodes counted from 0; `costs` its cost."""

    nodes: int
    medians: int
    edges: NDArray[np.int64]
    costs: NDArray[np.float64]

    @property
    def unit(self) -> float:
        """What every distance is a multiple of; 0.0 where costs are not whole numbers."""
        if not np.array_equal(self.costs, np.rint(self.costs)):
            return 0.0
        return float(np.gcd.reduce(self.costs.astype(np.int64), initial=0)) or 1.0


def read_network(path: Path) -> Network:
    """The network in `path`. Raises `CannotPlan` with the line where it is not one."""
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError as problem:
        raise CannotPlan(
            gettext("Filen kan ikke læses: %(why)s.") % {"why": cause(problem)},
            cure=gettext("Se efter, om stien er rigtig."),
            where=(str(path),),
        ) from None
    filled = [(line, text.split()) for line, text in enumerate(lines, start=1) if text.strip()]
    if not filled:
        raise _wrong(path, 1, gettext("Filen er tom."))
    nodes, count, medians = _header(path, *filled[0])
    body = filled[1:]
    if len(body) != count:
        raise _wrong(
            path,
            filled[0][0],
            gettext("Første linje lover %(promised)s kanter, og der er %(found)s.")
            % {"promised": number(count), "found": number(len(body))},
        )
    edges, costs = np.empty((count, 2), np.int64), np.empty(count)
    for row, (line, words) in enumerate(body):
        edges[row], costs[row] = _edge(path, line, words, nodes)
    return Network(nodes, medians, edges, costs)


def _header(path: Path, line: int, words: list[str]) -> tuple[int, int, int]:
    if len(words) != 3 or not all(word.isdecimal() for word in words):
        raise _wrong(
            path, line, gettext("Første linje skal være tre hele tal: knuder, kanter og antal steder (n m p).")
        )
    nodes, count, medians = (int(word) for word in words)
    if not 1 <= nodes <= LARGEST:
        raise _wrong(
            path, line, gettext("Antallet af knuder skal ligge mellem 1 og %(most)s.") % {"most": number(LARGEST)}
        )
    if not 1 <= medians <= nodes:
        raise _wrong(
            path,
            line,
            gettext("Der kan ikke vælges %(places)s steder blandt %(nodes)s knuder.")
            % {"places": number(medians), "nodes": number(nodes)},
        )
    return nodes, count, medians


def _edge(path: Path, line: int, words: list[str], nodes: int) -> tuple[tuple[int, int], float]:
    try:
        first, second, cost = words
        ends, value = (int(first), int(second)), float(cost)
    except ValueError:
        raise _wrong(path, line, gettext("En kant er to knuder og en pris, tre tal (i j pris).")) from None
    if not all(1 <= end <= nodes for end in ends):
        raise _wrong(
            path,
            line,
            gettext("Kanten nævner en knude, der ikke findes; de går fra 1 til %(nodes)s.") % {"nodes": nodes},
        )
    if not (0 <= value < math.inf):
        raise _wrong(path, line, gettext("En kants pris skal være nul eller mere."))
    return (ends[0] - 1, ends[1] - 1), value


def _wrong(path: Path, line: int, text: str) -> CannotPlan:
    return CannotPlan(
        text,
        cure=gettext("Ret linjen; formatet er OR-Librarys: n m p, derefter en kant på hver linje."),
        where=(gettext("%(file)s, linje %(line)d") % {"file": path, "line": line},),
    )


def all_distances(network: Network, *, jit: bool = True) -> NDArray[np.float64]:
    """The shortest way between each two nodes, nodes × nodes (Floyd 1962, Communications of the ACM 5:345).

    Raises `CannotPlan` where some node cannot be reached.
    """
    distances = np.full((network.nodes, network.nodes), np.inf)
    for (one, other), cost in zip(network.edges, network.costs, strict=True):
        distances[one, other] = distances[other, one] = cost
    np.fill_diagonal(distances, 0.0)
    shortest = built("hovedindgang.planning.siting.loops", jit).shortest
    piece = max(1, PIECE // network.nodes**2)
    for via in range(0, network.nodes, piece):
        shortest(distances, via, min(via + piece, network.nodes))
    apart = np.flatnonzero(~np.isfinite(distances[0]))
    if len(apart):
        some = ", ".join(str(node + 1) for node in apart[:10])
        raise CannotPlan(
            gettext("Nettet hænger ikke sammen: fra knude 1 er der ingen vej til %(count)s knuder.")
            % {"count": number(len(apart))},
            cure=gettext("Tilføj de kanter, der mangler, eller planlæg hver del for sig."),
            where=(gettext("knude %(nodes)s") % {"nodes": some},),
        )
    return distances
