"""Who came in, who did not and who was refused stands in the process's log, without a name or what was typed."""

from __future__ import annotations

import logging

from django.test import Client
from django.urls import reverse


def signed_in(username: str, word: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": username, "password": word})
    return client


def test_a_sign_in_and_a_sign_out_are_written(cast, caplog):
    caplog.set_level(logging.INFO)
    client = signed_in("alice", "the word of alice")
    client.post(reverse("account_logout"))
    assert f"signed in: employee {cast.alice.pk} by password" in caplog.messages
    assert f"signed out: employee {cast.alice.pk}" in caplog.messages


def test_a_wrong_word_is_written_with_its_address_and_nothing_of_what_was_typed(cast, caplog):
    signed_in("alice", "hunter2hunter2")
    assert "a user name or password that was wrong, from 127.0.0.1" in caplog.messages
    assert "hunter2" not in caplog.text
    assert "alice" not in caplog.text


def test_who_is_refused_a_page_is_written(client_of, cast, caplog):
    client_of(cast.alice).get(reverse("employees"))
    assert f"refused: employee {cast.alice.pk} at {reverse('employees')}" in caplog.messages


def test_a_system_without_a_token_is_written(db, caplog):
    Client().get("/api/v1/model", headers={"authorization": "Bearer nobodys"})
    assert "refused: no client at /api/v1/model" in caplog.messages
    assert "nobodys" not in caplog.text


def test_input_that_is_refused_is_written_with_who_and_where_and_nothing_of_what_it_was(client_of, cast, caplog):
    client_of(cast.alice).post(reverse("settings"), {"language": "klingon"})
    Client().post("/api/v1/contacts", "{hunter2", content_type="application/json")
    client_of(cast.dorthe).post(reverse("breaches"), {"what": "hunter2"})
    assert f"input refused: employee {cast.dorthe.pk} at {reverse('breaches')}, 422" in caplog.messages
    assert "hunter2" not in caplog.text
