from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from hovedindgang.conftest import small_model
from hovedindgang.governance.actions import adopt_model
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.kernel import clock as clock_module
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.policy.actions import save_draft

# Days kept, and whether the archive has it first. Of `boligstoette` nothing is said.
KEPT = {"pas": (1825, False), "koerekort": (365, False), "flytning": (365, True), "byggesag": (1825, False)}
KEPT |= {"aabningstider": (30, False), "pas_afhentning": (365, False)}

A_RIGHT = """
[services.ret_{right}]
name = "Ret: {right}"
name_en = "Right: {right}"
kind = "transaction"
level = "light_casework"
right = "{right}"
channels = ["in_person", "phone", "written", "digital"]
retention = {{ days = {{ value = 1825, source = "assumed" }}, ground = "Dokumentation" }}
"""


def model_with_retention() -> str:
    text = small_model()
    for service, (days, archive) in KEPT.items():
        head = f"[services.{service}]\n"
        ground, ground_en = ("Dokumentation", "Documentation") if days > 365 else ("Oplysning", "Information")
        said = f'retention = {{ days = {{ value = {days}, source = "assumed" }}, ground = "{ground}"'
        said += f', ground_en = "{ground_en}"'
        assert head in text
        text = text.replace(head, f"{head}{said}{', archive = true' if archive else ''} }}\n")
    return text + "".join(A_RIGHT.format(right=right) for right in ("access", "correction", "erasure", "restriction"))


@pytest.fixture
def desk(cast: SimpleNamespace, clock: Any, settings: Any, tmp_path: Any) -> Desk:
    """Alice's counter under a policy that says how long what is said there is kept, and an archive beside it."""
    draft = save_draft(text=model_with_retention(), includes={}, title="small.toml", actor=SYSTEM)
    adopt_model(
        version_id=draft.pk, valid_from=dt.date(2026, 1, 2), decided_on=None, body="", actor=SYSTEM, backdated=True
    )
    # Notes and look-ups tell the database's time, which no test moves: the counter opens the day after it.
    tomorrow = dt.datetime.now(clock_module.DENMARK).date() + dt.timedelta(days=1)
    clock.stand(dt.datetime.combine(tomorrow, dt.time(10), tzinfo=clock_module.DENMARK))
    settings.ARCHIVE_FOLDER = str(tmp_path / "archive")
    return Desk(cast, clock)
