"""What a queue does to those who call: waits, giving up, how busy the staff are; M/M/c and M/M/c+M in balance."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from scipy.integrate import quad
from scipy.optimize import brentq

from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.queues.erlang import log_erlang_c, log_loss_and_carried, log_palm, mean_queue_when_busy

SHARES = (0.50, 0.80, 0.95)
MOST_AGENTS = 100_000
LONGEST_SECONDS = 30 * 86_400.0
MOST_PATIENCE = 366 * 86_400.0
MOST_CALLS = 10_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One line of callers and `agents` who can all answer everything, first come, first served.

    Calls come by chance (Poisson), handle times and patience are exponential. `patience_seconds`: the mean time after
    which one gives up if nobody has answered; None: nobody ever gives up; 0: who is not answered at once leaves, a line
    of no places (Erlang B). `calls_per_hour` may be 0. Raises CannotPlan for what cannot be.
    """

    calls_per_hour: float
    handle_seconds: float
    agents: int
    patience_seconds: float | None = None

    def __post_init__(self) -> None:
        _between(self.calls_per_hour, MOST_CALLS, "--calls-per-hour", nought=True)
        _between(self.handle_seconds, LONGEST_SECONDS, "--handle-seconds")
        _between(self.agents, MOST_AGENTS, "--agents")
        if self.patience_seconds is not None:
            _between(self.patience_seconds, MOST_PATIENCE, "--patience-seconds", nought=True)
        if self.load > MOST_AGENTS:
            raise CannotPlan(
                gettext("Så mange opkald så lange kræver mere end {most} på én gang.").format(most=number(MOST_AGENTS)),
                cure=gettext("Se efter, om opkald pr. time eller behandlingstid har forkert enhed."),
            )

    @property
    def arrivals(self) -> float:
        """Calls per second."""
        return self.calls_per_hour / 3600

    @property
    def load(self) -> float:
        """Offered load in erlangs: how many are talking at once if all are answered."""
        return self.arrivals * self.handle_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How a queue settles. Shares are in [0, 1], times in seconds; None where nothing settles (`stable` is False).

    Waits are of all who call, until they are answered or give up; `answered_within` is the share of all who call that
    is answered within the time asked about, so whoever gives up is not answered. `growth_per_hour`: by how many the
    queue grows each hour where it does not settle, else 0. Where nobody calls, the shares are of one who would, and
    `wait_mean_of_waiting` is None.
    """

    stable: bool
    load_erlangs: float
    growth_per_hour: float
    occupancy: float
    blocked_without_queue: float
    waits: float | None
    answered_within: float | None
    answered_within_of_answered: float | None
    abandoned: float | None
    wait_mean: float | None
    wait_mean_of_waiting: float | None
    wait_mean_of_answered: float | None
    wait_percentiles: tuple[float | None, float | None, float | None]  # of SHARES: 50, 80 and 95 %
    queue_mean: float | None


class Reached(Protocol):
    """What goals are about; of `Waits` the part that is found at once."""

    @property
    def stable(self) -> bool: ...

    @property
    def answered_within(self) -> float | None: ...

    @property
    def abandoned(self) -> float | None: ...

    @property
    def wait_mean(self) -> float | None: ...


def waits(queue: Queue, *, answer_within: float = 20.0) -> Waits:
    """What `queue` settles to; `answer_within` is in seconds, 0 or more."""
    found = reached(queue, answer_within=answer_within)
    return found.waits() if isinstance(found, _Patient) else found


def reached(queue: Queue, *, answer_within: float) -> Waits | _Patient:
    """The same, but where people give up only what goals are about: the rest takes a hundred times as long."""
    if not 0 <= answer_within <= LONGEST_SECONDS:
        raise _impossible("--answer-within", answer_within, LONGEST_SECONDS, nought=True)
    if not queue.load:
        return _at_once_or_never(queue, 0.0)
    if queue.patience_seconds is not None and not queue.arrivals * queue.patience_seconds:
        return _at_once_or_never(queue, math.exp(log_loss_and_carried(queue.load, queue.agents)[0]))
    if queue.patience_seconds is not None:
        return _Patient(queue, queue.patience_seconds, answer_within)
    if queue.load >= queue.agents:
        return _growing(queue)
    return _without_patience(queue, answer_within)


def _growing(queue: Queue) -> Waits:
    """No balance: each hour more come than can be answered, and no mean would tell the truth."""
    return Waits(
        stable=False,
        load_erlangs=queue.load,
        growth_per_hour=queue.calls_per_hour - queue.agents * 3600 / queue.handle_seconds,
        occupancy=1.0,
        blocked_without_queue=math.exp(log_loss_and_carried(queue.load, queue.agents)[0]),
        waits=None,
        answered_within=None,
        answered_within_of_answered=None,
        abandoned=None,
        wait_mean=None,
        wait_mean_of_waiting=None,
        wait_mean_of_answered=None,
        wait_percentiles=(None, None, None),
        queue_mean=None,
    )


def _at_once_or_never(queue: Queue, blocked: float) -> Waits:
    """Nobody waits: `blocked` of those who call find all agents taken and leave (Erlang B), the others are answered.

    What Erlang A comes to as patience goes to 0; with nobody who calls there is nobody to be blocked either.
    """
    answered = 1 - blocked
    return Waits(
        stable=True,
        load_erlangs=queue.load,
        growth_per_hour=0.0,
        occupancy=min(1.0, queue.load * answered / queue.agents),
        blocked_without_queue=blocked,
        waits=blocked,
        answered_within=answered,
        answered_within_of_answered=1.0,
        abandoned=blocked,
        wait_mean=0.0,
        wait_mean_of_waiting=0.0 if queue.load else None,
        wait_mean_of_answered=0.0,
        wait_percentiles=(0.0, 0.0, 0.0),
        queue_mean=0.0,
    )


def _without_patience(queue: Queue, answer_within: float) -> Waits:
    """Erlang C: a wait is nothing, or exponential with the rate by which the servers are ahead."""
    ahead = (queue.agents - queue.load) / queue.handle_seconds
    log_delayed = log_erlang_c(queue.load, queue.agents)
    delayed = math.exp(log_delayed)
    within = -math.expm1(log_delayed - ahead * answer_within)
    mean = delayed / ahead
    return Waits(
        stable=True,
        load_erlangs=queue.load,
        growth_per_hour=0.0,
        occupancy=queue.load / queue.agents,
        blocked_without_queue=math.exp(log_loss_and_carried(queue.load, queue.agents)[0]),
        waits=delayed,
        answered_within=within,
        answered_within_of_answered=within,
        abandoned=0.0,
        wait_mean=mean,
        wait_mean_of_waiting=1 / ahead,
        wait_mean_of_answered=mean,
        wait_percentiles=_of_shares(lambda share: max(0.0, (log_delayed - math.log1p(-share)) / ahead)),
        queue_mean=queue.arrivals * mean,
    )


class _Patient:
    """Erlang A (Palm): those who lose patience leave, so every queue settles. What `Reached` names, and the rest."""

    stable = True

    def __init__(self, queue: Queue, patience: float, answer_within: float) -> None:
        self.queue, self.patience = queue, patience
        self.s, self.y = queue.agents * patience / queue.handle_seconds, queue.arrivals * patience
        self.log_all = log_palm(self.s, self.y)
        self.log_blocked, log_carried = log_loss_and_carried(queue.load, queue.agents)
        log_odds = self.log_all + self.log_blocked - log_carried
        self.log_delayed = (
            -math.log1p(math.exp(-log_odds)) if log_odds > 0 else log_odds - math.log1p(math.exp(log_odds))
        )
        self.delayed = math.exp(self.log_delayed)
        self.in_queue = mean_queue_when_busy(self.s, self.y)
        self.abandoned = self.delayed * self.in_queue / self.y
        self.wait_mean = self.delayed * self.in_queue / queue.arrivals
        at_once = 1 / (1 + math.exp(min(log_odds, 700.0)))
        self.answered = 1 - self.abandoned
        # Sums of many terms: in the last digits they may come out above all there are.
        after = max(0.0, self.answered_later(0.0) - self.answered_later(answer_within))
        self.answered_within = min(self.answered, at_once + self.delayed * after)

    def log_still_waiting(self, time: float) -> float:
        """log of the share of those who wait that still wait after `time`."""
        fades = time / self.patience
        return _log_offered_beyond(self.s, self.y, fades, self.log_all) - fades

    def answered_later(self, time: float) -> float:
        """The share of those who wait that is answered after more than `time`."""
        s, y, fades = self.s, self.y, time / self.patience
        spread = -y * math.expm1(-fades)
        later = log_palm(s + 1, y * math.exp(-fades))
        return math.exp(math.log(s / (s + 1)) - (s + 1) * fades + spread + later - self.log_all)

    def waits(self) -> Waits:
        queue, of_waiting = self.queue, self.in_queue / self.queue.arrivals
        return Waits(
            stable=True,
            load_erlangs=queue.load,
            growth_per_hour=0.0,
            occupancy=min(1.0, queue.load * self.answered / queue.agents),
            blocked_without_queue=math.exp(self.log_blocked),
            waits=self.delayed,
            answered_within=self.answered_within,
            answered_within_of_answered=self.answered_within / self.answered,
            abandoned=self.abandoned,
            wait_mean=self.wait_mean,
            wait_mean_of_waiting=of_waiting,
            wait_mean_of_answered=self.delayed * _area(self.answered_later, of_waiting) / self.answered,
            wait_percentiles=_of_shares(
                lambda share: _reached(self.log_still_waiting, math.log1p(-share) - self.log_delayed)
            ),
            queue_mean=self.delayed * self.in_queue,
        )


def _log_offered_beyond(s: float, y: float, fades: float, log_all: float) -> float:
    """log P(offered wait > t | somebody waits), t in patiences: γ(s, y e^-t) / γ(s, y) by Palm's sums."""
    return -s * fades - y * math.expm1(-fades) + log_palm(s, y * math.exp(-fades)) - log_all


def _area(tail: Callable[[float], float], scale: float) -> float:
    """∫ tail over all times, in pieces that follow its fall."""
    end = scale
    while tail(end) > 1e-14 * tail(0.0):
        end *= 2
    pieces = [end * step / 16 for step in range(17)]
    nothing = 1e-14 * tail(0.0) * end  # in a piece: far out a tail has no nine digits left to be found
    return sum(quad(tail, *piece, epsabs=nothing, epsrel=1e-9)[0] for piece in pairwise(pieces))


def _reached(log_tail: Callable[[float], float], level: float) -> float:
    """The time at which `log_tail`, which falls from 0, is down to `level`; 0 where it begins below."""
    if level >= 0:
        return 0.0
    end = 1.0
    while log_tail(end) > level:
        end *= 2
    return float(brentq(lambda time: log_tail(time) - level, 0.0, end, xtol=1e-9, rtol=1e-12))


def _of_shares(wait: Callable[[float], float]) -> tuple[float, float, float]:
    first, second, third = (wait(share) for share in SHARES)
    return first, second, third


def _between(value: float, most: float, option: str, *, nought: bool = False) -> None:
    if not (0 < value <= most or (nought and value == 0)):
        raise _impossible(option, value, most, nought=nought)


def _impossible(option: str, value: float, most: float, *, nought: bool = False) -> CannotPlan:
    cure = (
        gettext("Skriv et tal fra {least} til {most}.") if nought else gettext("Skriv et tal over 0 og højst {most}.")
    )
    if option == "--patience-seconds":
        cure += " " + gettext("Lægger ingen på, så lad det ude; lægger alle på, der ikke får svar straks, så skriv 0.")
    return CannotPlan(
        gettext("{option} kan ikke være {value}.").format(option=option, value=f"{value:g}"),
        cure=cure.format(least=0, most=number(most)),
        where=(option,),
    )
