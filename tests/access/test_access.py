"""Nobody reads, counts or changes what is not hers: everybody asks for everything.

A part that is the same each time is asked here; `make bench ONLY=access` asks for a hundred thousand.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from access.asking import Ask, Found, House, Route, ask_all, asks, routes, sample, undescribed
from access.law import ORDINARY, SENSITIVE
from access.rest import UNPLANTED, unmarked, unplanted
from access.towns import InTheTown, InTheTownOnDisk
from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts import api, doors, history, queries
from hovedindgang.contacts.actions import Receiver
from hovedindgang.contacts.models import Enquiry
from hovedindgang.contacts.sensitivity import reader_by_scopes
from hovedindgang.insight.models import Stroke
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.people import protection
from hovedindgang.people.actions import update_citizen
from hovedindgang.people.models import Protection
from hovedindgang.registers.models import LogStep
from hovedindgang.servicemodel.document import Channel

PAIRS = 600
PART, PARTS = (int(said) for said in os.environ.get("ACCESS_PART", "0/1").split("/"))  # several share a long run
NEW_EACH_TIME = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|csrf\w*=\S+|nonce[=-]\S+|token\" value=\"\w+\""
    r"|expires=[^;]+|'Content-Length': '\d+'|name=\"(?:next|owner)\" value=\"[^\"]*\"|\bchart-\d+"
)

WHERE_SHE_IS = re.compile(r' aria-current="page"| class="here"')


def place(*names: str, viewers: tuple[str, ...], row: int | None = None) -> Callable[[Ask], bool]:
    """Those of a place, by these viewers; where `row` is given, about it alone."""
    return lambda ask: ask.place in names and ask.viewer in viewers and (row is None or row in dict(ask.rows).values())


class TestEverybody(InTheTownOnDisk):
    def test_nobody_learns_or_changes_what_is_not_hers(self) -> None:
        all_of_them = list(asks(self.town))
        chosen = sample(all_of_them, many=int(os.environ.get("ACCESS_PAIRS", PAIRS)), seed=3)[PART::PARTS]
        logging.disable(logging.WARNING)  # a line for every refusal
        self.addCleanup(logging.disable, logging.NOTSET)
        began = time.process_time()
        found = ask_all(self.house, chosen, tell)
        if "ACCESS_FOUND" in os.environ:
            self.write_down(found, len(all_of_them), time.process_time() - began)
        assert found.leaks == []
        assert PARTS > 1 or len({ask.viewer for ask in chosen}) == len(self.town.viewers)
        assert sum(found.done.values()) > 20  # whoever may do it does it: what is refused is a deed, not a wrong form

    def write_down(self, found: Found, pairs: int, seconds: float) -> None:
        written = {
            "pairs": found.pairs,
            "leaks": found.leaks,
            "judged": found.judged,
            "done": found.done,
            "viewers": len(self.town.viewers),
            "things": len(self.town.things),
            "there_are": pairs,
            "cpu_minutes": seconds / 60,
        }
        Path(os.environ["ACCESS_FOUND"]).write_text(json.dumps(written), encoding="utf-8")


class TestAccess(InTheTown):
    def found(self, chosen: Callable[[Ask], bool]) -> Found:
        return ask_all(self.house, [ask for ask in asks(self.town) if chosen(ask)])

    def test_every_page_and_every_operation_stands_in_the_law(self) -> None:
        assert undescribed(routes(), self.town) == []

    def test_a_page_that_the_law_does_not_know_is_found(self) -> None:
        def new(request: HttpRequest, wish_id: int) -> HttpResponse:
            return HttpResponse()

        planted = list(routes([path("oensker/<int:wish_id>/", new, name="wish")]))
        assert undescribed(planted, self.town) == ["/oensker/<int:wish_id>/ (wish): the law does not say who may come"]
        unknown = [Route("contact", "/henvendelser/<int:wish_id>/")]
        assert undescribed(unknown, self.town) == ["/henvendelser/<int:wish_id>/: nothing planted for wish_id"]

    def test_of_every_table_something_is_planted_or_it_is_said_why_not(self) -> None:
        assert unplanted() == []
        assert unmarked() == []
        assert set(UNPLANTED) <= set(connection.introspection.table_names())

    def test_a_table_of_which_nothing_is_planted_is_found(self) -> None:
        Stroke.objects.all().delete()
        LogStep.objects.update(lifecycle="")
        assert (unplanted(), unmarked()) == (["insight_stroke"], ["registers_logstep.lifecycle"])

    def test_who_is_refused_is_told_the_same_whatever_is_there(self) -> None:
        """A number that nobody has, a contact of another department, one that is forgotten: the page is one page."""
        house = House(self.town, remembers=False)
        numbers = self.town.rows["contact_id"]
        for viewer in ("hanne", "erik", "frida", "gorm", "nora"):
            pages = {
                plain(house.ask(Ask(viewer, "contact", "GET", f"/henvendelser/{number}/"))[1])
                for number in (numbers[0], numbers[4], numbers[-1])
            }
            assert len(pages) == 1

    def test_what_is_remembered_of_who_asks_changes_no_page(self) -> None:
        """But those of sign-in, which hold secrets that are new each time, and the print of who has seen somebody,
        which has the number of this look-up too; and a refusal's menu says where she is."""
        pages = [ask for ask in sample(list(asks(self.town)), many=0, seed=5) if ask.method == "GET"]
        house = House(self.town, remembers=False)
        same = [page for page in pages if not page.address.startswith("/konto/") and page.place != "citizens_print"]
        for ask in same[::4]:
            self.house.ask(ask)  # now she is remembered
            again, fresh = (plain(asked.ask(ask)[1]).partition("\n")[2] for asked in (self.house, house))
            if "<title>Ingen adgang" in fresh:
                again, fresh = (WHERE_SHE_IS.sub("", page) for page in (again, fresh))
            assert again == fresh, ask

    # ------------------------------------------------------------------------------- what is there makes no difference

    def test_what_is_not_hers_makes_no_difference_to_any_page_of_hers(self) -> None:
        assert self.differing() == []

    def test_a_list_that_counts_what_is_anothers_is_found(self) -> None:
        with patch.object(queries, "enquiries_seen", lambda employee, mistaken=False: Enquiry.every.all()):
            assert "hanne: GET /henvendelser/mine/" in self.differing()

    def differing(self) -> list[str]:
        """Pages that differ by whether something is there that the viewer may not know of."""
        elsewhere = [
            *(Ask("hanne", "", "GET", address) for address in ("/henvendelser/mine/", "/henvendelser/indbakke/")),
            *(Ask(viewer, "", "GET", "/") for viewer in ("hanne", "erik", "frida", "gorm", "nora")),
            Ask("hanne", "", "GET", "/skranke/nu/"),
        ]
        in_borgerservice = [
            *(Ask(viewer, "", "GET", "/henvendelser/mine/") for viewer in ("rie", "olga", "dorthe")),
            *(Ask(viewer, "", "GET", "/skranke/nu/") for viewer in ("rie", "dorthe")),
            Ask("rie", "search_contacts", "POST", "/henvendelser/soeg/"),
            Ask("rie", "desk", "POST", "/skranke/"),
        ]
        found = []
        with patch.object(House, "fields", lambda house, ask: {**SEARCHES, "key": str(uuid.UUID(int=1))}):
            for pages, levels in ((elsewhere, (ORDINARY, SENSITIVE)), (in_borgerservice, (SENSITIVE,))):
                before = {str(ask): plain(self.house.ask(ask)[1]) for ask in pages}
                with planted(self.house, levels):
                    after = {str(ask): plain(self.house.ask(ask)[1]) for ask in pages}
                found += [ask for ask in before if before[ask] != after[ask]]
        return found

    # ------------------------------------------------------------------------------------------------- planted leaks

    def test_a_protected_name_that_is_printed_is_found(self) -> None:
        threat = next(thing for thing in self.town.things.values() if thing.kind == "name" and thing.protected)
        with patch.object(protection, "is_protected", lambda citizen, on=None: False):
            found = self.found(place("citizen", viewers=("alice",), row=threat.citizen))
        assert any("tells name" in leak for leak in found.leaks)

    def test_a_door_that_lets_a_department_in_everywhere_is_found(self) -> None:
        number = self.town.rows["contact_id"][0]
        assert self.found(place("contact", "add_note", viewers=("hanne",), row=number)).leaks == []
        with (
            patch.object(queries, "is_borgerservice", lambda employee: True),
            patch.object(doors, "is_borgerservice", lambda employee: True),
        ):
            leaks = self.found(place("contact", "add_note", viewers=("hanne",), row=number)).leaks
        assert any("tells note" in leak for leak in leaks)
        assert any("changed" in leak and "contacts_note" in leak for leak in leaks)

    def test_a_matter_that_is_shown_to_a_colleague_though_it_is_sensitive_is_found(self) -> None:
        with patch.object(queries, "withheld", lambda employee, contacts: []):
            found = self.found(lambda ask: (ask.place, ask.viewer, ask.method) == ("contact", "rie", "GET"))
        assert any("tells note" in leak for leak in found.leaks)

    def test_an_operation_that_tells_more_than_its_scope_is_found(self) -> None:
        everything = history.reader_by_scopes(["history:read", "history:sensitive"])
        with patch.object(history, "reader_by_scopes", lambda scopes, **said: everything):
            found = self.found(lambda ask: ask.viewer == "api:history:read" and "{citizen}" in ask.place)
        assert any("tells note" in leak for leak in found.leaks)

    def test_a_protected_name_that_another_system_is_sent_is_found(self) -> None:
        with patch.object(history, "leaving_out", lambda people: lambda text: text):
            found = self.found(lambda ask: ask.viewer == "api:history:read" and "{citizen}" in ask.place)
        assert {leak.split(" tells ")[1].split()[0] for leak in found.leaks} == {"typedname", "typedaddress"}

    def test_a_power_that_is_over_and_is_heard_all_the_same_is_found(self) -> None:
        with patch.object(api, "beyond_hearing", lambda **asked: ()):
            found = self.found(lambda ask: ask.viewer == "api:all" and "representation=" in ask.address)
        assert any("tells note" in leak for leak in found.leaks)

    def test_what_is_only_stored_and_is_read_by_another_system_is_found(self) -> None:
        with patch.object(history, "reader_by_scopes", lambda scopes, **said: reader_by_scopes(scopes, consent=True)):
            found = self.found(lambda ask: ask.viewer == "api:all" and "{citizen}" in ask.place)
        assert any("tells note" in leak for leak in found.leaks)

    def test_an_answer_that_breaks_is_found(self) -> None:
        def breaks(*_given: Any, **_said: Any) -> None:
            raise RuntimeError

        with patch.object(queries, "owed", breaks):
            found = self.found(place("my_open", viewers=("alice",)))
        assert any("breaks (500)" in leak for leak in found.leaks)


SEARCHES = {"typed": "kufferten", "step": "find_name", "name_search": "borgersen", "channel": "phone"}


def tell(found: Found) -> None:
    print(f"{found.pairs:,} pairs, {len(found.leaks)} leaks", flush=True)


def plain(text: str) -> str:
    return NEW_EACH_TIME.sub("", text)


@contextmanager
def planted(house: House, levels: tuple[str, ...]) -> Iterator[None]:
    """Matters of these levels handed to the job centre, whose promised day has passed; a protected namesake; a call and
    a question between two others. Afterwards they were never there."""
    town = house.town
    things, matters, rows = dict(town.things), dict(town.matters), {name: list(of) for name, of in town.rows.items()}
    alice, bob = town.employees["alice"], Receiver(employee=town.employees["bob"].pk)
    with transaction.atomic():
        hidden = town.citizen(Protection.THREAT)
        update_citizen(actor=SYSTEM, citizen_id=hidden, name="Bodil Borgersen")
        made = [town.contact("alice", level, asker=hidden, handed="jobcenter") for level in levels]
        late = clock.today() - dt.timedelta(days=3)
        Enquiry.objects.filter(contact__in=made).update(promised_on=late)
        deeds.ask_consultation(employee=alice, contact_key=uuid.uuid4(), to=bob, question="Hvad gør vi?")
        deeds.offer_transfer(
            employee=alice, contact_key=uuid.uuid4(), to=bob, summary="Tag den", channel=Channel.IN_PERSON
        )
        yield
        transaction.set_rollback(True)
    town.things, town.matters = things, matters
    town.rows.clear()
    town.rows.update(rows)
