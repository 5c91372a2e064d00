"""Who came, by channel, service and interval: the long file that `plan forecast` reads, from the registered contacts.

Only counts: what fewer than the policy's smallest group came for is put together as "andet", and left out where that is
too few as well. A contact counts once, for the first of its matters. An interval has a row with 0 where nobody came and
the channel is open on such a weekday: where it had contacts at that time on two such days or more.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from hovedindgang.contacts.models import Enquiry
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.scenarios.measuring import OURS

HEADING = "interval_start,channel,service,calls"
OTHER = "andet"
EVERY_DAY = 5.0  # contacts a day, from which a day without any was closed
Start = tuple[dt.date, int]  # a day, and minutes after its midnight


def arrivals(first: dt.date, last: dt.date, *, minutes: int, smallest: int) -> str:
    """The file, of the days from `first` to `last`, in intervals of `minutes`. Times have their distance from UTC."""
    counts = _counted(first, last, minutes)
    by_channel: dict[str, dict[tuple[str, Start], int]] = defaultdict(dict)
    for (channel, service, start), number in _without_small(counts, smallest).items():
        by_channel[channel][service, start] = number
    days = sorted({start[0] for _channel, _service, start in counts})
    lines = [HEADING]
    for channel, found in sorted(by_channel.items()):
        rows = [(start, service, number) for (service, start), number in found.items()]
        most = Counter[str]()
        for (service, _start), number in found.items():
            most[service] += number
        named = most.most_common(1)[0][0]
        rows += [
            (start, named, 0) for start in _nobody_came({start for _service, start in found}, sum(most.values()), days)
        ]
        lines += [f"{_time(start)},{channel},{service},{number}" for start, service, number in sorted(rows)]
    return "\n".join(lines) + "\n"


def _counted(first: dt.date, last: dt.date, minutes: int) -> Counter[tuple[str, str, Start]]:
    ours = {f"contact__{name}": value for name, value in OURS.items()}
    rows = Enquiry.objects.filter(received_on__range=(first, last), **ours, contact__unattended=False)
    about = ("contact_id", "service_id", "contact__channel", "contact__started_at")
    found: Counter[tuple[str, str, Start]] = Counter()
    before = None
    for contact, service, channel, began in rows.order_by("contact_id", "pk").values_list(*about).iterator(5000):
        if contact != before:
            local = began.astimezone(DENMARK)
            at = (local.hour * 60 + local.minute) // minutes * minutes
            found[channel, service, (local.date(), at)] += 1
        before = contact
    return found


def _without_small(counts: Counter[tuple[str, str, Start]], smallest: int) -> Counter[tuple[str, str, Start]]:
    """Services that few came for by a channel are one; where that is few as well they are left out."""
    found = counts
    for told in (OTHER, None):
        sums: Counter[tuple[str, str]] = Counter()
        for (channel, service, _start), number in found.items():
            sums[channel, service] += number
        kept: Counter[tuple[str, str, Start]] = Counter()
        for (channel, service, start), number in found.items():
            if sums[channel, service] >= smallest:
                kept[channel, service, start] += number
            elif told is not None:
                kept[channel, told, start] += number
        found = kept
    return found


def _nobody_came(seen: set[Start], contacts: int, days: Iterable[dt.date]) -> Iterator[Start]:
    often = Counter((day.weekday(), at) for day, at in seen)
    mine = {day for day, _at in seen}
    weekdays = {day.weekday() for day in mine}
    daily = contacts >= EVERY_DAY * len(mine)
    for day in days:
        if day in mine or (not daily and day.weekday() in weekdays):
            for (weekday, at), times in often.items():
                if weekday == day.weekday() and times > 1 and (day, at) not in seen:
                    yield day, at


def _time(start: Start) -> str:
    day, at = start
    return dt.datetime.combine(day, dt.time(at // 60, at % 60), tzinfo=DENMARK).isoformat(timespec="minutes")
