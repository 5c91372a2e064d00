"""Many hands give what one gives, whoever dies on the way."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from hovedindgang.planning.commands.simulating import scenario_of
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.simulation import cluster
from hovedindgang.planning.simulation.cluster import Cluster, Here, Processes, pieces_of
from hovedindgang.planning.simulation.cluster import _do_given as do_given
from hovedindgang.planning.simulation.replications import Tally

WEEK = Path(__file__).parents[4] / "docs" / "guide" / "examples" / "borgerservice-week.toml"

# A process of its own, since what Dask warns of is not ours. Its workers are forked from one that has loaded the house,
# else each would load it with its first piece (`make bench ONLY=cluster` begins them anew).
ON_A_CLUSTER = """
import os, pickle, signal, sys
from pathlib import Path
import dask
from distributed import LocalCluster
from distributed.utils import get_mp_context
from hovedindgang.planning.commands.simulating import scenario_of
from hovedindgang.planning.simulation.cluster import Cluster

if __name__ == "__main__":
    dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"})
    get_mp_context().set_forkserver_preload(["distributed", "hovedindgang.planning.simulation.loaded"])
    found, killed = {}, False
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as local:
        with Cluster([scenario_of(Path(sys.argv[1]))], seed=1, address=local.scheduler_address) as team:
            for _, tally in team.done(0, 24):
                found[tally.replication] = tally
                if len(found) > 5 and not killed:
                    killed = True
                    os.kill(next(iter(local.workers.values())).pid, signal.SIGKILL)
    Path(sys.argv[2]).write_bytes(pickle.dumps(found))
"""


@cache
def alone(number: int) -> dict[int, Tally]:
    with Here([scenario_of(WEEK)], seed=1) as here:
        return {tally.replication: tally for _, tally in here.done(0, number)}


def same(one: dict[int, Tally], other: dict[int, Tally]) -> bool:
    names = ("by_flow", "outcomes", "waits", "by_hour", "busy", "duty", "overtime", "queue")
    return set(one) == set(other) and all(
        (getattr(one[at], name) == getattr(other[at], name)).all() for at in one for name in names
    )


def test_every_replication_is_in_exactly_one_piece() -> None:
    for scenarios, first, last, workers in ((1, 0, 10, 2), (5, 10, 1000, 2), (50, 0, 20, 8)):
        done = [
            (piece.scenario, at)
            for piece in pieces_of(scenarios, first, last, workers)
            for at in range(piece.first, piece.last)
        ]
        assert sorted(done) == [(one, at) for one in range(scenarios) for at in range(first, last)]


def test_two_processes_of_which_one_is_killed_give_what_one_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    found: dict[int, Tally] = {}
    with Processes([scenario_of(WEEK)], 1, 2) as team:
        for _, tally in team.done(0, 24):
            found[tally.replication] = tally
            if len(found) == 5:
                os.kill(team.pids[0], signal.SIGKILL)
    assert same(found, alone(24))


def dies_while_it_answers(flag: Path, *given: Any) -> Any:
    """The first who is asked takes the turn to answer, says half a word, and is no more."""
    try:
        flag.unlink()
    except FileNotFoundError:
        return do_given(*given)
    frame: Any = sys._getframe()
    while "result_queue" not in frame.f_locals:
        frame = frame.f_back
    answers = frame.f_locals["result_queue"]
    answers._wlock.acquire()
    os.write(answers._writer.fileno(), struct.pack("!i", 1000) + b"half")
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_dies_while_it_answers_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    flag = tmp_path / "dies"
    flag.touch()
    monkeypatch.setattr(cluster, "_do_given", partial(dies_while_it_answers, flag))
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with Processes([scenario_of(WEEK)], 1, number=1) as team:
        found = {tally.replication: tally for _, tally in team.done(0, 4)}
    assert not flag.exists()
    assert same(found, {at: one for at, one in alone(24).items() if at < 4})


def test_a_dask_cluster_of_which_a_worker_is_killed_gives_what_one_gives(tmp_path: Path) -> None:
    import pickle

    script, kept = tmp_path / "on_a_cluster.py", tmp_path / "found"
    script.write_text(ON_A_CLUSTER, encoding="utf-8")
    subprocess.run([sys.executable, str(script), str(WEEK), str(kept)], check=True, timeout=120, capture_output=True)
    assert same(pickle.loads(kept.read_bytes()), alone(24))


def test_an_address_that_is_none_is_said_at_once_and_nobody_waits_for_a_client_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(distributed, "Client", lambda *_args, **_options: pytest.fail("a client was made"))
    with pytest.raises(CannotPlan, match="Der svarer ingen Dask-klynge på klyngen"):
        Cluster([scenario_of(WEEK)], seed=1, address="klyngen").__enter__()
