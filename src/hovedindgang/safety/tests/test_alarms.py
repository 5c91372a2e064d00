"""The alarm: on every colleague's screen, who comes, drills that say so, and the house's own bell."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from hovedindgang.kernel.models import Delivery, Event
from hovedindgang.kernel.worker import work_off
from hovedindgang.people.rules import NoAccess
from hovedindgang.safety import actions, queries
from hovedindgang.safety.models import Alarm
from hovedindgang.safety.rules import Refused


@pytest.mark.django_db
def test_bob_sees_where_alice_is_and_says_he_comes(cast: SimpleNamespace) -> None:
    alarm = actions.raise_alarm(employee=cast.alice, centre="aabybro", place="Skranke 3, lokale 1.12")
    (shown,) = queries.alarms_shown(cast.bob)
    assert (shown.centre_id, shown.place, shown.raised_by) == ("aabybro", "Skranke 3, lokale 1.12", cast.alice)
    actions.answer_alarm(employee=cast.bob, alarm_id=alarm.pk)
    actions.answer_alarm(employee=cast.bob, alarm_id=alarm.pk)
    actions.answer_alarm(employee=cast.dorthe, alarm_id=alarm.pk)
    assert [answer.employee for answer in queries.alarms_shown(cast.alice)[0].answers.all()] == [cast.bob, cast.dorthe]
    actions.end_alarm(employee=cast.bob, alarm_id=alarm.pk)
    assert queries.alarms_shown(cast.bob) == []
    with pytest.raises(Refused, match="forbi"):
        actions.answer_alarm(employee=cast.dorthe, alarm_id=alarm.pk)


@pytest.mark.django_db
def test_who_meets_no_citizens_neither_raises_one_nor_sees_one(cast: SimpleNamespace) -> None:
    actions.raise_alarm(employee=cast.alice, centre=None)
    for other in (cast.charlie, cast.erik, cast.gorm):
        assert queries.alarms_shown(other) == []
        with pytest.raises(NoAccess):
            actions.raise_alarm(employee=other, centre=None)


@pytest.mark.django_db
def test_pressing_again_in_fear_makes_no_second_alarm(cast: SimpleNamespace) -> None:
    first = actions.raise_alarm(employee=cast.alice, centre=None)
    assert actions.raise_alarm(employee=cast.alice, centre=None).pk == first.pk
    assert Event.objects.filter(verb="alarm.raised").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Alarm.objects.create(raised_by=cast.alice, raised_at=first.raised_at)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_instant_are_one_alarm(cast: SimpleNamespace) -> None:
    gate, given = threading.Barrier(3), []

    def press() -> None:
        gate.wait(timeout=10)
        try:
            given.append(actions.raise_alarm(employee=cast.alice, centre=None).pk)
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _ in range(3)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert len(given) == 3
    assert len(set(given)) == 1
    assert Alarm.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "kept"),
    [("x" * 200, "x" * 60), ("Skranke\x00 2\n", "Skranke 2"), ("610190-1234", ""), ("Møderum Å", "Møderum Å")],
)
def test_nothing_that_is_typed_hinders_an_alarm(cast: SimpleNamespace, place: str, kept: str) -> None:
    alarm = actions.raise_alarm(employee=cast.alice, centre="nowhere", place=place)
    assert (alarm.place, alarm.centre_id) == (kept, "aabybro")


@pytest.mark.django_db(transaction=True)
def test_the_house_is_told_where_and_whether_it_is_a_drill_and_no_name(
    cast: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    file = tmp_path / "alarm.jsonl"
    settings.HOUSE_ALARM = str(file)
    actions.raise_alarm(employee=cast.alice, centre="aabybro", place="Skranke 3", drill=True)
    while work_off():
        pass
    told = json.loads(file.read_text(encoding="utf-8"))
    assert (told["centre"], told["place"], told["drill"]) == ("aabybro", "Skranke 3", True)
    assert "Alice" not in file.read_text(encoding="utf-8")


@pytest.mark.django_db(transaction=True)
def test_a_bell_that_is_out_of_order_hinders_no_screen_and_is_tried_again(
    cast: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    settings.HOUSE_ALARM = str(tmp_path / "not there" / "alarm.jsonl")
    actions.raise_alarm(employee=cast.alice, centre="aabybro")
    work_off()
    assert len(queries.alarms_shown(cast.bob)) == 1
    delivery = Delivery.objects.get(listener__endswith="tell_house_alarm")
    assert (delivery.state, delivery.attempts) == ("waiting", 1)


@pytest.mark.django_db(transaction=True)
def test_a_hook_is_posted_to(cast: SimpleNamespace, settings: Any) -> None:
    got: list[dict[str, Any]] = []

    class Bell(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            pass

    bell = HTTPServer(("127.0.0.1", 0), Bell)
    listening = threading.Thread(target=bell.serve_forever, daemon=True)
    listening.start()
    settings.HOUSE_ALARM = f"http://127.0.0.1:{bell.server_port}/"
    alarm = actions.raise_alarm(employee=cast.alice, centre="aabybro")
    while work_off():
        pass
    bell.shutdown()
    bell.server_close()
    listening.join()
    assert [one["number"] for one in got] == [alarm.pk]


# ------------------------------------------------------------------------------------------------------------- pages


@pytest.mark.django_db
def test_without_a_script_the_button_calls_and_the_page_says_who_comes(cast: SimpleNamespace, client_of: Any) -> None:
    alice, bob = client_of(cast.alice), client_of(cast.bob)
    assert 'action="/tryghed/alarm/slaa/"' in alice.get("/skranke/").content.decode()
    assert alice.post("/tryghed/alarm/slaa/", {"place": "Skranke 3"})["Location"] == "/tryghed/alarm/"
    page = bob.get("/tryghed/alarm/").content.decode()
    assert "Alice har brug for hjælp nu" in page
    assert "Skranke 3" in page
    bob.post(f"/tryghed/alarm/{Alarm.objects.get().pk}/coming/")
    assert "Bob kommer" in alice.get("/tryghed/alarm/").content.decode()
    assert 'value="Skranke 3"' in alice.get("/skranke/").content.decode()  # this PC knows where it stands
    alice.post(f"/tryghed/alarm/{Alarm.objects.get().pk}/mistake/")
    assert Alarm.objects.get().mistake


@pytest.mark.django_db
def test_a_drill_says_that_it_is_one(cast: SimpleNamespace, client_of: Any) -> None:
    client_of(cast.alice).post("/tryghed/alarm/slaa/", {"drill": "1"})
    assert "Øvelse:" in client_of(cast.bob).get("/tryghed/alarm/").content.decode()


@pytest.mark.django_db
def test_to_remember_the_place_is_not_to_call(cast: SimpleNamespace, client_of: Any) -> None:
    client_of(cast.alice).post("/tryghed/alarm/slaa/", {"place": "Skranke 3", "only_place": "1"})
    assert not Alarm.objects.exists()
