"""The pages of the room: which files were read in, and what each holds."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from hovedindgang.people.doors import Role, door, employee_of
from hovedindgang.people.pace import Asked, mind_pace
from hovedindgang.registers.pages import list_of_files, page_of_file
from hovedindgang.registers.queries import files, imported_file
from hovedindgang.servicemodel.language import speaking

_READERS = (Role.LEADER, Role.PLANNER, Role.ADMINISTRATOR)


@door(*_READERS)
def registers(request: HttpRequest) -> HttpResponse:
    """Every file read in, newest first."""
    with speaking((get_language() or "da")[:2]):
        return render(request, "registers/files.html", list_of_files(files()))


@door(*_READERS)
def register_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """What one file holds."""
    mind_pace(Asked.COUNTED, employee_of(request).pk)
    file = imported_file(file_id)
    if file is None:
        raise Http404
    with speaking((get_language() or "da")[:2]):
        return render(request, "registers/file.html", page_of_file(file))
