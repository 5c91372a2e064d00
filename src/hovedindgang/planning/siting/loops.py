"""The loops of the p-median problem, written once and built twice (`planning.compiling.built`).

Throughout: `near` is candidates × clients, what it costs to serve a client from a candidate (weight × distance). A
client's *list* holds candidates by rising cost; the lists of all clients stand behind one another, client i's from
`start[i]` to `start[i + 1]`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hovedindgang.planning.compiling import compiled


@compiled
def shortest(distances: Any, first: int, last: int) -> None:
    """Lets every way go by the nodes from `first` up to `last`, in place. Floyd (1962) Comm. of the ACM 5:345."""
    nodes = distances.shape[0]
    for via in range(first, last):
        for one in range(nodes):
            to_via = distances[one, via]
            for other in range(nodes):
                way = to_via + distances[via, other]
                # Written without a branch: so it is done four at a time.
                distances[one, other] = way if way < distances[one, other] else distances[one, other]


@compiled
def interchange(near: Any, is_open: Any, swaps: int) -> tuple[float, bool]:
    """The best swap of an open and a closed candidate, again and again, in place, at most `swaps` times.

    Fast interchange: Whitaker (1983) INFOR 21:95; Hansen & Mladenović (1997) Location Science 5:207. Returns the cost
    and whether no swap betters it any more.
    """
    candidates, clients = near.shape
    nearest, first, second = np.empty(clients, np.int64), np.empty(clients), np.empty(clients)
    closing, loss = np.empty(candidates), np.empty(candidates)
    swap, before, opened, closed = 0, np.inf, -1, -1
    while True:
        _two_nearest(near, is_open, nearest, first, second)
        total = first.sum()
        if total >= before:  # it was better by rounding alone: back
            is_open[opened], is_open[closed] = False, True
            return before, True
        if swap == swaps:
            return total, False
        before = total
        closing[:] = 0.0  # what it costs to close each, where nothing opens
        for client in range(clients):
            closing[nearest[client]] += second[client] - first[client]
        best, opened, closed = -1e-9 * max(1.0, total), -1, -1
        for candidate in range(candidates):
            if is_open[candidate]:
                continue
            loss[:] = closing
            gain = 0.0
            for client in range(clients):
                cost = near[candidate, client]
                if cost < first[client]:
                    gain += first[client] - cost
                    loss[nearest[client]] -= second[client] - first[client]
                elif cost < second[client]:
                    loss[nearest[client]] -= second[client] - cost
            for other in range(candidates):
                if is_open[other] and loss[other] - gain < best:
                    best, opened, closed = loss[other] - gain, candidate, other
        if opened < 0:
            return total, True
        is_open[opened] = True
        is_open[closed] = False
        swap += 1


@compiled
def _two_nearest(near: Any, is_open: Any, nearest: Any, first: Any, second: Any) -> None:
    first[:] = np.inf
    second[:] = np.inf
    for candidate in range(near.shape[0]):
        if is_open[candidate]:
            for client in range(near.shape[1]):
                cost = near[candidate, client]
                if cost < first[client]:
                    second[client] = first[client]
                    first[client] = cost
                    nearest[client] = candidate
                elif cost < second[client]:
                    second[client] = cost
    if np.isinf(second[0]):  # one alone is open: it is swapped, never only closed
        second[:] = near.max()  # no more: a sum of anything huge would drown what is won


LEAST = 10  # entries that a list keeps at any price


@compiled
def narrow(start: Any, who: Any, cost: Any, local: Any, fixed: Any, price: Any, slack: float) -> Any:
    """The lists that a part of the search still needs.

    `local[j]`: the candidate's number among those left, -1 where it is closed; `fixed` (by local number): it is open.
    A list ends at the first candidate that is open for certain (nobody goes further), and where its cost is above the
    client's price by `slack`: her price then never rises above that cost, which leaves every bound valid.
    Returns the active clients and their start, who (local) and cost; the ceiling of each client's price; and what
    those cost whose nearest candidate is open for certain.
    """
    clients = price.shape[0]
    active, left_start = np.empty(clients, np.int64), np.empty(clients + 1, np.int64)
    left_who, left_cost = np.empty(who.shape[0], np.int32), np.empty(who.shape[0])
    ceiling = np.empty(clients)
    served, kept, used = 0.0, 0, 0
    left_start[0] = 0
    for client in range(clients):
        begin, ended = used, False
        ceiling[client] = np.inf
        limit = price[client] * slack + slack - 1.0
        for place in range(start[client], start[client + 1]):
            if cost[place] > limit and used >= begin + LEAST:
                ceiling[client] = cost[place]
                break
            candidate = local[who[place]]
            if candidate >= 0:
                left_who[used] = candidate
                left_cost[used] = cost[place]
                used += 1
                if fixed[candidate]:
                    ceiling[client] = cost[place]
                    ended = True
                    break
        if ended and used == begin + 1:
            served += ceiling[client]
            used = begin
        else:
            active[kept] = client
            kept += 1
            left_start[kept] = used
    return active[:kept], left_start[: kept + 1], left_who[:used].copy(), left_cost[:used].copy(), ceiling, served


@compiled
def ascend(
    near: Any,
    names: Any,
    fixed: Any,
    active: Any,
    start: Any,
    who: Any,
    cost: Any,
    ceiling: Any,
    served: float,
    price: Any,
    share: Any,
    places: int,
    upper: float,
    enough: float,
    steps: int,
    factor: float,
    patience: int,
    memory: float,
) -> Any:
    """Raises the Lagrangian bound by subgradient steps: Held, Wolfe & Crowder (1974) Mathematical Programming 6:62.

    The relaxation of the p-median problem is that of Narula, Ogbu & Samuelsson (1977) Operations Research 25:709 and
    Beasley (1985) European Journal of Operational Research 21:270: client i pays `price[i]`; a candidate is worth
    rho_j = Σ_i min(0, cost_ij - price_i); the bound is Σ price + the `places` smallest rho. The direction remembers
    those before it, each step `memory` of the last (Camerini, Fratta & Maffioli 1975, Mathematical Programming Study
    3:26); the step is Polyak's, its factor halved after `patience` steps without gain.

    Takes `names` (local number → candidate), `fixed` and what `narrow` gives; `share`, how often each candidate was
    chosen lately; `upper`, the cost of the best known; `enough`, a bound above which proves it. Returns the bound, the
    steps done, the factor left, the prices, choice and rho of the best bound, and the new shares.
    """
    clients, candidates = near.shape[1], names.shape[0]
    now, best_price, counts = np.zeros(clients), price.copy(), np.zeros(clients)
    for client in active:
        now[client] = min(price[client], ceiling[client])
        best_price[client] = now[client]
        counts[client] = 1.0
    rho, chosen = np.zeros(candidates), np.zeros(candidates, np.bool_)
    best_rho, best_chosen = np.zeros(candidates), np.zeros(candidates, np.bool_)
    share, reach = share.copy(), np.zeros(active.shape[0], np.int64)
    slope, direction = np.zeros(clients), np.zeros(clients)
    bound, idle, step = -np.inf, 0, 0
    while step < steps:
        step += 1
        seen = _worth(active, start, who, cost, now, rho, reach)
        total = served + now[active].sum() + _choose(rho, fixed, places, chosen)
        for candidate in range(candidates):
            share[candidate] = 0.93 * share[candidate] + (0.07 if chosen[candidate] else 0.0)
        if total > bound:
            idle = 0 if total > bound + 1e-4 * (upper - bound) else idle + 1
            bound = total
            best_price[active] = now[active]
            best_chosen[:] = chosen
            best_rho[:] = rho
            if bound > enough:
                break
        else:
            idle += 1
        if idle >= patience:
            factor *= 0.5
            idle = 0
            now[active] = best_price[active]
            if factor < 0.001:
                break
        # Served once is right; less, and her price rises; more, and it falls.
        slope[:] = counts
        if places * clients < 4 * seen:
            _less_by_rows(near, names, chosen, now, counts, slope)
        else:
            _less_by_lists(active, start, who, reach, chosen, slope)
        length = 0.0
        for client in range(clients):
            direction[client] = slope[client] + memory * direction[client]
            length += direction[client] * direction[client]
        if length < 1e-12:
            break
        stride = factor * (upper - total) / length
        for client in active:
            now[client] = min(max(now[client] + stride * direction[client], 0.0), ceiling[client])
    return bound, step, factor, best_price, best_chosen, best_rho, share


@compiled
def _worth(active: Any, start: Any, who: Any, cost: Any, now: Any, rho: Any, reach: Any) -> int:
    """`rho` at these prices; `reach[r]`: where in its list the price of active client r ends. How many were seen."""
    rho[:] = 0.0
    seen = 0
    for row in range(active.shape[0]):
        paid = now[active[row]]
        place, end = start[row], start[row + 1]
        while place < end and cost[place] < paid:
            rho[who[place]] += cost[place] - paid
            place += 1
        reach[row] = place
        seen += place - start[row]
    return seen


@compiled
def _choose(rho: Any, fixed: Any, places: int, chosen: Any) -> float:
    """Chooses the fixed ones and the smallest of the others, `places` in all; gives the sum of their rho."""
    free = np.empty(rho.shape[0])
    count, left, total = 0, places, 0.0
    for candidate in range(rho.shape[0]):
        chosen[candidate] = fixed[candidate]
        if fixed[candidate]:
            total += rho[candidate]
            left -= 1
        else:
            free[count] = rho[candidate]
            count += 1
    if left <= 0:
        return total
    last = np.partition(free[:count], left - 1)[left - 1]
    for candidate in range(rho.shape[0]):
        if not fixed[candidate] and rho[candidate] < last:
            chosen[candidate] = True
            total += rho[candidate]
            left -= 1
    for candidate in range(rho.shape[0]):
        if left > 0 and not fixed[candidate] and rho[candidate] == last:
            chosen[candidate] = True
            total += last
            left -= 1
    return total


@compiled
def _less_by_rows(near: Any, names: Any, chosen: Any, now: Any, counts: Any, slope: Any) -> None:
    """Takes one for each chosen candidate that serves her: whole rows, four at a time. Fast where few are chosen."""
    for candidate in range(names.shape[0]):
        if chosen[candidate]:
            row = near[names[candidate]]
            for client in range(row.shape[0]):
                slope[client] -= counts[client] if row[client] < now[client] else 0.0


@compiled
def _less_by_lists(active: Any, start: Any, who: Any, reach: Any, chosen: Any, slope: Any) -> None:
    for row in range(active.shape[0]):
        by = 0
        for place in range(start[row], reach[row]):
            if chosen[who[place]]:
                by += 1
        slope[active[row]] -= by
