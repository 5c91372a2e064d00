"""Loops written once and built twice: as they stand, and compiled by numba.

`built(name, jit)` gives a module as it stands, the readable reference, or once more with its `@compiled` functions in
numba's hands, the engine.
What is compiled is kept under the house's own folder, so that only set-up and the first run after a change wait for it.
numba is loaded here and when it is asked for, never by a web process.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

Tuple = TypeVar("Tuple", bound=tuple[Any, ...])
Function = TypeVar("Function", bound=Callable[..., Any])

_decorator: ContextVar[Any] = ContextVar("decorator", default=None)


def kept_in(home: Path) -> None:
    """Compiled code is kept under `home` from here on. To be said before the first loop is built."""
    os.environ["NUMBA_CACHE_DIR"] = str(home / "compiled")


def is_cold(name: str) -> bool:
    """Whether the module's loops must be compiled first: nothing is kept of them, or they have changed since."""
    source = importlib.util.find_spec(name)
    kept = source and source.origin and _kept(name, Path(source.origin))
    return not (kept and source and any(kept.glob(f"*/{Path(source.origin or '').stem}.*.nbi")))


def by_reference(fields: Tuple) -> Tuple:
    """`fields`, a named tuple of arrays; compiled it is one pointer, where each call would else copy every array's own.

    (Measured on the event loop: 10 µs a customer with the tuple handed on by value.)
    """
    return fields


def compiled(function: Function) -> Function:
    """Marks a function of a module that `built` gives twice: compiled by numba in the engine, else as it is."""
    decorate = _decorator.get()
    return decorate(function) if decorate else function


def built(name: str, jit: bool | None = None) -> ModuleType:
    """The module `name`, its `@compiled` functions compiled where `jit`; None: as the module that asks is being built.

    The engine is a module of its own, made of the same source: functions of a module are what numba can keep and find
    again (those made inside a function it compiles anew in every process).
    """
    if jit is None:
        jit = _decorator.get() is not None
    return _engine(name) if jit else importlib.import_module(name)


@cache
def _engine(name: str) -> ModuleType:
    # Heavy (0.5 s to load), and only plans need it.
    from numba import config, njit

    importlib.import_module("hovedindgang.planning.referring")  # teaches numba what `by_reference` is
    source = importlib.import_module(name).__file__ or ""
    found = importlib.util.spec_from_file_location(f"{name}_engine", source)
    if found is None or found.loader is None:
        raise ImportError(f"{name} has no source to compile")
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    kept, settings = _kept(name, Path(source)), vars(config)
    before = settings["CACHE_DIR"]
    # Into one function: a loop of many small ones lost a sixth of its time between them.
    token = _decorator.set(njit(cache=kept is not None, nogil=True, forceinline=True))
    try:
        settings["CACHE_DIR"] = str(kept or "")
        found.loader.exec_module(module)
    finally:
        settings["CACHE_DIR"] = before
        _decorator.reset(token)
    return module


def _kept(name: str, source: Path) -> Path | None:
    """Where what is compiled of module `name` is kept: apart for each state of its source and of those it is made of.

    numba looks at the file of a function alone: a constant that changes in the file beside it would be found unchanged.
    """
    if "NUMBA_CACHE_DIR" not in os.environ:
        return None
    root = source.parents[name.count(".")]
    own, (top, *_rest) = Path(__file__), name.split(".")
    found = {source: source.read_text(encoding="utf-8"), own: "", own.with_name("referring.py"): ""}
    asked = [source]
    while asked:
        for word in re.findall(rf"\b{top}(?:\.\w+)+", found[asked.pop()]):
            file = root.joinpath(*word.split(".")).with_suffix(".py")
            if file not in found and file.is_file():
                found[file] = file.read_text(encoding="utf-8")
                asked.append(file)
    digest = hashlib.blake2b(version("numba").encode(), digest_size=8)
    for file in sorted(found):
        digest.update(file.read_bytes())
    return Path(os.environ["NUMBA_CACHE_DIR"]) / digest.hexdigest()
