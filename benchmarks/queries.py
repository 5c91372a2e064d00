"""How many questions each page asks the database, written to `queries.json`."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from benchmarks.ground import SMALL, Ground
from benchmarks.lines import QUERIES, Line, write
from benchmarks.pages import asked_for, browser_of

TIMES = 3


def measure(ground: Ground) -> list[Line]:
    ground.filled(SMALL)
    rows = [_counted(username, address) for username, address in asked_for()]
    shown = [row for row in rows if row["status"] == 200]
    write(QUERIES, sorted(rows, key=lambda row: (row["status"] != 200, -row["queries"], row["page"])))
    for row in sorted(shown, key=lambda row: -row["queries"]):
        ground.say(f"{row['queries']:3d} queries, {row['ms']:6.1f} ms  {row['page']}  ({row['asked_by']})")
    for row in rows:
        if row["status"] >= 500:
            ground.say(f"ERROR {row['status']} of ours  {row['page']}  ({row['asked_by']})")
    return []


def _counted(username: str, address: str) -> dict[str, Any]:
    """One page: its status, its queries (the session and who asks included), and milliseconds without a server."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = browser_of(username)
    client.get(address)  # what a process reads once is read
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    asked = [query["sql"] for query in captured.captured_queries if query["sql"] not in {"BEGIN", "COMMIT"}]
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        client.get(address)
        took.append((time.perf_counter() - began) * 1000)
    again = sum(number - 1 for number in Counter(asked).values())
    return {
        "page": _without_rows(address),
        "asked_by": username,
        "status": answer.status_code,
        "queries": len(asked),
        "asked_twice": again,
        "ms": round(min(took), 1),
        "kilobytes": round(len(answer.content) / 1000, 1) if not answer.streaming else None,
    }


def _without_rows(address: str) -> str:
    """/henvendelser/4711/ as /henvendelser/…/: rows differ from run to run."""
    return "/".join("…" if part.isdigit() else part for part in address.split("/"))
