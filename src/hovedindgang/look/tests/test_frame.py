from django.template.loader import render_to_string
from django.test import RequestFactory


def test_a_page_that_does_not_exist_says_so_in_plain_danish(client, db):
    answer = client.get("/findes-ikke/")
    assert answer.status_code == 404
    assert "Siden findes ikke" in answer.content.decode()


def test_an_error_page_needs_no_context_and_speaks_both_languages():
    text = render_to_string("500.html", request=RequestFactory().get("/"))
    assert "Noget gik galt hos os" in text
    assert "Something went wrong on our side" in text
