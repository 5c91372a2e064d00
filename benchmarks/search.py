"""Free text in a million notes: rare words, common ones, two at once, parts of compounds."""

from __future__ import annotations

import statistics
import time

from benchmarks.ground import LARGE, Ground
from benchmarks.lines import Line

TYPED = {
    "rare": ("j4711", "j190042", "j77"),
    "common": ("pas", "har", "bolig", "kort", "adresse"),
    "two words": ("pas frist", "barn bolig", "mangler attest", "aftalt kørekort", "læge tilskud"),
    "parts of compounds": ("pasfornyelse", "boligstøtte", "sygesikringsbevis", "adresseændring", "børnetilskud"),
    "three words": ("ringede pas mandag", "svar om boligstøtte", "datter hjulpet nøgle"),
    "not there": ("zebrastribe", "pas zebrastribe"),
}
TIMES = 12
PEER = "a peer's search took 1.8 s at this size (published elsewhere, not measured here)"


def measure(ground: Ground) -> list[Line]:
    from django.db import connection

    from hovedindgang.contacts.searching import search_notes
    from hovedindgang.people.models import Employee

    ground.filled(LARGE)
    employee, took, found = ground.stock.employee, {}, {}
    for kind, typed in TYPED.items():
        for words in typed:
            search_notes(employee, words)  # its pages are in memory from here on, as those of a day's work are
            found[words] = len(search_notes(employee, words))
            for _ in range(TIMES):
                asks = Employee.objects.get(pk=employee.pk)  # as each request has her: with nothing kept of the last
                began = time.perf_counter()
                search_notes(asks, words)
                took.setdefault(kind, []).append((time.perf_counter() - began) * 1000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM contacts_note")
        notes = cursor.fetchone()[0]
    assert any(found[words] for words in TYPED["rare"])
    assert all(found[words] for words in TYPED["common"])
    every = [ms for kind in took.values() for ms in kind]
    worst, slowest = max((statistics.median(ms), kind) for kind, ms in took.items())
    beside = {
        "notes:": f"{notes:,}",
        **{f"{kind}, median ms:": round(statistics.median(ms), 1) for kind, ms in took.items()},
        PEER: "",
    }
    return [
        Line(
            name="free-text search in a million contacts' notes, slowest kind of question",
            measure="search",
            product=worst,
            unit="ms, median",
            goal=50,
            goal_is="product",
            beside={"kind:": slowest, **beside},
        ),
        Line(
            name="the same, 95 of 100 questions",
            measure="search",
            product=statistics.quantiles(every, n=20)[-1],
            unit="ms",
            goal=50,
            goal_is="product",
        ),
    ]
