"""50 times kill -9 of the server while contacts are registered, on each database."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.ground import Ground
from benchmarks.lines import Line
from faults.databases import postgres_database, sqlite_database
from faults.kills import Run, kill_while_registering
from faults.server import Server, furnish

KILLS = 50
BROKEN = ("receipt_before_commit", "event_in_its_own_transaction")
KILLS_OF_A_BROKEN_ONE = 5


def measure(ground: Ground) -> list[Line]:
    return [line for name in ("SQLite", "PostgreSQL") for line in _on(name, ground)]


def _on(name: str, ground: Ground) -> list[Line]:
    home = Path(tempfile.mkdtemp(dir=ground.home))
    with sqlite_database(home) if name == "SQLite" else postgres_database(ground.database) as (address, ledger):
        furnished = furnish(home, address, citizens=50)

        def killed(times: int, variant: str = "") -> Run:
            settings = "faults.broken_settings" if variant else "hovedindgang.site.settings"
            extra = {"FAULTS_VARIANT": variant} if variant else {}

            def told(done: int) -> None:
                if done % 10 == 0:
                    ground.say(f"{name}: {done} of {times} kills")

            with Server(home=home, database=address, settings=settings, **extra) as server:
                return kill_while_registering(
                    server, ledger, furnished, kills=times, seed=variant or name, drain=not variant, told=told
                )

        run = killed(KILLS)
        ground.say(f"{name}: {run.findings}")
        caught = [killed(KILLS_OF_A_BROKEN_ONE, variant) for variant in BROKEN]
    wrong = run.findings.lost + run.findings.doubled + run.findings.half_written + run.refused
    return [
        Line(
            name=f"{KILLS} × kill -9 while contacts are registered, {name}: lost, doubled or half-written",
            measure="kills",
            product=len(wrong) + (not run.drained),
            unit="contacts",
            goal=0.5,
            goal_is="product",
            beside={
                "found:": str(run.findings),
                "receipts after a lost answer:": run.retried,
                "deliveries all done by themselves:": "yes" if run.drained else "no",
                **({"wrong:": "; ".join(wrong[:5])} if wrong else {}),
            },
        ),
        Line(
            name=f"broken variants that the same check catches, {name}",
            measure="kills",
            product=sum(not broken.findings.all_well for broken in caught),
            unit="variants",
            goal=len(BROKEN),
            goal_is="product",
            at_least=True,
            beside={f"{variant}:": str(broken.findings) for variant, broken in zip(BROKEN, caught, strict=True)},
        ),
    ]
