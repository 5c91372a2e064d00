"""Words and limits of planning on one's own data. No database."""

from __future__ import annotations

from enum import StrEnum

MOST_REPLICATIONS = 200
USUAL_REPLICATIONS = 20
MOST_CHANGES = 40
MOST_COMPARED = 5
LARGEST_DOCUMENT = 500_000  # letters of an inputs document
USUAL_SEED = 1
MOST_DOUBTS = 60  # numbers that are put at both ends of their ranges, the widest ranges first


class Ground(StrEnum):
    """How an inputs document came to be."""

    STARTING = "starting"  # what the house assumes before anything was measured
    CALIBRATED = "calibrated"  # measured numbers in the place of assumed ones
    EDITED = "edited"  # written by somebody


class RunKind(StrEnum):
    AS_IS = "as_is"  # the policy without a change: what others are compared with
    WHAT_IF = "what_if"
    REPLAY = "replay"  # a time that has passed, beside what happened in it
    DOUBTS = "doubts"  # what of all that is not known decides a what-if most; a replication is a trial of one end


class RunState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


ENDED = frozenset({RunState.DONE, RunState.FAILED, RunState.STOPPED})


class PlanRefused(ValueError):
    """What was asked for cannot be; `errors` by field, each saying what to do, in the user's language."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(" ".join(errors.values()))
