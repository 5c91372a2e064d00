"""A thousand CPRs come in wherever people put them, and lie in clear nowhere: no file, log, page or address has one.

What is made to carry a CPR, and says so where it is made, stands in docs/decisions/cpr-in-clear.md.
"""

from __future__ import annotations

import io
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from hovedindgang.desk.models import Draft
from hovedindgang.desk.tests.forms_as_sent import form, send
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.logs import MaskCpr
from hovedindgang.kernel.seals import seal_events
from hovedindgang.people.actions import KnownCitizen, import_citizens, register_citizen, without_cprs
from hovedindgang.people.models import Citizen
from hovedindgang.site.demo.people import invent_citizens

CPRS = frozenset(person.cpr for person in invent_citizens(1_000, seed="in clear"))
A_CPR = re.compile(rb"(?<!\d)(\d{6})[- ]?(\d{4})(?!\d)")


def in_clear(found: bytes) -> set[str]:
    """Those of ours that stand in it, with or without their hyphen."""
    return {text for match in A_CPR.finditer(found) if (text := b"".join(match.groups()).decode()) in CPRS}


def files_of_the_database() -> Iterator[tuple[Path, bytes]]:
    """All that the database keeps on the disk: SQLite's file and its log, or PostgreSQL's whole folder with its log."""
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        yield from ((path, path.read_bytes()) for path in (file, Path(f"{file}-wal")) if path.exists())
        return
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")  # what is in memory goes to the disk, where we look
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    yield from ((path, path.read_bytes()) for path in folder.rglob("*") if path.is_file())


def dumped() -> bytes:
    """The database as text: by pg_dump beside the server, or by SQLite itself."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        return "\n".join(connection.connection.iterdump()).encode()
    known = connection.settings_dict
    beside = Path(sys.prefix).rglob("pginstall*/bin/pg_dump")
    for program in [*beside, *filter(None, [shutil.which("pg_dump")])]:
        asked = [str(program), "-h", known["HOST"], "-U", known["USER"], known["NAME"]]
        done = subprocess.run(asked, capture_output=True, check=False)
        if done.returncode == 0:  # an older one refuses a newer server
            return done.stdout
    return b""


def carriers() -> dict[str, set[str]]:
    """Where in the database ours lie in clear."""
    found = {path.name: in_clear(content) for path, content in files_of_the_database()}
    return {name: these for name, these in {**found, "dump": in_clear(dumped())}.items() if these}


@pytest.fixture
def house(transactional_db: None, cast: SimpleNamespace, client_of) -> Client:
    """The thousand in all the ways a CPR comes in: registers, the desk, drafts and free text."""
    first, second, third, fourth = (sorted(CPRS)[start : start + 250] for start in range(0, 1000, 250))
    import_citizens(actor=SYSTEM, rows=[KnownCitizen(cpr=cpr, name="Karen") for cpr in first])
    for cpr in second[:50]:
        register_citizen(actor=SYSTEM, cpr=f"{cpr[:6]}-{cpr[6:]}", name="Karen")
    import_citizens(actor=SYSTEM, rows=[KnownCitizen(cpr=cpr) for cpr in second[50:]])
    for start in range(0, 250, 25):
        said = ", ".join(third[start : start + 25])
        assert in_clear(without_cprs(actor=SYSTEM, text=f"Hun spurgte for {said}.").encode()) == set()
    alice = client_of(cast.alice)
    for start in range(0, 250, 25):
        typed = form(service_0="pas", note=" ".join(fourth[start : start + 25]), cpr=fourth[start])
        assert alice.post("/skranke/kladde/", typed).status_code == 204
    for cpr in fourth[:20]:  # saved: the note names her, and so does a word that is no field for it
        send(alice, form(service_0="pas", note=f"Talte med {cpr[:6]}-{cpr[6:]} om pas.", cpr=cpr))
    seal_events()
    return alice


def test_a_thousand_cprs_lie_in_clear_nowhere_in_the_database_its_log_or_its_dump(house: Client) -> None:
    assert Citizen.objects.filter(cpr_sealed__isnull=False).count() > 750
    assert Draft.objects.count() >= 8
    assert carriers() == {}


def test_one_that_is_stored_in_clear_is_found_in_the_database_and_its_dump(transactional_db: None) -> None:
    """The broken variant: a check that finds nothing here would find nothing anywhere."""
    planted = min(CPRS)
    Citizen.objects.create(name=f"Karen {planted}")
    found = carriers()
    assert set.union(*found.values()) == {planted}
    assert "dump" in found or not dumped()
    assert len(found) >= 2


def test_no_page_address_error_or_log_line_carries_one(
    cast: SimpleNamespace, client_of: Callable[..., Client], caplog: pytest.LogCaptureFixture
) -> None:
    house = client_of(cast.alice)
    caplog.set_level(logging.DEBUG)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(MaskCpr())  # as every handler of the house has it
    logging.getLogger().addHandler(handler)
    try:
        for cpr in sorted(CPRS)[:3]:
            answers = [
                house.get(f"/skranke/{cpr}"),
                house.get("/henvendelser/", {"q": cpr}),
                house.get("/vejledning/", {"q": cpr}),
                house.get(f"/api/v1/contacts/{quote(cpr)}"),
            ]
            for answer in answers:
                assert answer.status_code < 500
                assert in_clear(answer.get("Location", "").encode()) == set()
                if answer.status_code >= 400:
                    assert in_clear(answer.content) == set()
            logging.getLogger("hovedindgang").error("could not find %s", cpr)
            try:
                raise ValueError(f"no such citizen: {cpr[:6]}-{cpr[6:]}")
            except ValueError:
                logging.getLogger("hovedindgang").exception("it went wrong")
    finally:
        logging.getLogger().removeHandler(handler)
    assert "xxxxxx-xxxx" in written.getvalue()
    assert in_clear(written.getvalue().encode()) == set()


def test_every_handler_of_the_house_masks() -> None:
    assert all("cpr" in handler["filters"] for handler in settings.LOGGING["handlers"].values())
