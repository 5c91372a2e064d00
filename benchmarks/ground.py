"""The house that is measured: the demonstration's policy and people on PostgreSQL, as full as a measure needs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from psutil import Process

from benchmarks.cpu import Meter, database_server
from faults.server import Server

MODELS = Path(__file__).resolve().parent.parent / "models"
SMALL, LARGE, HUGE = 10_000, 1_000_000, 10_000_000


@dataclass
class Ground:
    """What every measure gets. `full`: the measures that take an hour too."""

    home: Path
    database: str
    full: bool
    shares: dict[str, object] = field(default_factory=dict)  # what one measure found and another prints
    stored: int = 0

    def say(self, what: str) -> None:
        print(f"  {time.strftime('%H:%M:%S')}  {what}", flush=True)

    @cached_property
    def stock(self) -> Any:
        """The filler; made when first needed, since Django must be ready."""
        from benchmarks.filling import Stock

        return Stock(self.say)

    def filled(self, contacts: int, *, counted: bool = True) -> None:
        """Have at least so many contacts, with fresh statistics and, where `counted`, the board's figures."""
        if self.stored >= contacts:
            return
        began, before = time.monotonic(), self.stored
        self.stored = self.stock.fill_to(contacts, counted=counted)
        took = time.monotonic() - began
        self.say(f"{self.stored:,} contacts stored ({(self.stored - before) / took:,.0f} a second with inventing them)")

    @contextmanager
    def served(self, *, settings: str = "benchmarks.hello_settings") -> Iterator[Server]:
        """The product's own server, with the hello page."""
        with Server(home=self.home, database=self.database, settings=settings) as server:
            yield server

    @contextmanager
    def measured_web(self) -> Iterator[tuple[Server, Meter]]:
        """The same, and the CPU of its web processes and of PostgreSQL; the worker stands still meanwhile.

        What listeners do comes after the answer, and not each time: it is no part of what a request costs.
        """
        with self.served() as server:
            while not (worker := _called("worker", server)):  # it is started when the first page has been answered
                time.sleep(0.1)
            worker[0].suspend()
            yield server, Meter(_called("gunicorn", server)[0], database_server(self.database))

    @cached_property
    def token(self) -> str:
        return str(self.stock.client_token())


def _called(name: str, server: Server) -> list[Process]:
    """The processes below the served house whose command names `name`, the topmost first."""
    return [process for process in server.processes()[1:] if name in process.cmdline()]
