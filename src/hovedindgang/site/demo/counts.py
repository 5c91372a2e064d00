"""What the queue system, the phones and the mailbox counted of the invented year: the file behind completeness.

It is written as a municipality's own export would be, and read in through the same deed.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from hovedindgang.contacts.bulk import BulkContact
from hovedindgang.servicemodel.document import Channel
from hovedindgang.site.demo.figures import VALUE

COLUMNS = ("nr", "type", "kanal", "sted", "kø", "oprettet", "kaldt", "afsluttet", "status")
KINDS = {Channel.IN_PERSON: "ticket", Channel.PHONE: "call", Channel.WRITTEN: "mail", Channel.DIGITAL: "message"}
LEFT = {Channel.IN_PERSON: VALUE["left_queue"], Channel.PHONE: VALUE["abandoned_calls"]}  # percent
MEAN_WAIT_MINUTES = {Channel.IN_PERSON: 7.0, Channel.PHONE: 2.5}  # assumed
SERVED_MINUTES = 9.0  # of those that nobody registered; assumed
Row = tuple[str, ...]


def write_counts(path: Path, contacts: Iterable[BulkContact], rng: Random) -> int:
    """Write the file and give its number of rows."""
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(COLUMNS)
        for rows, row in enumerate(counted_elsewhere(contacts, rng), start=1):  # noqa: B007
            out.writerow(row)
    return rows


def counted_elsewhere(contacts: Iterable[BulkContact], rng: Random) -> Iterator[Row]:
    """Every contact that came in, those that nobody registered, and those who left before they were reached."""
    number = 0
    for contact in contacts:
        if contact.unattended:
            continue
        number += 1
        yield _row(number, contact.channel, contact.centre or "", contact.started_at, contact.ended_at, rng)
        share = VALUE["unregistered"] / (100 - VALUE["unregistered"])
        if rng.random() < share:
            number += 1
            at = contact.started_at + dt.timedelta(minutes=rng.randrange(1, 20))
            ended = at + dt.timedelta(minutes=rng.expovariate(1 / SERVED_MINUTES))
            yield _row(number, contact.channel, contact.centre or "", at, ended, rng)
        if rng.random() * 100 < LEFT.get(contact.channel, 0):
            number += 1
            yield _row(number, contact.channel, contact.centre or "", contact.started_at, None, rng)


def _row(
    number: int, channel: Channel, centre: str, served_at: dt.datetime, ended_at: dt.datetime | None, rng: Random
) -> Row:
    """One line; `ended_at` None: she left before she was reached."""
    wait = dt.timedelta(minutes=rng.expovariate(1 / MEAN_WAIT_MINUTES.get(channel, 60.0)))
    # Those who wait came a little before; on the same day, so that the day's counts belong together.
    came_at = max(served_at - wait, served_at.replace(hour=0, minute=0, second=0, microsecond=0))
    queue = "Hovednummer" if channel is Channel.PHONE else "Borgerservice"
    if ended_at is None:
        return (
            str(number),
            KINDS[channel],
            channel,
            centre,
            queue,
            _spelled(came_at),
            "",
            _spelled(served_at),
            "forladt",
        )
    times = (_spelled(came_at), _spelled(served_at), _spelled(ended_at))
    return (str(number), KINDS[channel], channel, centre, queue, *times, "besvaret")


def _spelled(at: dt.datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")
