"""Another system may send what it likes: it is refused in words, and nobody comes in who may not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from fuzz.calls import NEEDED, House, call_often, described, operations
from hovedindgang.people.admission import admit
from hovedindgang.people.api import Token, token_hash
from hovedindgang.people.rules import Scope

CALLS = int(os.environ.get("FUZZ_CALLS", "25"))  # of each operation
OPEN = {"GET /api/v1/services.jsonld", "GET /api/v1/centres.jsonld"}


@pytest.fixture
def house(cast, settings):
    settings.ALLOWED_HOSTS = ["*"]
    return House()


def test_every_operation_of_the_contract_is_called_with_the_scope_it_needs(house):
    assert set(operations(described())) == {" ".join(pair) for pair in NEEDED} | OPEN


@pytest.mark.parametrize("name", [*(" ".join(pair) for pair in NEEDED), *sorted(OPEN)])
def test_nothing_that_is_sent_breaks_it_and_nobody_comes_in_who_may_not(house, name):
    found = call_often(house, name, operations(described())[name], calls=CALLS)

    write_down(name, calls=found.calls, statuses=found.statuses, wrong=found.wrong, through=found.through)
    assert found.wrong == []
    assert found.through == 0
    assert found.calls >= CALLS


def test_a_door_left_open_is_found(house, monkeypatch):
    let_in = admit(token_hash(house.tokens["every scope"]), Scope.MODEL_READ)
    monkeypatch.setattr(Token, "authenticate", lambda self, request, token: let_in)

    found = call_often(house, "GET /api/v1/model", operations(described())["GET /api/v1/model"], calls=CALLS)

    write_down("", caught=found.through > 0)
    assert found.through > 0


def test_a_mistake_of_ours_is_found(house, monkeypatch):
    def broken(*_asked, **_more):
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr("hovedindgang.policy.api.in_force", broken)
    found = call_often(house, "GET /api/v1/model", operations(described())["GET /api/v1/model"], calls=CALLS)

    write_down("", caught=any("ServerError" in wrong for wrong in found.wrong))
    assert any("ServerError" in wrong for wrong in found.wrong)


def write_down(name: str, **found: object) -> None:
    """For `benchmarks/fuzz.py`: a line for each operation, and for each fault of ours that was put in."""
    if "FUZZ_FOUND" in os.environ:
        with Path(os.environ["FUZZ_FOUND"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"operation": name, **found}) + "\n")
