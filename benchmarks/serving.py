"""The server itself: how soon it answers, how much memory a web process takes, what it never loads."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

import psutil

from benchmarks.ground import SMALL, Ground
from benchmarks.lines import Line
from benchmarks.pages import pages_of, signed_in
from faults.server import PRODUCT, ROOT, Server, environment

HEAVY = ("numba", "polars", "duckdb", "ortools", "highspy")
STARTS = 5
PAGES = 100


def measure(ground: Ground) -> list[Line]:
    ground.filled(SMALL)
    took, used = [], []
    for _ in range(STARTS):
        server = Server(home=ground.home, database=ground.database)
        try:
            took.append(server.start())
            used.append(_cpu_seconds(server))
        finally:
            server.kill()
    largest = _memory(ground)
    return [
        Line(
            name="from `hovedindgang serve` to the first page",
            measure="server",
            product=statistics.median(took),
            unit="s, median of 5",
            goal=3,
            goal_is="product",
            beside={
                "longest:": f"{max(took):.2f} s",
                "CPU of all its processes by then:": f"{statistics.median(used):.2f} s",
            },
        ),
        Line(
            name=f"memory of a web process after {PAGES} pages",
            measure="server",
            product=largest,
            unit="MB (RSS)",
            goal=130,
            goal_is="product",
        ),
        Line(
            name=f"of {', '.join(HEAVY)}: loaded in a web process that has shown every page",
            measure="server",
            product=len(_heavy_loaded(ground)),
            unit="libraries",
            goal=0.5,
            goal_is="product",
        ),
    ]


def _cpu_seconds(server: Server) -> float:
    used = [process.cpu_times() for process in server.processes()]
    return float(sum(times.user + times.system for times in used))


def _memory(ground: Ground) -> float:
    """The largest RSS among the web processes that serve, in MB, after pages of all roles."""
    with Server(home=ground.home, database=ground.database) as server:
        asked = 0
        while asked < PAGES:
            for username, paths in pages_of(ground).items():
                with signed_in(server.port, username) as browser:
                    for path in paths:
                        browser.get(path)
                        asked += 1
        web = [process for process in server.processes() if _is_web(process)]
        return max(process.memory_info().rss for process in web or server.processes()) / 1e6


def _is_web(process: psutil.Process) -> bool:
    return "gunicorn" in " ".join(process.cmdline()).lower()


def _heavy_loaded(ground: Ground) -> list[str]:
    """What of HEAVY a process holds that has loaded the web application and shown every page."""
    program = f"""
import json, sys
from hovedindgang.site.wsgi import application
from django.test import Client
for username, paths in json.loads(sys.argv[1]).items():
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    from hovedindgang.people.models import Employee
    client.force_login(Employee.objects.get(username=username))
    for path in paths:
        client.get(path)
print(" ".join(name for name in {HEAVY!r} if name in sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(pages_of(ground))],
        env=environment(Path(ground.home), ground.database, DJANGO_SETTINGS_MODULE=PRODUCT),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1].split() if done.stdout.strip() else []
