"""Contacts by the million: the demonstration's invented year, copied with other people, times and notes."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate
from random import Random

from django.core.management import call_command
from django.db import connection

from benchmarks.ground import MODELS
from hovedindgang.contacts.actions import import_contacts, make_all_histories
from hovedindgang.contacts.bulk import BulkContact, BulkEnquiry
from hovedindgang.insight.actions import recompute_days
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.people.api import token_hash
from hovedindgang.people.models import Citizen, Client, Employee
from hovedindgang.people.rules import Scope
from hovedindgang.policy.queries import adopted_versions, in_force, model_of
from hovedindgang.servicemodel.text import FIELD_WORDS
from hovedindgang.site.demo.filling import fill, hire, meet
from hovedindgang.site.demo.inventing import Year, invent_year
from hovedindgang.site.demo.people import CAST, colleagues

CITIZENS = 120_000
YEAR_TO_COPY = 100_000
PROBES, CONTACTS_OF_A_PROBE = 40, 40  # citizens whose history is read, at each size others
EVERYDAY = (
    "har fået spurgt om kom ringede aftalt sendt mangler frist brev svar uge dag mandag husstand nabo datter søn mor "
    "hjemme gerne igen først senere allerede nyt gammelt udfyldt underskrevet vist forklaret hjulpet ventet selv"
).split()


class Stock:
    """The database and what lies in it."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.stored = 0
        self.probes: dict[int, list[int]] = {}  # size → row numbers of its probes

    def fill_to(self, contacts: int, *, counted: bool = True) -> int:
        """Fill up to `contacts` within one year, recount the kept figures (`counted`), gather statistics; how many."""
        if not self.stored:
            self.furnish(scale=0.08, citizens=CITIZENS)
        if self.stored < contacts:
            self._multiply(contacts)
        make_all_histories()  # the worker's, meanwhile
        if counted:
            first, last = self.period
            recompute_days(days=[first + dt.timedelta(days=n) for n in range((last - first).days + 1)])
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
        return self.stored

    def furnish(self, *, scale: float, citizens: int) -> None:
        """Tables, and the demonstration with a share of its year and as many citizens."""
        call_command("migrate", verbosity=0)
        yesterday = clock.today() - dt.timedelta(days=1)
        self.period = (yesterday - dt.timedelta(days=364), yesterday)
        self.stored = fill(models=MODELS, say=lambda step: self.say(f"demonstration: {step}"), scale=scale)
        self.say(f"inventing {citizens:,} citizens")
        # Those whose history is read have the same number of contacts at each size: nobody else's are theirs.
        met = meet(citizens)
        self.reserved, self.citizens = met[-3 * PROBES :], met[: -3 * PROBES]

    def copies(self, wanted: int, *, seed: int = 1) -> Iterator[list[BulkContact]]:
        """`wanted` contacts that are not stored yet, in files of a year each, every contact with a note."""
        chance, base = Random(seed), self.year(1.0 if wanted > YEAR_TO_COPY else 0.1)
        while wanted > 0:
            # A last, thinned copy covers the whole year too; nothing in it follows anything.
            thinned = wanted < len(base)
            chosen = [base[n * len(base) // wanted] for n in range(wanted)] if thinned else base
            yield self._copied(chosen, chance, alone=thinned)
            wanted -= len(chosen)

    def year(self, scale: float) -> list[BulkContact]:
        """A year at `scale` of the demonstration's volumes, which are about a hundred thousand contacts."""
        self.say("inventing a year to copy")
        staff = hire(CAST, colleagues(tuple(in_force().model.departments)))
        versions = [(known.valid_from, known.version_id, model_of(known.version_id)) for known in adopted_versions()]
        return list(invent_year(Year(versions, *self.period, tuple(self.citizens), staff, "measure"), scale=scale))

    def _copied(self, base: list[BulkContact], chance: Random, *, alone: bool) -> list[BulkContact]:
        """The same days with other people, other seconds and other words."""
        step, later = chance.randrange(len(self.citizens)), dt.timedelta(seconds=chance.randrange(60))
        other = dict(zip(self.citizens, self.citizens[step:] + self.citizens[:step], strict=True))
        return [
            replace(
                contact,
                asker=(asker := other.get(contact.asker)),
                started_at=contact.started_at + later,
                ended_at=contact.ended_at + later,
                note=note(chance),
                enquiries=tuple(_matter(matter, asker, alone=alone) for matter in contact.enquiries),
            )
            for contact in base
        ]

    def _multiply(self, size: int) -> None:
        self.probes[size] = [self.reserved.pop() for _ in range(PROBES)]
        missing, given, filled = size - self.stored, 0, 0
        for file in self.copies(missing, seed=size):
            filled += len(file)
            number = filled * PROBES * CONTACTS_OF_A_PROBE // missing - given
            _give_to_probes(file, self.probes[size], number, first=given)
            given += number
            self.stored += import_contacts(rows=file, actor=SYSTEM, source_name="measure")
            self.say(f"{self.stored:,} of {size:,} contacts")

    # -------------------------------------------------------------------------------------------- who asks for pages

    def client_token(self) -> str:
        token = secrets.token_urlsafe(32)
        Client.objects.create(name="measure", token_hash=token_hash(token), scopes=[scope.value for scope in Scope])
        return token

    def stranger(self) -> int:
        """The row number of a citizen who has never been here."""
        return Citizen.objects.create().pk

    @property
    def employee(self) -> Employee:
        return Employee.objects.get(username="anna")


def _matter(matter: BulkEnquiry, asker: int | None, *, alone: bool) -> BulkEnquiry:
    for_whom = (asker,) if matter.for_whom and asker else ()
    if alone:
        return replace(matter, for_whom=for_whom, ref="", follows_ref="", follows_how=None)
    return replace(matter, for_whom=for_whom)


def _give_to_probes(file: list[BulkContact], probes: list[int], number: int, *, first: int) -> None:
    """Let `number` contacts, spread evenly over the file, be the probes', in turn over all files: all get as many."""
    for turn in range(number):
        at = turn * len(file) // number
        probe = probes[(first + turn) % len(probes)]
        matters = tuple(replace(matter, for_whom=(probe,)) for matter in file[at].enquiries)
        file[at] = replace(file[at], asker=probe, enquiries=matters)


_HEADS = sorted(FIELD_WORDS)
_WORDS = [*EVERYDAY, *_HEADS, *(first + last for first in _HEADS[::3] for last in _HEADS[1::5])]
_WEIGHTS = list(accumulate(1 / (rank + 3) for rank in range(len(_WORDS))))  # Zipf: few words are said very often


def note(chance: Random) -> str:
    """A note of 6 to 24 words, as often said as words are, and one number that is nearly its own."""
    words = chance.choices(_WORDS, cum_weights=_WEIGHTS, k=chance.randint(6, 24))
    return f"{' '.join(words)} j{chance.randrange(200_000)}"
