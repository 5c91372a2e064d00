"""A document is what its bytes say, lies sealed, leaves as a file, and goes when its time is over."""

from __future__ import annotations

import datetime as dt
import zlib

import pytest
from django.db import IntegrityError, transaction

from hovedindgang.documents.actions import delete_what_is_no_longer_kept, end_ground, take_in
from hovedindgang.documents.models import Document
from hovedindgang.documents.queries import DocumentGone, download
from hovedindgang.documents.rules import LARGEST_BYTES, DocumentRefused, Ground, Kind, kept_to, kind_of
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event, LookUp

PDF = b"%PDF-1.7\n1 0 obj\nfuldmagt\nendobj\ntrailer\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(20) + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20) + b"\x00\x00\x00\x00IEND\xaeB`\x82"
TEXT = "Jeg giver min søn fuldmagt.\n".encode()


@pytest.mark.parametrize(("content", "kind"), [(PDF, Kind.PDF), (JPEG, Kind.JPEG), (PNG, Kind.PNG), (TEXT, Kind.TEXT)])
def test_a_document_is_told_by_its_bytes(content: bytes, kind: Kind) -> None:
    assert kind_of(content) is kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00program",
        b"PK\x03\x04docx",
        b"GIF89a" + bytes(9),
        b"<html><script>alert(1)</script>",
        b"\n <svg onload='x'/>",
        b"\xef\xbb\xbf<!doctype html>",
        b"%PDF-1.7 cut off",
        JPEG[:-2],
        PNG[:12],
        TEXT.decode().encode("latin-1"),
        b"nul\0nul",
    ],
)
def test_anything_else_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(DocumentRefused, match=r"[Vv]ælg"):
        kind_of(content)


def test_a_file_that_is_too_large_is_refused_by_its_size() -> None:
    assert kind_of(b"a" * LARGEST_BYTES) is Kind.TEXT
    with pytest.raises(DocumentRefused, match="5 MB"):
        kind_of(b"a" * (LARGEST_BYTES + 1))


@pytest.mark.django_db
def test_a_document_lies_sealed_and_comes_back_as_it_was_as_a_file_to_keep() -> None:
    document = take_in(actor=SYSTEM, content=PDF, ground=Ground.EVIDENCE)
    assert b"fuldmagt" not in bytes(Document.objects.get().sealed or b"")
    given = download(actor=SYSTEM, document_id=document.pk, citizen_id=7, named="bilag")
    assert given.content == PDF
    assert given.headers["Content-Disposition"] == f'attachment; filename="bilag-{document.pk}.pdf"'
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Cache-Control"] == "no-store"
    assert "sandbox" in given.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_each_download_is_a_look_up_of_whom_it_is_about() -> None:
    document = take_in(actor=SYSTEM, content=TEXT, ground=Ground.EVIDENCE)
    download(actor=SYSTEM, document_id=document.pk, citizen_id=7, named="bilag")
    seen = LookUp.objects.get()
    assert (seen.citizen_id, seen.use, seen.reason) == (7, "document", f"document:{document.pk}")


@pytest.mark.django_db
def test_a_document_is_kept_five_years_after_its_ground_ended_and_then_only_that_there_was_one() -> None:
    document = take_in(actor=SYSTEM, content=PNG, ground=Ground.EVIDENCE)
    take_in(actor=SYSTEM, content=PNG, ground=Ground.EVIDENCE)  # its ground lasts
    end_ground(actor=SYSTEM, document_id=document.pk, on=dt.date(2024, 2, 29))
    assert delete_what_is_no_longer_kept(actor=SYSTEM, on=dt.date(2029, 2, 28)) == 0
    assert delete_what_is_no_longer_kept(actor=SYSTEM, on=dt.date(2029, 3, 1)) == 1
    assert delete_what_is_no_longer_kept(actor=SYSTEM, on=dt.date(2029, 3, 1)) == 0
    document.refresh_from_db()
    assert document.sealed is None
    assert Document.objects.filter(deleted_at__isnull=True).count() == 1
    with pytest.raises(DocumentGone):
        download(actor=SYSTEM, document_id=document.pk, citizen_id=7, named="bilag")
    verbs = list(Event.objects.filter(subject_id=document.pk).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["document.taken_in", "document.ground_ended", "document.deleted"]


def test_a_year_after_a_leap_day_is_the_first_of_march() -> None:
    assert kept_to(dt.date(2024, 2, 29)) == dt.date(2029, 3, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"kind": "docx"}, {"size": 0}, {"size": LARGEST_BYTES + 1}, {"ground": "because"}, {"sealed": None}]
)
def test_the_database_refuses_a_document_that_cannot_be(wrong: dict[str, object]) -> None:
    fields = {"kind": "pdf", "size": 3, "sha256": b"x" * 32, "sealed": b"x", "ground": "evidence", **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(**fields)


@pytest.mark.django_db
def test_what_was_taken_in_is_never_exchanged_for_something_else() -> None:
    document = take_in(actor=SYSTEM, content=TEXT, ground=Ground.EVIDENCE)
    with pytest.raises(IntegrityError, match="what it was when it was taken in"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(sha256=zlib.crc32(b"").to_bytes(32, "big"))
