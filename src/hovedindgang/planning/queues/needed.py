"""How many must sit at the telephones for a goal to be met."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.queues.waits import MOST_AGENTS, Queue, Reached, reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """What is to hold, all at once; None is no goal. Shares are in (0, 1), times in seconds.

    `answered_within`: the least share of all who call to be answered within `answer_within` seconds.
    """

    answered_within: float | None = None
    answer_within: float = 20.0
    abandoned: float | None = None
    wait_mean: float | None = None

    def __post_init__(self) -> None:
        for share, option in (
            (self.answered_within, "--target-percent"),
            (self.abandoned, "--target-abandoned-percent"),
        ):
            if share is not None and not 0 < share < 1:
                raise CannotPlan(
                    gettext("{option} skal være mellem 0 og 100, begge undtaget.").format(option=option),
                    cure=gettext("Et mål på 100 % kan ingen bemanding love; skriv fx 80."),
                    where=(option,),
                )
        if self.wait_mean is not None and not 0 < self.wait_mean < math.inf:
            raise CannotPlan(
                gettext("--target-wait-seconds skal være over 0."),
                cure=gettext("Ingen ventetid overhovedet kan ingen bemanding love; skriv fx 30."),
                where=("--target-wait-seconds",),
            )

    @property
    def any(self) -> bool:
        return any(goal is not None for goal in (self.answered_within, self.abandoned, self.wait_mean))

    def met(self, found: Reached) -> bool:
        """Whether all of them hold; a queue that grows meets none."""
        return found.stable and all(
            (
                self.answered_within is None or (found.answered_within or 0.0) >= self.answered_within,
                self.abandoned is None or (found.abandoned or 0.0) <= self.abandoned,
                self.wait_mean is None or (found.wait_mean or 0.0) <= self.wait_mean,
            )
        )


def agents_needed(queue: Queue, goals: Goals) -> int:
    """The fewest agents for whom `goals` hold; `queue.agents` is not looked at.

    One more agent makes nothing worse, so the number is found by halving; 0 where nobody calls. Raises CannotPlan
    beyond `MOST_AGENTS`.
    """
    if not queue.calls_per_hour:
        return 0

    def enough(agents: int) -> bool:
        return goals.met(reached(replace(queue, agents=agents), answer_within=goals.answer_within))

    few, many = 0, max(1, math.ceil(queue.load))
    while not enough(many):
        if many == MOST_AGENTS:
            raise CannotPlan(
                gettext("Selv {most} er ikke nok til målet.").format(most=number(MOST_AGENTS)),
                cure=gettext("Sænk målet, eller se efter, om tallene har forkert enhed."),
            )
        few, many = many, min(MOST_AGENTS, many + max(1, math.isqrt(many)) if few == 0 else 2 * many - few)
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if enough(middle) else (middle, many)
    return many
