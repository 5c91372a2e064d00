"""The server is killed while contacts are registered: what was acknowledged is there, whole, and once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from faults.checker import Findings, Ledger
from faults.databases import postgres_database, sqlite_database
from faults.kills import kill_once, kill_while_registering
from faults.server import Furnished, Server, furnish

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
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A furnished house on the database that the suite runs on."""
    home = tmp_path_factory.mktemp("house")
    on_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    made = sqlite_database(home) if on_sqlite else postgres_database(os.environ["HOVEDINDGANG_DATABASE"])
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
