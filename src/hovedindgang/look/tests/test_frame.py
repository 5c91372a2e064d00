import re
from urllib.parse import urlencode

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse


def test_a_page_that_does_not_exist_says_so_in_plain_danish(client, db):
    answer = client.get("/findes-ikke/")
    assert answer.status_code == 404
    assert "Siden findes ikke" in answer.content.decode()


@pytest.mark.parametrize(("language", "said"), [("da", "Her er intet at se"), ("en", "There is nothing to see here")])
def test_who_opens_an_address_that_forms_are_sent_to_is_told_so_and_where_to_go(client, db, language, said):
    client.cookies["hovedindgang_language"] = language
    answer = client.get(reverse("set_language"))
    assert answer.status_code == 405
    assert said in answer.content.decode()
    assert answer.headers["Allow"] == "POST"
    assert not client.put(reverse("set_language")).content  # by no browser


@pytest.mark.parametrize(("language", "said"), [("da", "for meget på én gang"), ("en", "too much at once")])
def test_too_much_is_said_in_her_language_with_how_much_there_is_room_for(client, db, language, said):
    client.cookies["hovedindgang_language"] = language
    for sent in ({"text": "x" * 20_000_001}, {f"field_{number}": "x" for number in range(2_001)}):
        body = urlencode(sent)
        answer = client.post("/mig/", body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 413
        assert said in answer.content.decode()
        assert "20 MB" in answer.content.decode()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=\xe6", b"x"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"text=x"),
    ],
)
def test_what_no_browser_sends_is_answered_in_plain_danish(client, db, content_type, body):
    answer = client.post("/mig/", body, content_type=content_type)
    assert answer.status_code == 400
    assert "kunne ikke læses" in answer.content.decode()


def test_an_error_page_needs_no_context_and_speaks_both_languages():
    text = render_to_string("500.html", request=RequestFactory().get("/"))
    assert "Noget gik galt hos os" in text
    assert "Something went wrong on our side" in text


def test_a_script_that_somebody_got_into_a_page_does_not_run(client_of, cast):
    client = client_of(cast.alice)
    answers = [client.get(reverse("desk")) for _again in range(2)]
    nonces = []
    for answer in answers:
        allowed = re.search(r"script-src ([^;]+);", answer.headers["Content-Security-Policy"])[1]
        nonces.append(re.fullmatch(r"'nonce-([\w-]{16,})'", allowed)[1])
        scripts = re.findall(r"<script\b[^>]*\bsrc=[^>]*>", answer.content.decode())
        assert scripts
        assert all(f'nonce="{nonces[-1]}"' in script for script in scripts)
    assert nonces[0] != nonces[1]


def test_a_page_that_names_no_script_runs_none(client, db):
    assert "script-src 'none'" in client.get("/findes-ikke/").headers["Content-Security-Policy"]
