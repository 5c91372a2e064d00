"""What `plan simulate` and `plan compare` share: reading, running, Ctrl-C, progress and what is kept."""

from __future__ import annotations

import dataclasses
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hovedindgang import __version__
from hovedindgang.planning.compiling import is_cold
from hovedindgang.planning.documents import toml_of
from hovedindgang.planning.language import gettext, gettext_noop, number
from hovedindgang.planning.naming import queue_name
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.stopping import nothing_yet

if TYPE_CHECKING:
    from hovedindgang.planning.service.inputs import Inputs
    from hovedindgang.planning.service.reading import Plan
    from hovedindgang.planning.simulation.outcome import Results
    from hovedindgang.planning.simulation.running import Asked
    from hovedindgang.planning.simulation.scenario import Scenario
    from hovedindgang.servicemodel.document import ServiceModel

LOOP = "hovedindgang.planning.simulation.loop"


class Precision(click.ParamType):
    """`5%` or `0.05`."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> float:
        text = str(value).strip()
        try:
            share = float(text.removesuffix("%").replace(",", ".")) / (100 if text.endswith("%") else 1)
        except ValueError:
            share = -1.0
        if not 0.0001 <= share <= 1:
            self.fail(gettext("{value} er ingen præcision; skriv fx 5%.").format(value=value), param, context)
        return share


def scenario_of(path: Path) -> Scenario:
    """Of a file in either format: an explicit scenario, or a service model with its inputs and changes."""
    plan = plan_of(path)
    return scenario_after(path, plan, None if plan is None else after_changes(plan))


def scenario_after(path: Path, plan: Plan | None, after: tuple[ServiceModel, Inputs] | None) -> Scenario:
    """The same where the plan is read, and what it comes to after its changes is known."""
    if plan is None or after is None:
        from hovedindgang.planning.simulation.reading import read_scenario

        return read_scenario(path)
    from hovedindgang.planning.service.building import scenario_of as built_of

    return built_of(*after, title=plan.title)


def after_changes(plan: Plan, *, jit: bool = True) -> tuple[ServiceModel, Inputs]:
    """The model and inputs that a plan comes to, with its warm-up."""
    from hovedindgang.planning.service.changes import changed
    from hovedindgang.planning.service.warming import warmed

    model, inputs = changed(plan.model, plan.inputs, plan.changes)
    return model, warmed(model, inputs, jit=jit)


def warmed_as(plan: Plan, after: tuple[ServiceModel, Inputs]) -> Plan:
    """The plan, warmed up as what it comes to is."""
    return dataclasses.replace(plan, inputs=dataclasses.replace(plan.inputs, warm_up=after[1].warm_up))


def plan_of(path: Path) -> Plan | None:
    """The plan in the file; None where it is a scenario. Raises CannotPlan."""
    from hovedindgang.planning.service.reading import is_plan, read_plan

    return read_plan(path) if is_plan(toml_of(path)) else None


def simulated(scenarios: Sequence[Scenario], asked: Asked) -> tuple[list[Results], float]:
    """The results, and the seconds it took. A cold start, and how far it is, are said on standard error."""
    from hovedindgang.planning.simulation.running import run

    began = time.perf_counter()
    if asked.jit and not asked.address and is_cold(LOOP):
        click.echo(gettext("Motoren oversættes; det sker kun første gang og tager 15 til 60 sekunder …"), err=True)
    with stopped_by_hand() as goes_on, progress() as told:
        results = run(scenarios, asked, goes_on=goes_on, progress=told)
    if not all(one.tallies for one in results):
        raise nothing_yet()
    return results, time.perf_counter() - began


@contextmanager
def stopped_by_hand() -> Iterator[Callable[[], bool]]:
    """Says whether to go on: until the first Ctrl-C; the second one stops at once."""
    pressed: list[int] = []

    def press(number: int, _frame: object) -> None:
        if pressed:
            signal.signal(signal.SIGINT, before)
            raise KeyboardInterrupt
        pressed.append(number)

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: not pressed
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def progress(said: str = gettext_noop("{done} af {wanted} gentagelser")) -> Iterator[Callable[[int, int], None]]:
    """A line on standard error that follows the run, where that is a terminal; else nothing."""
    if not sys.stderr.isatty():
        yield lambda done, wanted: None
        return
    last = [0.0]

    def told(done: int, wanted: int) -> None:
        if time.monotonic() - last[0] > 0.2:
            last[0] = time.monotonic()
            click.echo("\r" + gettext(said).format(done=done, wanted=wanted), nl=False, err=True)

    yield told
    click.echo("\r" + " " * 60 + "\r", nl=False, err=True)


def growing(queues: Sequence[Mapping[str, Any]], centres: Mapping[str, str] | None = None) -> list[str]:
    """A sentence for each queue that grows without end; `centres`: key → name, where names are known."""
    return [
        gettext("Køen {queue} vokser uden ende, {growth} flere hver dag: dens ventetid har intet gennemsnit.").format(
            queue=queue_name(":".join(one for one in (queue["channel"], queue["place"]) if one), centres or {}),
            growth=number(queue["growth_per_day"], 1),
        )
        for queue in queues
        if queue["growth_per_day"] is not None
    ]


# ------------------------------------------------------------------------------------------------------ what is kept


def kept(scenario: Scenario, asked: Asked, replications: int, answer: dict[str, Any]) -> str:
    """Inputs, seed, version and results in one file."""
    from hovedindgang.planning.simulation.keeping import as_data

    run = {
        "version": __version__,
        "seed": asked.seed,
        "replications": replications,
        "engine": "compiled" if asked.jit else "reference",
        "scenario": as_data(scenario),
        "results": answer,
    }
    return json.dumps(run, ensure_ascii=False)


def _whole(run: Any) -> bool:
    kinds = {"version": str, "seed": int, "replications": int, "engine": str, "results": dict}
    return all(isinstance(run.get(key), kind) for key, kind in kinds.items())


def kept_run(path: Path) -> tuple[Scenario, dict[str, Any]]:
    """What `kept` gave."""
    from hovedindgang.planning.simulation.keeping import from_data
    from hovedindgang.planning.simulation.scenario import Scenario

    try:
        run = json.loads(path.read_text(encoding="utf-8"))
        scenario = from_data(run["scenario"])
        known = isinstance(scenario, Scenario) and _whole(run)
    except OSError:
        raise CannotPlan(
            gettext("Der er ingen fil, der kan læses: {path}.").format(path=path),
            cure=gettext("Se efter, om navnet er rigtigt, og om du må læse den."),
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        known = False
    if not known:
        raise CannotPlan(
            gettext("{path} er ingen gemt kørsel.").format(path=path), cure=gettext("Gem en med --save FIL.")
        )
    return scenario, run
