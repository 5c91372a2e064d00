"""What one registration costs beside a view that does nothing."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from functools import partial
from itertools import cycle
from typing import Any

from benchmarks.ground import SMALL, Ground
from benchmarks.hello import beside_hello, costs, served
from benchmarks.lines import Line
from benchmarks.web import Browser

PATH = "/api/v1/contacts"
PEER = "a peer's 47–64 ms (published elsewhere, its own bench, not measured here)"
PEER_MS = 47.0


def measure(ground: Ground) -> list[Line]:
    ground.filled(SMALL)
    people = cycle(ground.stock.citizens[:2000])

    def register(client: Browser, **more: str) -> None:
        answer = client.post_json(PATH, content(next(people)) | more)
        assert answer.status == 201, answer.body

    noted = partial(register, note="Oplyst om frist og om, hvad hun skal medbringe.")
    with served(ground) as house:
        cost = costs(house, register, noted=noted)
    statements = _statements(ground)
    return [
        *beside_hello(
            cost,
            name="register a contact with its person, one enquiry, event, deliveries, look-up, key, authorised",
            stored=ground.stored,
            measure="register",
            goal=4,
            beside={
                "with a note, ratio:": round(cost["noted"].cpu_ms / cost["hello"].cpu_ms, 2),
                f"beside {PEER}:": f"{PEER_MS / cost['asked'].wall_ms:.0f}×",
            },
        ),
        Line(
            name="statements of one registration, BEGIN and COMMIT not counted",
            measure="register",
            product=len(statements),
            unit="statements",
            goal=8,
            goal_is="product",
            beside={"they are:": ", ".join(_said_shortly(sql) for sql in statements)},
        ),
    ]


def content(citizen: int) -> dict[str, Any]:
    """The usual case: a citizen we know, at a counter, one matter resolved on the spot."""
    return {
        "channel": "in_person",
        "medium": "counter",
        "centre": "aabybro",
        "asker": citizen,
        "enquiries": [{"service": "flytning", "guidance_given": True}],
    }


def _statements(ground: Ground) -> list[str]:
    """What the database is asked in one registration, in a process of the product that has done it before."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"Authorization": f"Bearer {ground.token}"}, SERVER_NAME="localhost")

    def post(citizen: int) -> None:
        key = str(uuid.uuid4())
        body = json.dumps(content(citizen))
        answer = client.post(PATH, body, content_type="application/json", headers={"Idempotency-Key": key})
        assert answer.status_code == 201, answer.content

    post(ground.stock.citizens[0])
    with CaptureQueriesContext(connection) as captured:
        post(ground.stock.citizens[1])
    return list(_without_frames(query["sql"] for query in captured.captured_queries))


def _without_frames(statements: Iterator[str] | Any) -> Iterator[str]:
    return (sql for sql in statements if sql.split(None, 1)[0] not in {"BEGIN", "COMMIT"})


def _said_shortly(sql: str) -> str:
    words = sql.replace('"', "").split()
    table = next((words[n + 1] for n, word in enumerate(words[:-1]) if word in {"FROM", "INTO", "UPDATE"}), "")
    return f"{words[0]} {table}".strip()
