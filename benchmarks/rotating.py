"""A process of the house, to measure a change of keys: `python -m benchmarks.rotating fill N | write | check N M`."""

from __future__ import annotations

import json
import select
import sys

from hovedindgang.site.setup import django_ready


def cpr(number: int) -> str:
    """Ten digits that no other number gives; the day is always one there is."""
    day, serial = divmod(number, 9_000)
    return f"{day % 28 + 1:02d}{day // 28 % 12 + 1:02d}{day // 336 + 10:02d}{serial + 1:04d}"


PAUSE_SECONDS = 0.01
WRITTEN_FROM = 2_000_000  # what the writer makes begins here


def fill(count: int) -> None:
    from django.core.management import call_command

    from hovedindgang.kernel.actors import SYSTEM
    from hovedindgang.people.actions import KnownCitizen, import_citizens

    call_command("migrate", verbosity=0)
    for first in range(0, count, 5_000):
        rows = [KnownCitizen(cpr=cpr(number)) for number in range(first, min(first + 5_000, count))]
        import_citizens(actor=SYSTEM, rows=rows)


def write() -> None:
    """Register citizens, one every hundredth of a second, until standard input is closed; says how many."""
    from hovedindgang.kernel.actors import SYSTEM
    from hovedindgang.people.actions import register_citizen

    done = 0
    print("writing", flush=True)
    while not select.select([sys.stdin], [], [], PAUSE_SECONDS)[0]:
        register_citizen(actor=SYSTEM, cpr=cpr(WRITTEN_FROM + done))
        done += 1
    print(done, flush=True)


def check(count: int, written: int) -> None:
    """Open every value: how many are lost, unreadable, or still under another key."""
    from hovedindgang.kernel.encryption import CannotDecrypt
    from hovedindgang.kernel.keyring import ring
    from hovedindgang.kernel.rotation import values_by_key
    from hovedindgang.people.models import Citizen
    from hovedindgang.people.queries import cpr_of

    expected = {cpr(number) for number in range(count)} | {cpr(WRITTEN_FROM + number) for number in range(written)}
    unreadable = 0
    for citizen in Citizen.objects.only("cpr_sealed").iterator(chunk_size=2_000):
        try:
            expected.discard(cpr_of(citizen) or "")
        except CannotDecrypt:
            unreadable += 1
    old = sum(values for number, values in values_by_key().items() if number != ring().current)
    print(json.dumps({"lost": len(expected), "unreadable": unreadable, "old": old}))


if __name__ == "__main__":
    django_ready()
    {"fill": fill, "write": write, "check": check}[sys.argv[1]](*map(int, sys.argv[2:]))
