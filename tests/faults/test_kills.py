"""The server is killed while contacts are registered: what was acknowledged is there, whole, and once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings

from faults.broken import BETWEEN
from faults.checker import Findings, Ledger
from faults.databases import postgres_database, sqlite_database
from faults.house import WarmHouse
from faults.kills import kill_once, kill_while_registering
from faults.outside import injecting
from faults.server import Furnished, Server, furnish
from faults.trials import found_out, kills, tried
from hovedindgang.site.tests.made_once import postgres_tables, sqlite_tables

KILLS_TRIED = 8  # a kill falls into a broken variant's gap more often than not; eight that all miss are no chance


@dataclass
class House:
    home: Path
    address: str
    ledger: Ledger
    furnished: Furnished

    def broken(self, variant: str) -> tuple[Findings, Findings]:
        """What the check finds in a broken variant before and after a kill: the first of a few that hits the gap."""
        for kill in range(KILLS_TRIED):
            broken = Server(
                home=self.home, database=self.address, settings="faults.broken_settings", FAULTS_VARIANT=variant
            )
            with broken as server:
                before, after = kill_once(server, self.ledger, self.furnished, seed=f"{variant}-{kill}")
            if not after.all_well or not before.all_well:
                break
        return before, after


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[House]:
    """A furnished house on the database that the suite runs on; its tables are copied from those of all tests."""
    home = tmp_path_factory.mktemp("house")
    on_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if on_sqlite:
        shutil.copyfile(sqlite_tables(), home / "hovedindgang.sqlite3")
        made = sqlite_database(home)
    else:
        with django_db_blocker.unblock():
            template = postgres_tables()
        made = postgres_database(os.environ["HOVEDINDGANG_DATABASE"], template=template)
    with made as (address, ledger):
        yield House(home, address, ledger, furnish(home, address, citizens=20))


def test_a_receipt_outlives_a_killed_server_and_no_citizen_is_registered_twice(house: House) -> None:
    with Server(home=house.home, database=house.address) as server:
        run = kill_while_registering(server, house.ledger, house.furnished, kills=3, seed="suite", drain=False)
    assert run.all_well, f"{run}"
    assert run.findings.acknowledged >= 4
    assert run.findings.stored == run.findings.acknowledged


def test_the_check_catches_a_receipt_that_was_shown_before_the_contact_was_saved(house: House) -> None:
    before, after = house.broken("receipt_before_commit")
    assert after.lost, f"{after}"
    assert before.all_well, f"what it catches must be the kill, not merely other code: {before}"


def test_the_check_catches_a_contact_whose_event_is_saved_apart_from_it(house: House) -> None:
    before, after = house.broken("event_in_its_own_transaction")
    assert after.half_written, f"{after}"
    assert before.all_well, f"what it catches must be the kill, not merely other code: {before}"


def test_a_delivery_and_a_journalised_matter_outlive_a_killed_worker_and_are_done_once(house: House) -> None:
    """`make bench ONLY=kills` does it a thousand times on each database, and fills and breaks disks."""
    with WarmHouse(home=house.home, database=house.address) as warm:
        faults = kills(warm, 8, Random("suite"), named=0.8)
        trial = tried(warm, house.ledger, house.furnished, faults, seed="suite")
    assert not trial.wrong, f"{trial.wrong[:5]}"
    assert trial.faults == 8
    assert trial.findings.delivered > 8


def test_the_check_catches_a_worker_that_tells_and_marks_in_two_transactions(house: House) -> None:
    with WarmHouse(home=house.home, database=house.address, variant="told_and_marked_apart") as broken:
        faults = kills(broken, 2, Random("apart"), at=[BETWEEN], named=1.0)
        caught = found_out(
            broken,
            house.ledger,
            house.furnished,
            faults,
            variant="told_and_marked_apart",
            kind="delivered_twice",
        )
    assert caught.caught, f"{caught}"


@pytest.mark.skipif(shutil.which("strace") is None, reason="FAILING DISKS ARE NOT TRIED: there is no strace")
@pytest.mark.sqlite  # it has nothing to do with a database; once is enough
def test_a_system_call_that_is_to_fail_fails_in_the_process_that_is_named(tmp_path: Path) -> None:
    code = "import os, sys; sys.stdin.readline(); f = open(sys.argv[1], 'wb'); os.pwrite(f.fileno(), b'x', 0)"
    file = tmp_path / "file"
    writer = subprocess.Popen([sys.executable, "-c", code, str(file)], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    with injecting([writer.pid], "pwrite64", "ENOSPC", "1", [file]) as failed:
        _said, error = writer.communicate(b"\n", timeout=30)
        assert failed()
    assert b"No space left on device" in error
