"""What explains a look-up, what stands out, and the states of a question about one. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hovedindgang.kernel import clock
from hovedindgang.servicemodel.document import ServiceModel, Sourced

LONGEST_SAID = 2000  # letters of an answer, and of what was done
SHOWN_BY_ITSELF = frozenset({"registration", "work_list"})  # uses in which the employee chose nobody to look at


class Why(StrEnum):
    """The work that explains a look-up, the surest first: the first that holds is told."""

    REGISTERED = "registered"  # it is the registration of a contact itself
    CONTACT = "contact"  # she had a contact with that citizen, within the model's days
    OPEN_MATTER = "open_matter"  # she owned an open matter of that citizen's
    HANDOVER = "handover"  # handed to her department, or by her, and not long closed
    WORK_LIST = "work_list"  # the house put it on her list; she chose nobody
    DRAFT = "draft"  # it stands in a form of hers that is not saved yet
    SAME_SEARCH = "same_search"  # shown beside the one she served, in the same search by name
    NOBODY = "nobody"  # the search found nobody, so that nothing was seen
    STATED = "stated"  # a reason in her own words, which nothing in the house can check: it stands out too
    NONE = "none"


EXPLAINED = frozenset(Why) - {Why.STATED, Why.NONE}


class State(StrEnum):
    """Of a question about one look-up."""

    DRAWN = "drawn"  # by the sample; nobody has asked her yet
    ASKED = "asked"
    ANSWERED = "answered"
    IN_ORDER = "in_order"
    NOT_IN_ORDER = "not_in_order"


# Datatilsynet, "Stikprøver i log": the employee explains, the leader judges. Who has left is judged without an answer.
ALLOWED: Mapping[State, frozenset[State]] = {
    State.DRAWN: frozenset({State.ASKED}),
    State.ASKED: frozenset({State.ANSWERED}),
    State.ANSWERED: frozenset({State.ASKED, State.IN_ORDER, State.NOT_IN_ORDER}),
    State.IN_ORDER: frozenset(),
    State.NOT_IN_ORDER: frozenset(),
}
WITHOUT_ANSWER = frozenset({State.DRAWN, State.ASKED})  # may be judged where she no longer works here
JUDGED = frozenset({State.IN_ORDER, State.NOT_IN_ORDER})


class Stratum(StrEnum):
    """Why a look-up is in the sample, in the order of drawing."""

    CLOSED = "closed"  # a closed record was opened: all of them
    UNLINKED = "unlinked"  # no work explains it
    LINKED = "linked"  # explained, and drawn all the same


class OversightRefused(ValueError):
    """A deed that was not done; `errors` says by field what to do."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(errors.values()))


@dataclass(frozen=True, slots=True)
class Limits:
    """The model's limits, or what is assumed where it says none."""

    contact_explains_days: int = 14
    lookup_before_days: int = 2
    night_from_hour: int = 22
    night_to_hour: int = 6
    several_employees: int = 3
    several_days: int = 7
    common_surname: int = 25
    sample_size: int = 20
    sign_off_working_days: int = 15

    @classmethod
    def of(cls, model: ServiceModel | None) -> Limits:
        said: dict[str, int] = {}
        for name in cls.__dataclass_fields__:
            value = getattr(model.oversight, name) if model else None
            if isinstance(value, Sourced):
                said[name] = value.value
        return cls(**said)

    @property
    def settled_after(self) -> int:
        """Days after a look-up's day when no contact can explain it any more."""
        return self.lookup_before_days + 1


def at_night(at: dt.datetime, limits: Limits) -> bool:
    """Whether the instant lies in the night by Danish time; from 22 to 6 goes past midnight, from 0 to 5 does not."""
    hour, start, end = at.astimezone(clock.DENMARK).hour, limits.night_from_hour, limits.night_to_hour
    return start <= hour < end if start <= end else hour >= start or hour < end


def surname(name: str) -> str:
    """The last word of a name key (`people.rules.name_key`), "" for a single word: that may be a first name."""
    words = name.split()
    return words[-1] if len(words) > 1 else ""


def may_become(was: State, becomes: State, *, left: bool) -> bool:
    """`left`: the employee can no longer sign in."""
    return becomes in ALLOWED[was] or (left and was in WITHOUT_ANSWER and becomes in JUDGED)
