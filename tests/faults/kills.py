"""Kill the server at random moments while contacts are registered, and check what is left."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from faults.checker import Findings, Ledger, check
from faults.clients import Clients
from faults.server import Furnished, Server

SECONDS_TO_DRAIN = 120.0  # a killed worker's lease runs out after 60, then what it held is done by the next
SECONDS_TO_SETTLE = 2.5  # in which even a broken variant has saved what all its clients asked for


@dataclass
class Run:
    """What happened: the seed repeats the moments, not the threads."""

    kills: int
    retried: int  # receipts that came only after an answer was lost
    refused: list[str]
    findings: Findings
    drained: bool

    @property
    def all_well(self) -> bool:
        return self.findings.all_well and self.drained and not self.refused


def kill_while_registering(
    server: Server,
    ledger: Ledger,
    furnished: Furnished,
    *,
    kills: int,
    seed: str,
    receipts_between: int = 5,
    drain: bool = True,
    told: Callable[[int], None] = lambda _done: None,
) -> Run:
    """`kills` times kill -9 of the running server (web and worker; each third time one process of it alone).

    A kill comes at a random moment after `receipts_between` receipts. `drain`: also wait until the worker has
    told every listener. Leaves the server running.
    """
    chance, after = Random(seed), ledger.last_ids()
    clients = Clients(server, furnished, seed=seed)
    with clients.at_work():
        for number in range(1, kills + 1):
            _at_a_random_moment(clients, chance, receipts_between)
            if number % 3:
                server.kill()
                server.start()
            else:
                server.kill_one(chance)
            told(number)
        clients.wait_for_receipts(1)
    drained = ledger.drained(within_seconds=SECONDS_TO_DRAIN) if drain else True
    findings = check(ledger, clients.sent, after=after)
    retried = sum(sent.attempts > 1 for sent in clients.acknowledged)
    return Run(kills, retried, clients.refused, findings, drained)


def kill_once(server: Server, ledger: Ledger, furnished: Furnished, *, seed: str) -> tuple[Findings, Findings]:
    """What the check finds before, and after, one kill -9 at which clients were registering. The server stays dead."""
    after = ledger.last_ids()
    before = Clients(server, furnished, seed=f"{seed}-before")
    with before.at_work():
        before.wait_for_receipts(4)
    time.sleep(SECONDS_TO_SETTLE)
    whole = check(ledger, before.sent, after=after)
    clients = Clients(server, furnished, seed=seed)
    with clients.at_work(to_the_last_receipt=False):
        _at_a_random_moment(clients, Random(seed), 5)
        server.kill()
    return whole, check(ledger, [*before.sent, *clients.sent], after=after)


def _at_a_random_moment(clients: Clients, chance: Random, receipts: int) -> None:
    clients.forget_receipts_so_far()
    clients.wait_for_receipts(chance.randint(1, receipts))
    time.sleep(chance.uniform(0, 0.12))
