"""A citizen's last 20 contacts: what they cost beside hello, and that they touch no more when there are more."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import cycle
from statistics import median
from typing import Any

from benchmarks.ground import HUGE, LARGE, SMALL, Ground
from benchmarks.hello import beside_hello, costs, served
from benchmarks.lines import Line
from benchmarks.web import Browser

SHOWN = 20


def measure_small(ground: Ground) -> list[Line]:
    """Only remembers what is touched at ten thousand stored."""
    ground.filled(SMALL)
    ground.shares["touched at ten thousand"] = touched(ground, SMALL)
    return []


def measure(ground: Ground) -> list[Line]:
    if "touched at ten thousand" not in ground.shares:
        measure_small(ground)
    ground.filled(LARGE)
    small, large = ground.shares["touched at ten thousand"], touched(ground, LARGE)
    lines = [*_costs(ground), _growth("1 million", large, small)]
    if ground.full:
        ground.filled(HUGE, counted=False)  # no board is shown of ten million, and counting them takes half an hour
        lines.append(_growth("10 million", touched(ground, HUGE), small))
    return lines


def _costs(ground: Ground) -> list[Line]:
    probes, stranger = cycle(ground.stock.probes[LARGE]), ground.stock.stranger()

    def shown(client: Browser, citizen: int) -> int:
        answer = client.get(f"/api/v1/citizens/{citizen}/contacts?limit={SHOWN}&reason=measure")
        assert answer.status == 200, answer.body
        return len(json.loads(answer.body)["items"])

    def asked(client: Browser) -> None:
        assert shown(client, next(probes)) == SHOWN

    def of_nobody(client: Browser) -> None:
        assert shown(client, stranger) == 0

    with served(ground) as house:
        cost = costs(house, asked, of_nobody=of_nobody)
    return beside_hello(
        cost,
        name=f"a citizen's last {SHOWN} contacts through the API, {ground.stored:,} stored",
        stored=ground.stored,
        measure="history",
        goal=2.5,
        beside={
            "the same for a citizen without contacts, ratio:": round(
                cost["of_nobody"].cpu_ms / cost["hello"].cpu_ms, 2
            ),
        },
    )


@dataclass(frozen=True, slots=True)
class Touched:
    """Buffers that reading one probe's history touched, median over the probes, and how they were found."""

    buffers: float
    most: int
    scans: tuple[str, ...]


def touched(ground: Ground, size: int) -> Touched:
    """EXPLAIN (ANALYZE, BUFFERS) of every statement of a history that reads the tables of contacts."""
    counts, scans = [], set()
    for citizen in ground.stock.probes[size]:
        plans = [_explained(sql, parameters) for sql, parameters in _statements(citizen)]
        counts.append(sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans))
        for plan in plans:
            scans |= set(_scans(plan))
    return Touched(median(counts), max(counts), tuple(sorted(scans)))


def _statements(citizen: int) -> list[tuple[str, Any]]:
    from django.db import connection

    from hovedindgang.contacts.history import history_seen
    from hovedindgang.kernel.actors import SYSTEM

    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        history_seen(actor=SYSTEM, citizen_id=citizen, limit=SHOWN)
    return seen


def _explained(sql: str, parameters: Any) -> dict[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", parameters)
        said = cursor.fetchone()[0]
    plan: dict[str, Any] = (json.loads(said) if isinstance(said, str) else said)[0]["Plan"]
    return plan


def _scans(plan: dict[str, Any]) -> list[str]:
    own = [f"{plan['Node Type']} {plan.get('Index Name') or plan['Relation Name']}"] if "Relation Name" in plan else []
    return own + [scan for child in plan.get("Plans", ()) for scan in _scans(child)]


def _growth(stored: str, larger: Touched, smaller: Touched) -> Line:
    whole = [scan for scan in larger.scans if scan.startswith("Seq Scan")]
    return Line(
        name=f"the same: buffers touched at {stored} stored, beside 10 thousand",
        measure="history",
        product=larger.buffers,
        baseline=smaller.buffers,
        unit="buffers, median of 40 citizens",
        goal=1.2,
        goal_is="ratio",
        beside={"most:": f"{larger.most} ({smaller.most})", "tables read whole:": ", ".join(whole) or "none"},
    )
