"""One row of a register as one record."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter, defaultdict
from typing import NamedTuple

from hovedindgang.registers.instants import BadInstant, Instants
from hovedindgang.registers.language import gettext as _
from hovedindgang.registers.mapping import CHANNEL_OF, Layout, folded, key_of
from hovedindgang.registers.reading import Table
from hovedindgang.registers.rules import FileKind, RecordKind, Result, is_nothing, says_yes
from hovedindgang.registers.steps import LONGEST_ID, LONGEST_TEXT, Texts, TooLong, bad_time
from hovedindgang.servicemodel.document import Channel

# Words for a result, besides those of the mapping file. Zylinc writes Answered and Missed.
_RESULTS = {
    **dict.fromkeys(
        ("answered", "besvaret", "connected", "completed", "ended", "afsluttet", "ekspederet"), Result.ANSWERED
    ),
    **dict.fromkeys(
        ("missed", "abandoned", "tabt", "mistet", "ikke besvaret", "noshow", "no show", "udeblevet", "left", "forladt",
         "cancelled", "annulleret", "timeout", "noanswer", "hangup", "lagt på", "opgivet", "gik"),
        Result.LEFT,
    ),
    **dict.fromkeys(("waiting", "venter", "open", "åben"), Result.OPEN),
}  # fmt: skip
_OVER = {"ended", "afsluttet"}  # it is over: beside a column of calls that says no more than that


_TEN_DAYS = 864_000_000  # milliseconds; no call lasts so long
# Three digits after a point are thousands: nobody measures a thousandth of a millisecond.
_NUMBER = re.compile(r"\d{1,12}(?:[.,](?:\d{1,2}|\d{4,}))?")


class BadDuration(ValueError):
    """What stands in the column of the role it names is no duration."""


class Record(NamedTuple):
    """One ticket, call, mail or message. Texts and keys are "" where the file says nothing."""

    external_id: str
    kind: str
    channel: str
    queue: str
    location: str
    service: str  # key, through the mapping
    centre: str  # key, through the mapping
    came_at: dt.datetime
    called_at: dt.datetime | None
    ended_at: dt.datetime | None
    result: str
    registrations: int
    sent_on: bool = False  # she was sent on to another counter, number or place; in the report only


class Words(NamedTuple):
    """What the words of a row come to. A register repeats a few combinations, so each is worked out once."""

    queue: str
    location: str
    service: str
    centre: str
    channel: str
    kind: str
    event: str
    mapped: str  # the result that the mapping gives, or ""
    said: str | None  # the result that the word itself says; None: there is a word, and nobody knows it
    untold: bool  # there is no word, or one that only says whether it is over
    over: bool


class RecordRows:
    """Turns rows into records, remembering who serves each queue and place."""

    def __init__(self, table: Table, layout: Layout) -> None:
        self.table, self.layout, self.places = table, layout, layout.places
        self.instants = Instants(layout.mapping.zone, layout.mapping.formats.get("time", ""))
        self.employees: dict[str, set[str]] = defaultdict(set)
        self.employees_at: dict[str, set[str]] = defaultdict(set)  # location → who serves there
        self._texts, self._alike = Texts(), Counter[str]()
        self._words: dict[tuple[str, ...], Words] = {}
        self._spelt: dict[str, str] = {}  # a queue or place as it is compared → as it was first written
        roles = ("queue", "category", "location", "channel", "kind", "event", "result", "state")
        self._word_roles = [role for role in roles if role in self.places]
        self._word_places = [self.places[role] for role in self._word_roles]
        self._came, self._called, self._ended, self._id, self._person, self._sent_on = (
            self.places.get(role) for role in ("came", "called", "ended", "id", "resource", "sent_on")
        )

    def record(self, row: list[str]) -> Record | None:
        """The row as a record; None, and a refusal in the table, if it cannot be one."""
        role, called, ended = "came", None, None
        try:
            came = self._read(row, self._came)
            if came is None:
                raise BadInstant
            if self._called is not None:
                role = "called"
                called = self._read(row, self._called)
            if self._ended is not None:
                role = "ended"
                ended = self._read(row, self._ended)
            elif total := self._milliseconds(row, "total"):
                ended = came + dt.timedelta(milliseconds=total)
            if "waited" in self.places:
                self._milliseconds(row, "waited")
            return self._whole(row, came, called, ended)
        except BadInstant:
            self.table.refuse(bad_time(self.layout, role, row))
        except BadDuration as bad:
            wrong = _("Varigheden i kolonnen {column} kan ikke læses. Der skal stå et helt antal millisekunder.")
            self.table.refuse(wrong.format(column=self.layout.names[str(bad)]))
        except TooLong:
            self.table.refuse(_("Et felt er over {most} tegn langt.").format(most=LONGEST_TEXT))
        return None

    def words(self, row: list[str]) -> Words:
        """What the row's words come to. Raises TooLong."""
        raw = tuple([row[place] for place in self._word_places])
        found = self._words.get(raw)
        if found is None:
            found = self._words[raw] = self._work_out(dict(zip(self._word_roles, map(self._texts, raw), strict=True)))
        return found

    def event(self, row: list[str]) -> tuple[Record, str, float | None] | None:
        """A row of Zylinc's: its call so far, what happened, and for how many milliseconds (None: not said)."""
        record = self.record(row)
        return record and (record, self.words(row).event, self._milliseconds(row, "waited"))

    def _milliseconds(self, row: list[str], role: str) -> float | None:
        """A duration; None where nothing is said. Raises BadDuration for what is no number of at most ten days."""
        text = row[self.places[role]].strip() if role in self.places else ""
        if is_nothing(text):
            return None
        value = float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else _TEN_DAYS
        if value >= _TEN_DAYS:
            raise BadDuration(role)
        return value

    def _read(self, row: list[str], place: int | None) -> dt.datetime | None:
        return None if place is None else self.instants.read(row[place])

    def _work_out(self, said: dict[str, str]) -> Words:
        mapping = self.layout.mapping
        words = said.get("queue", ""), said.get("location", "")
        queue, location = (self._spelt.setdefault(folded(word), word) for word in words)
        channel = key_of(mapping.channels, said.get("channel", "")) or said.get("channel", "")
        spoken_of = key_of(mapping.kinds, said.get("kind", "")) or said.get("kind", "").casefold()
        kind = RecordKind(spoken_of) if spoken_of in set(RecordKind) else self.layout.records
        word = said.get("result") or said.get("state", "")
        return Words(
            queue,
            location,
            key_of(mapping.services, queue, said.get("category", "")),
            key_of(mapping.centres, location, queue),
            channel if channel in set(Channel) else mapping.channel or CHANNEL_OF[kind],
            kind,
            said.get("event", ""),
            key_of(mapping.results, word),
            _RESULTS.get(word.casefold()) if word else Result.ANSWERED,  # without a word: it was received
            not word or word.casefold() in _OVER,
            word.casefold() in _OVER,
        )

    def _whole(
        self, row: list[str], came: dt.datetime, called: dt.datetime | None, ended: dt.datetime | None
    ) -> Record | None:
        if (called and called < came) or (ended and ended < (called or came)):
            self.table.refuse(_("Tiderne går baglæns: kaldt eller afsluttet, før borgeren kom."))
            return None
        words = self.words(row)
        result = self._result(words, called, ended)
        if result is None:
            wrong = _("Resultatet i kolonnen {column} kendes ikke. Oversæt det i afbildningen under [results].")
            self.table.refuse(wrong.format(column=self.layout.names.get("result", "State")))
            return None
        external_id = row[self._id].strip() if self._id is not None else ""
        if len(external_id) > LONGEST_ID:
            self.table.refuse(_("Nummeret i kolonnen {column} er for langt.").format(column=self.layout.names["id"]))
            return None
        if self._person is not None and not is_nothing(row[self._person]):
            person = row[self._person].strip()
            self.employees[words.queue].add(person)
            self.employees_at[words.location].add(person)
        if result == Result.LEFT and called:  # called in vain: nobody was served, and then she was known to be gone
            called, ended = None, ended or called
        return Record(
            external_id or self._made_id(row, words.queue, came, ended), words.kind, words.channel, words.queue,
            words.location, words.service, words.centre, came, called, ended, result, 1,
            self._sent_on is not None and says_yes(row[self._sent_on]),
        )  # fmt: skip

    def _result(self, words: Words, called: dt.datetime | None, ended: dt.datetime | None) -> str | None:
        """How it went: by the mapping, else by the word where it tells, else by the times; None if neither does.

        Whoever did not turn up was not served because she was called. Unknown words count for nothing beside times.
        """
        if words.mapped or self._called is None:
            return words.mapped or words.said
        if words.said and not words.untold and words.said != Result.OPEN:
            return words.said
        if called or ended:
            return Result.ANSWERED if called else Result.LEFT
        if words.over:
            return Result.LEFT
        # A state that is not over is under way; a result that nobody knows must be translated.
        return Result.OPEN if words.said or "result" not in self.places else None

    def _made_id(self, row: list[str], queue: str, came: dt.datetime, ended: dt.datetime | None) -> str:
        """Where the system gives no number: a digest of what the row says."""
        if self.layout.kind is FileKind.ZYLINC:  # what the events of one call share
            return _digest(queue, came.isoformat(), ended.isoformat() if ended else "")
        digest = _digest(*row)
        self._alike[digest] += 1  # two people may come in the same minute: the second like row is another person
        return f"{digest}-{self._alike[digest]}"


def _digest(*parts: str) -> str:
    return "sha256:" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
