"""Files that a command writes beside its answer: tried before the work begins, and never at the answer's cost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from hovedindgang.planning.commands import print_json, said_wrong, tell_problem
from hovedindgang.planning.documents import cause
from hovedindgang.planning.language import gettext
from hovedindgang.planning.problems import CannotPlan


def must_be_writable(*targets: Path | None, read: Iterable[Path | None] = ()) -> None:
    """Raises CannotPlan unless each file can be written; what is there already stays as it is until it is replaced.

    `read`: the files the answer is made from, which it must not replace.
    """
    taken = {os.path.realpath(path): gettext("{path} er filen, der læses.") for path in read if path is not None}
    for path in targets:
        if path is None:
            continue
        whole = os.path.realpath(path) if "\0" not in str(path) else ""
        if whole in taken:
            raise CannotPlan(
                taken[whole].format(path=path), cure=gettext("Giv svaret et andet navn."), where=(str(path),)
            )
        taken[whole] = gettext("{path} er nævnt to gange.")
        _try(path)


def tell(
    data: Callable[[], Mapping[str, Any]],
    lines: Callable[[], Iterable[str]],
    *,
    as_json: bool,
    files: Mapping[Path | None, Callable[[], str]],
) -> None:
    """Write `files` and say the answer: as `data` or as `lines`. It is said too where a file cannot be written any
    more; then the exit code is 1, and JSON has the problem under `not_written`."""
    failed = [problem for path, text in files.items() if path is not None and (problem := _written(path, text()))]
    if as_json:
        print_json({**data(), **({"not_written": [said_wrong(one) for one in failed]} if failed else {})})
    else:
        click.echo("\n".join(line.rstrip() for line in lines()))
        for problem in failed:
            tell_problem(problem, as_json=False)
    if failed:
        raise SystemExit(1)


def _try(path: Path) -> None:
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            return  # a pipe or a device: opened once, when there is something to write
        new = not os.path.lexists(path)
        with path.open("ab"):
            pass
        if new:
            path.unlink()
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def _written(path: Path, text: str) -> CannotPlan | None:
    try:
        path.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        return _unwritable(path, error)
    return None


def _unwritable(path: Path, error: OSError | ValueError) -> CannotPlan:
    return CannotPlan(
        gettext("{path} kan ikke skrives: {error}.").format(path=path, error=cause(error)),
        cure=gettext("Vælg et andet sted, eller lav mappen først."),
        where=(str(path),),
    )
