"""What a page of the documentation says can be run.

A fence whose first line ends in ``run`` is run: ``python run`` as one program, ``console run`` as commands after a
dollar sign, each followed by what it prints, where ``...`` stands for anything. ``en`` or ``da`` after it is the
language spoken. Commands run in the root of the house.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from house.tree import ROOT
from hovedindgang.site.tests.made_once import sqlite_tables

FENCE = re.compile(r"^```(\w+) run(?: (da|en))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    place: str  # docs/guide/planner.md:41
    kind: str
    language: str
    text: str


def blocks(page: Path, text: str) -> Iterator[Block]:
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(f"{page}:{line}", found[1], found[2] or "da", found[3])


def broken(block: Block, home: Path) -> str:
    """What the block says that is not so; "" when it holds. ``home`` is an empty folder for its data.

    The tables of its database are there already: `migrate` is done at once, and nobody waits for each page.
    """
    shutil.copyfile(sqlite_tables(), home / "hovedindgang.sqlite3")
    compiled = ROOT / "var" / "compiled"  # and nobody waits for each page's loops to be compiled
    compiled.mkdir(parents=True, exist_ok=True)
    (home / "compiled").symlink_to(compiled)
    if block.kind == "python":
        done = _run([sys.executable, "-c", block.text], block, home)
        return "" if done.returncode == 0 else f"{block.place}\n{done.stderr}"
    for command, expected in _commands(block.text):
        done = _run(["sh", "-c", command], block, home)
        printed = done.stdout + done.stderr
        # How far it has come is told on a slow machine and not on a quick one.
        quick = done.stdout + "".join(line for line in done.stderr.splitlines(keepends=True) if line[-2:] != "…\n")
        if not any(
            doctest.OutputChecker().check_output(expected, one, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
            for one in (printed, quick)
        ):
            return f"{block.place}: {command}\nsaid to print:\n{expected}\nprinted:\n{printed}"
    return ""


def _commands(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        yield command, expected


def _run(command: list[str], block: Block, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "HOVEDINDGANG_LANGUAGE": block.language,
        "HOVEDINDGANG_HOME": str(home),
        "HOVEDINDGANG_DATABASE": "",
        "NUMBA_CACHE_DIR": str(ROOT / "var" / "compiled"),  # what set-up compiled
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
