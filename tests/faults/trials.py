"""A trial: faults are brought about while contacts are registered and deliveries run, and what is left is checked."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from faults import points
from faults.checker import Findings, Ledger, check, check_deliveries
from faults.clients import Clients, Sent, asked_again
from faults.house import WarmHouse
from faults.server import Furnished

# Brings faults about while these clients are at work; gives how many of each.
Faults = Callable[[Clients], Counter[str]]
SECONDS_TO_SETTLE = 600.0  # enough for a worker on a busy machine
PAUSE_SECONDS = 0.1  # of each client, so that the worker keeps up with them
PATIENCE_WITH_A_BROKEN_ONE = 15.0  # seconds; it may never come to rest
SECONDS_TO_COME_BY = 2.0
RECEIPTS_ASKED_AGAIN = 50
CALM_RECEIPTS = 12
ROUNDS = 12  # in which a broken variant must be found out


@dataclass
class Trial:
    """What was done and what was found. Several of one kind can be added up."""

    done: Counter[str] = field(default_factory=Counter)
    findings: Findings = field(default_factory=Findings)
    retried: int = 0  # receipts that came only after an answer was lost
    unavailable: int = 0
    unclear: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unsettled: int = 0

    @property
    def faults(self) -> int:
        return sum(self.done.values())

    @property
    def wrong(self) -> list[str]:
        """One line for each thing that was promised and is not so."""
        unsettled = [f"{self.unsettled} deliveries or matters are still under way"] if self.unsettled else []
        return [*self.findings.wrong, *self.unclear, *self.refused, *unsettled]

    def __iadd__(self, other: Trial) -> Trial:
        self.done += other.done
        self.findings += other.findings
        self.retried += other.retried
        self.unavailable += other.unavailable
        self.unclear += other.unclear
        self.refused += other.refused
        self.unsettled += other.unsettled
        return self

    def __str__(self) -> str:
        found = self.findings
        return (
            f"{found}; {found.delivered} deliveries done, {found.journalised} matters journalised, "
            f"{found.shown} left to a person; {self.retried} receipts after a lost answer, {self.unavailable} × 503, "
            f"{len(self.unclear)} unclear answers{f', {self.unsettled} NOT SETTLED' if self.unsettled else ''}"
        )


def tried(
    house: WarmHouse,
    ledger: Ledger,
    furnished: Furnished,
    faults: Faults,
    *,
    seed: str,
    broken: bool = False,
) -> Trial:
    """Clients register all the while; then everything must come to rest by itself, and all of it is checked.

    A house that is `broken` on purpose may come to a stop; what is left of it is checked all the same.
    """
    from faults.effects import HEAR, JOURNALISED_EVERY
    from hovedindgang.site.listeners import LISTENERS

    after, made_before = ledger.last_ids(), len(house.cases.made)
    clients = Clients(house, furnished, seed=seed, some_passed_on=True, pause=PAUSE_SECONDS)
    done: Counter[str] = Counter()
    if broken:
        clients.patience = PATIENCE_WITH_A_BROKEN_ONE
    try:
        with clients.at_work(to_the_last_receipt=not broken):
            done = faults(clients)
            clients.forget_receipts_so_far()
            clients.wait_for_receipts(1)
        patience = PATIENCE_WITH_A_BROKEN_ONE if broken else SECONDS_TO_SETTLE
        settled = ledger.drained(within_seconds=patience, journal=True)
    except (RuntimeError, sqlite3.DatabaseError):
        if not broken:
            raise
        settled = False
    found = check(ledger, clients.sent, after=after, listeners=len(LISTENERS["contact.registered"]) + 1)
    made = Counter(key for key, _said in house.cases.made[made_before:])
    if not found.damaged:
        check_deliveries(ledger, made, found, after=after, heard_by=HEAR, every=JOURNALISED_EVERY)
        _ask_again(house, furnished, clients.acknowledged, found, Random(seed))
    return Trial(
        done,
        found,
        sum(sent.attempts > 1 for sent in clients.acknowledged),
        clients.unavailable,
        clients.unclear,
        clients.refused,
        0 if settled or found.damaged else max(1, ledger.waiting_deliveries() + ledger.waiting_matters()),
    )


def _ask_again(
    house: WarmHouse, furnished: Furnished, acknowledged: Sequence[Sent], found: Findings, chance: Random
) -> None:
    """The same key must still give the receipt that it gave."""
    for sent in chance.sample(list(acknowledged), min(RECEIPTS_ASKED_AGAIN, len(acknowledged))):
        if (now := asked_again(house, furnished, sent)) != sent.contact_id:
            found.false_receipts.append(f"{sent.mark} was acknowledged as {sent.contact_id}, and now as {now}")


# -------------------------------------------------------------------------------------------------------------- kills


def kills(
    house: WarmHouse,
    number: int,
    chance: Random,
    *,
    at: Sequence[str] | None = None,
    named: float = 0.5,
    told: Callable[[int], None] = lambda _done: None,
) -> Faults:
    """`number` times kill -9, the share `named` of them at the points `at`, the others at random moments.

    All web processes and the worker killed at once count as one. Between two kills something is always acknowledged.
    """
    on_one_statement = {*points.ONLY_READABLY}
    places = [*(at or [*points.WEB, *points.WORKER])]

    def faults(clients: Clients) -> Counter[str]:
        done: Counter[str] = Counter()
        while (so_far := done.total()) < number:
            clients.forget_receipts_so_far()
            clients.wait_for_receipts(1)
            if chance.random() < named:
                place = chance.choice(places)
                patience = SECONDS_TO_COME_BY * (2 if place in on_one_statement else 1)
                done[place] += house.kill_at(place, within_seconds=patience)
            else:
                time.sleep(chance.uniform(0, 0.1))
                done["at random"] += house.kill_at_random(chance) > 0
            if done.total() > so_far:
                told(done.total())
        return +done

    return faults


def nothing(clients: Clients) -> Counter[str]:
    """No fault at all: what a broken variant does on a calm day."""
    clients.wait_for_receipts(CALM_RECEIPTS)
    return Counter()


# --------------------------------------------------------------------------------------------------- broken variants


@dataclass
class Caught:
    """How the check found a broken variant out: by which kind of finding, and after how many faults."""

    variant: str
    kind: str
    calm: list[str]  # what was found without any fault; must be empty, or it is not the fault that is caught
    found: list[str] = field(default_factory=list)
    faults: int = 0

    @property
    def caught(self) -> bool:
        return bool(self.found) and not self.calm

    def __str__(self) -> str:
        if self.calm:
            return f"not caught: it is wrong on a calm day too ({self.calm[0]})"
        if not self.found:
            return f"NOT CAUGHT by {self.faults} faults"
        return f"{len(self.found)} {self.kind.replace('_', ' ')} after {self.faults} faults ({self.found[0]})"


def found_out(
    house: WarmHouse, ledger: Ledger, furnished: Furnished, faults: Faults, *, variant: str, kind: str
) -> Caught:
    """First a calm time, then faults, until the check finds something of this `kind`; `house` runs the variant."""
    calm = tried(house, ledger, furnished, nothing, seed=f"{variant} calm")
    caught = Caught(variant, kind, list(getattr(calm.findings, kind)))
    for turn in range(ROUNDS):
        if caught.found or caught.calm:
            break
        trial = tried(house, ledger, furnished, faults, seed=f"{variant} {turn}", broken=True)
        caught.found, caught.faults = list(getattr(trial.findings, kind)), caught.faults + max(1, trial.faults)
    return caught
