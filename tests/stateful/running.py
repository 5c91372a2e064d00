"""Play a script in the town and in the house, and find where the two part."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from hovedindgang.kernel import clock
from hovedindgang.kernel.models import Event
from stateful import deeds, reading, script
from stateful.deeds import Deed, Told
from stateful.figures import add_up
from stateful.house import House
from stateful.script import Step
from stateful.town import SERVICES, NoAccess, Refused, Town

LOOK_EVERY = 10  # deeds: rows, lists and doors
COUNT_EVERY = 50  # deeds: figures
SHORTEN_SECONDS = 60.0
COUNTED_BY_FACTS = {"contacts.forgotten": "contacts", "citizens.forgotten": "citizens"}


class Parted(AssertionError):
    """The house is not what the town says."""


@dataclass
class Played:
    """How it went: how many deeds were done, refused and kept out, by their names."""

    steps: int = 0
    ends: dict[str, dict[str, int]] = field(default_factory=dict)

    def note(self, word: str, end: str) -> None:
        self.ends.setdefault(word, {}).setdefault(end, 0)
        self.ends[word][end] += 1


class Play:
    """One history, from an empty house."""

    def __init__(self, *, look_every: int = LOOK_EVERY, count_every: int = COUNT_EVERY) -> None:
        self.town, self.house, self.played = Town(), House(), Played()
        self.look_every, self.count_every = look_every, count_every
        self.looks = 0

    def all_of(self, steps: Iterable[Step]) -> Played:
        """Raises Parted where they part; and whatever the house raises that is no refusal."""
        for step in steps:
            self.one(step)
        self.look()
        self.count()
        self.count(afresh=True)
        return self.played

    def one(self, step: Step) -> None:
        deed = script.choose(self.town, step)
        if deed is None:
            return
        self.played.steps += 1
        told: list[Told] = []
        try:
            told, must = deeds.do(self.town, deed), "done"
        except Refused:
            must = "refused"
        except NoAccess:
            must = "no access"
        end = self.house.do(self.town, deed)
        self.played.note(deed["deed"], end)
        _same(f"{deed}: what becomes of it ({self.house.why})", must, end)
        events = self.house.told()
        if deed["deed"] == "retain":
            self._look_at_run(events)
        else:
            _same(f"{deed}: its events", told, [self._told(event) for event in events])
        if self.played.steps % self.look_every == 0:
            self.look()
        if self.played.steps % self.count_every == 0:
            self.count()

    def _told(self, event: Event) -> Told:
        kind, number = event.subject_kind, event.subject_id
        names = self.house.numbers(kind) if kind in self.house.rows else None
        subject: int | str = number if names is None else names.get(int(number), -int(number))
        who = next((name for name, one in self.house.staff.items() if one.pk == event.actor_id), None)
        behalf = self.house.numbers("citizen").get(event.on_behalf_of or 0)
        return event.verb, kind, subject, who, behalf

    def _look_at_run(self, events: list[Event]) -> None:
        """Whatever batches it went in: as many went, and as many were kept, as the town says."""
        went = dict.fromkeys(COUNTED_BY_FACTS.values(), 0)
        for event in events:
            word = COUNTED_BY_FACTS.get(event.verb)
            if word is None:
                raise Parted(f"a retention run told of {event.verb}")
            went[word] += event.facts[word]
        _same("what a run of the retention forgot", {word: self.town.forgot[word] for word in went}, went)
        _same("what it kept and why", dict(self.town.kept), dict(self.house.run.kept))

    def look(self) -> None:
        """Rows, lists, doors, histories, powers."""
        town, house = self.town, self.house
        with clock.standing_at(town.now):
            _same_in("rows", reading.rows_of_town(town), reading.rows_of_house(house))
            turn = self.looks = self.looks + 1
            _same_in("lists", reading.lists_of_town(town, turn), reading.lists_of_house(house, turn))
            for citizen in self._some(number for number, one in town.citizens.items() if not one.gone):
                history = reading.history_of_house(house, citizen)
                _same(f"the history of citizen {citizen}", reading.history_of_town(town, citizen), history)
            numbers = self._some(town.representations)
            service = SERVICES[self.played.steps % len(SERVICES)]
            powers = reading.powers_of_house(house, town, numbers, service)
            _same(f"who may act in {service}", reading.powers_of_town(town, numbers, service), powers)
        _same("events in the log", house.events, Event.objects.order_by("-pk").values_list("pk", flat=True).first())

    def _some(self, numbers: Iterable[int]) -> list[int]:
        """Three of them, others each time, and the newest."""
        listed = list(numbers)
        return (
            [*(listed[(self.played.steps * 7 + one) % len(listed)] for one in range(3)), listed[-1]] if listed else []
        )

    def count(self, *, afresh: bool = False) -> None:
        """The figures as the worker keeps them, told of nothing but events; `afresh`: and as a new count gives them,
        of days too whose persons are long forgotten."""
        with clock.standing_at(self.town.now):
            self.town.hear()
            self.house.deliver(afresh=afresh)
            _same_in("figures", add_up(self.town), reading.figures_of_house())


def play(steps: Iterable[Step], *, then: Callable[[House], Any] = lambda _house: None, **how_often: int) -> Played:
    """A history that leaves nothing behind; `then` is told of the house at its end. Raises as `Play.all_of`."""
    with transaction.atomic():
        try:
            one = Play(**how_often)
            played = one.all_of(steps)
            then(one.house)
            return played
        finally:
            transaction.set_rollback(True)


def fault_of(steps: Iterable[Step], **how_often: int) -> str | None:
    """What is wrong, if anything."""
    try:
        play(steps, **how_often)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def shortened(steps: list[Step], **how_often: int) -> list[Step]:
    """A script with the same kind of fault, from which no step can be left out."""
    wanted = (fault_of(steps, **how_often) or "").partition(":")[0]
    size, until = max(1, len(steps) // 2), time.monotonic() + SHORTEN_SECONDS
    while True:
        begin = 0
        while begin < len(steps) and time.monotonic() < until:
            fewer = steps[:begin] + steps[begin + size :]
            if (fault_of(fewer, **how_often) or "").partition(":")[0] == wanted:
                steps = fewer
            else:
                begin += size
        if size == 1 or time.monotonic() > until:
            return steps
        size //= 2


def _same(what: str, must: Any, found: Any) -> None:
    if must != found:
        raise Parted(f"{what}:\n  the town says {must}\n  the house says {found}")


def _same_in(what: str, must: dict[str, Any], found: dict[str, Any]) -> None:
    for name, expected in must.items():
        if expected != found[name]:
            places = (
                [each for each in {**expected, **found[name]} if expected.get(each) != found[name].get(each)]
                if (isinstance(expected, dict))
                else []
            )
            wrong = "".join(
                f"\n  {each}\n    the town says  {expected.get(each)}\n    the house says {found[name].get(each)}"
                for each in places[:3]
            )
            raise Parted(f"{what}, {name}:{wrong or f' the town says {expected}, the house says {found[name]}'}")


__all__ = ["Deed", "Parted", "Play", "Played", "fault_of", "play", "shortened"]
