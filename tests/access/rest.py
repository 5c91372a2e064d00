"""What else is planted: counts, files of registers, reasons, and what stands between people; and what needs no mark.

A new table fails the test here until something of it is planted, or it is said why there is nothing to leak.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import replace
from unittest.mock import patch

from django.apps import apps
from django.db.models import CharField, Model, TextField
from django.test import RequestFactory

from access.law import CONFIDENTIAL, ORDINARY, SENSITIVE, Power
from access.town import Town
from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.models import Consultation, Contact, ContactCorrection, Enquiry
from hovedindgang.contacts.rules import TallyKind
from hovedindgang.desk.models import SAVED_PLACE, SavedForm
from hovedindgang.desk.typed import Typed
from hovedindgang.insight.actions import answer_arrival, count_by_hand, take_count_back
from hovedindgang.insight.arrivals import Answer
from hovedindgang.insight.hand_counts import CountedBy, NewCount
from hovedindgang.insight.models import CountingDay
from hovedindgang.insight.week_actions import count_stroke, make_week
from hovedindgang.insight.weeks import Category, NewWeek
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor, ActorKind
from hovedindgang.kernel.encryption import encrypt
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.kernel.models import LookUp
from hovedindgang.oversight import actions as oversight
from hovedindgang.oversight.models import Question
from hovedindgang.oversight.prints import give_name
from hovedindgang.people.idle import keep_typed
from hovedindgang.people.models import Citizen, Client, Protection
from hovedindgang.people.rectifying import correct_citizen, restrict_citizen
from hovedindgang.privacy.answering import answer_request, register_request
from hovedindgang.privacy.incidents import NewBreach, assess_breach, breach_notified, note_breach
from hovedindgang.registers.models import ImportedFile, LogStep, RecordedContact
from hovedindgang.registers.rules import Result
from hovedindgang.safety import actions as safety
from hovedindgang.safety.rules import Notice
from hovedindgang.scenarios.models import RunPart
from hovedindgang.scenarios.tests.planned import done, kept, tried
from hovedindgang.servicemodel.document import Channel

# Tables of which nothing is planted, and why nothing of them can be told.
UNPLANTED: Mapping[str, str] = {
    "contacts_openedforforgetting": "empty but within the transaction that forgets",
    "contacts_presence": "a heartbeat of whoever asks: numbers, and no word",
    "contacts_idempotencykey": "a keyed hash",
    "contacts_kepthistory": "a page of a history, kept: made of what is planted, and on PostgreSQL alone",
    "contacts_historytomake": "row numbers: which of them are old",
    "contacts_whatremains": "two facts for figures about somebody forgotten, and no word",
    "insight_avoidableday": "sums of a day and a centre; what counts another's is asked by `differing`",
    "insight_closedmonth": "the first day of a month",
    "insight_correction": "a day and a word of the program",
    "insight_staffmonth": "how many registered at a centre; figures about employees have tests of their own",
    "kernel_droppedmonth": "counts and hashes",
    "kernel_house": "which house this is: one word of the program",
    "kernel_keycanary": "a sealed word of the program",
    "kernel_seal": "counts and hashes",
    "knowledge_article": "guidance, which everybody here reads",
    "people_providergrant": "tokens, sealed; no page reads them",
    "people_session": "made by whoever asks",
    "people_signinlock": "keyed hashes",
    "policy_daybegun": "days",
    "policy_mediumkey": "the adopted model, which is published",
    "practice_usedpass": "numbers of passes to the practice house that have been used",
    "privacy_archived": "the archive's receipt of contacts whose time has come; no page shows it",
    "privacy_retentionrun": "sums of a night",
}


# Columns of text in which no mark stands, and why nobody's words do.
WORDLESS: Mapping[str, str] = {
    "contacts_contactcorrection.became": "codes and row numbers",
    "contacts_contactcorrection.was": "codes and row numbers",
    "contacts_enquiry.article": "a key of guidance",
    "kernel_delivery.error": "a name of the program",
    "kernel_delivery.listener": "a name of the program",
    "kernel_delivery.subject": "a kind and a row number",
    "kernel_event.verb": "a word of the program",
    "oversight_sample.drawn_fingerprint": "a hash",
    "oversight_sample.seed_fingerprint": "a hash",
    "people_client.name": "what a system is called; no secret in the house",
    "people_employee.name": "colleagues are known by name",
    "people_employee.password": "a hash, in which any two letters may stand",
    "people_employee.username": "colleagues are known by name",
    "people_session.provider_sid": "made by whoever asks",
    "policy_authoritykey.name": "the adopted model, which is published",
    "policy_centrekey.name": "the adopted model, which is published",
    "policy_departmentkey.name": "the adopted model, which is published",
    "policy_exceptionalday.reason": "published: why a place is closed",
    "policy_modelversion.body": "who adopted it, which is published",
    "policy_modelversion.digest": "a hash",
    "policy_modelversion.document": "published when it is adopted; drafts have a door",
    "policy_modelversion.title": "published when it is adopted; drafts have a door",
    "policy_servicekey.name": "the adopted model, which is published",
    "privacy_breach.who": "a user name, a system's or a key",
    "registers_importedfile.sha256": "a hash",
    "scenarios_inputsdocument.digest": "a hash",
    "scenarios_run.error": "words of the program",
    "scenarios_run.model_digest": "a hash",
    "registers_importedfile.system": "what a program is called",
    "registers_recordedcontact.system": "what a program is called",
}
SHORTEST = 60  # signs: what is shorter is a code


def unmarked() -> list[str]:
    """Columns that hold what people write, in which no mark stands and of which nobody said why."""
    found = []
    for model in of_the_house():
        rows = getattr(model, "every", model._default_manager)  # of contacts: also what was registered by mistake
        for column in model._meta.concrete_fields:
            name = f"{model._meta.db_table}.{column.name}"
            words = isinstance(column, TextField) or (isinstance(column, CharField) and _is_long(column))
            asked = words and name not in WORDLESS and model._meta.db_table not in UNPLANTED
            if asked and not rows.filter(**{f"{column.name}__icontains": "zq"}).exists():
                found.append(name)
    return sorted(found)


def _is_long(column: CharField[str, str]) -> bool:
    return (column.max_length or SHORTEST) >= SHORTEST and not column.choices and not column.primary_key


def of_the_house() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("hovedindgang.")]


def unplanted() -> list[str]:
    """Tables in which nothing stands and of which nobody said why."""
    return sorted(
        model._meta.db_table
        for model in of_the_house()
        if not UNPLANTED.get(model._meta.db_table) and not model._default_manager.exists()
    )


def furnish_the_rest(town: Town, who: dict[str, int]) -> None:
    _weeks_and_counts(town)
    _registers(town)
    _typed_names(town)
    _stored(town)
    _limited_power(town, who)
    _beside_contacts(town, who)
    _reasons(town, who)
    _kept_forms(town)
    _plans(town)
    deeds.make_all_histories()  # so that histories are read from what is kept


def _plans(town: Town) -> None:
    """Inputs, what-ifs and runs; what is in them are sums, and their names are the planner's own words."""
    document = kept(title=f"Grundlag {town.mark('plan')}")
    scenario, run = tried(document, title=f"Prøve {town.mark('plan')}")
    done(run)
    _scenario, waiting = tried(document, title=f"Prøve {town.mark('plan')}")
    RunPart.objects.create(run=waiting, replication=0, figures={})
    town.rows["inputs_id"], town.rows["scenario_id"] = [document.pk], [scenario.pk]
    town.rows["run_id"], town.rows["number"] = [run.pk, waiting.pk], [0]


def _weeks_and_counts(town: Town) -> None:
    alice, dorthe, today = town.employees["alice"], town.employees["dorthe"], clock.today()
    name = town.mark("week")
    week = make_week(
        leader=dorthe,
        week=NewWeek(
            name=f"Tælleuge {name}", first_on=today, last_on=today, centres=("aabybro",), departments=("teknik",)
        ),
    )
    for place in CountingDay.objects.filter(week=week):
        count_stroke(
            employee=alice, place=place, channel=Channel.PHONE, category=next(iter(Category)), key=uuid.uuid4()
        )
    empty = make_week(
        leader=dorthe,
        week=NewWeek(
            name=f"Tom uge {town.mark('week')}",
            first_on=today + dt.timedelta(days=9),
            last_on=today + dt.timedelta(days=9),
            centres=("pandrup",),
            departments=(),
        ),
    )
    town.rows["week_id"] = [week.pk, empty.pk]
    day = today - dt.timedelta(days=1)
    count = NewCount(
        centre="aabybro",
        channel=Channel.IN_PERSON,
        first_on=day,
        last_on=day,
        arrived=17,
        counted_by=CountedBy.RECEPTION,
    )
    first = count_by_hand(employee=alice, count=count)
    taken = take_count_back(employee=alice, count_id=first.pk, why=f"Talt to gange {town.mark('countwhy')}")
    again = count_by_hand(employee=alice, count=replace(count, arrived=18))
    town.rows["count_id"] = [first.pk, taken.pk, again.pk]
    deeds.count(
        employee=alice, channel=Channel.IN_PERSON, kind=next(iter(TallyKind)), centre="aabybro", key=uuid.uuid4()
    )


def _registers(town: Town) -> None:
    """A queue system's tickets, and an event log, each with a queue of its own name."""
    yesterday = clock.now() - dt.timedelta(days=1)
    files = [
        ImportedFile.objects.create(
            name=f"{town.mark('registerfile')}.csv",
            sha256=f"{number:064x}",
            kind=kind,
            system=kind,
            read=1,
            added=1,
            refused=0,
            first_at=yesterday,
            last_at=yesterday,
            zone="Europe/Copenhagen",
        )
        for number, kind in enumerate(("frontdesk", "eventlog"))
    ]
    came = RecordedContact.objects.create(
        file=files[0],
        system="frontdesk",
        external_id=town.mark("ticket"),
        kind="ticket",
        channel=Channel.IN_PERSON,
        centre_id="aabybro",
        queue=f"Kø {town.mark('queue')}",
        came_at=yesterday,
        called_at=yesterday + dt.timedelta(minutes=4),
        result=Result.ANSWERED,
    )
    answer_arrival(
        employee=town.employees["alice"],
        record_id=came.pk,
        answer=next(one for one in Answer if one is not Answer.REGISTERED),
    )
    RecordedContact.objects.create(
        file=files[0],
        system="frontdesk",
        external_id=town.mark("ticket"),
        kind="ticket",
        channel=Channel.IN_PERSON,
        centre_id="aabybro",
        queue=f"Kø {town.mark('queue')}",
        came_at=yesterday,
        called_at=yesterday + dt.timedelta(minutes=4),
        result=Result.ANSWERED,
    )
    for position in range(6):
        LogStep.objects.create(
            file=files[1],
            case=town.mark("logcase"),
            position=position,
            at=yesterday,
            activity=f"Skridt {town.mark('queue')}",
            group=f"Gruppe {town.mark('queue')}",
            department=town.mark("queue"),
            channel=town.mark("queue"),
            lifecycle=town.mark("queue"),
        )
    town.rows["file_id"] = [file.pk for file in files]


def _typed_names(town: Town) -> None:
    """A protected name and address, typed into a note and into a handover, for those who may read these."""
    citizen = town.citizen(Protection.THREAT)
    hers = {thing.kind: thing for thing in town.things.values() if thing.citizen == citizen}
    name, address = hers["name"].marker, hers["address"].marker
    made = town.contact(
        "alice", ORDINARY, asker=citizen, handed="jobcenter", say=f"{name} Borgersen fra {address}vej 7 kom"
    )
    note = next(thing for thing in town.things.values() if thing.kind == "note" and _about(town, thing, made))
    for one in (name, address):
        town.things[one] = replace(town.things[one], kind=f"typed{town.things[one].kind}", matters=note.matters)


def _about(town: Town, thing: object, contact: Contact) -> bool:
    matter = town.matters[Enquiry.objects.get(contact=contact).pk]
    return any(one is matter for one in thing.matters)  # type: ignore[attr-defined]


def _stored(town: Town) -> None:
    """Somebody whose data is only stored: no other system reads it without her consent."""
    citizen = town.citizen()
    made = town.contact("alice", ORDINARY, asker=citizen)
    restrict_citizen(
        employee=town.employees["dorthe"],
        citizen_id=citizen,
        why="contested",
        until=clock.today() + dt.timedelta(days=60),
    )
    matter = town.matters[Enquiry.objects.get(contact=made).pk]
    town.changed(matter, replace(matter, stored=True))


def _limited_power(town: Town, who: dict[str, int]) -> None:
    """The child's matter of the one service that a hidden helper's power is for; and of one that it is not for."""
    town.contact("alice", CONFIDENTIAL, asker=who["child"])
    town.contact("alice", ORDINARY, asker=who["child"])
    holders = (who["helper"], who["helper"], who["hidden helper"], who["helper"])
    levels = (None, None, frozenset({CONFIDENTIAL}), None)
    stands = (True, False, True, False)
    numbers = town.rows["representation_id"]
    for number, holder, covers, good in zip(numbers, holders, levels, stands, strict=True):
        town.powers[number] = Power(holder, who["child"], covers, good)
    town.powers[0] = Power(who["alone"], who["child"], None, False)  # of nobody


def _beside_contacts(town: Town, who: dict[str, int]) -> None:
    alice, bob, charlie = (town.employees[name] for name in ("alice", "bob", "charlie"))
    dorthe = town.employees["dorthe"]
    claimed = town.contact("alice", ORDINARY, asker=who["plain"])
    matter = town.matters[Enquiry.objects.get(contact=claimed).pk]
    deeds.claim_contact(employee=bob, contact_id=claimed.pk)
    why = town.mark("claimwhy", matters=(matter,))
    deeds.claim_contact(employee=alice, contact_id=claimed.pk, reason=f"Hun er her {why}")
    deeds.release_contact(employee=alice, contact_id=town.contact("alice", ORDINARY, asker=None).pk)
    asked = Consultation.objects.order_by("-pk")[0]
    reach = town.facts["consultation_id", asked.pk]
    answer = town.mark("question", owner=reach.owner, receivers=reach.receivers)
    deeds.answer_consultation(employee=charlie, consultation_id=asked.pk, answer=f"Svaret er {answer}")
    moved = ContactCorrection.objects.filter(kind="person").order_by("-pk")[0]
    done = town.mark("reviewed")
    deeds.review_correction(employee=dorthe, correction_id=moved.pk, done=f"Talt med hende {done}")
    for level in (ORDINARY, SENSITIVE):
        row = Enquiry.objects.get(contact=town.contact("alice", level, asker=who["plain"]))
        matters = (town.matters[row.pk],)
        title, text = town.mark("journal", matters=matters), town.mark("journal", matters=matters)
        with patch("hovedindgang.contacts.actions.journalising.case_system"):  # there is one; nothing is sent
            made = deeds.journalise(employee=alice, enquiry_id=row.pk, title=f"Sag {title}", text=f"Om {text}")
        town.rows["journal_id"].append(made.pk)
        town.facts["journal_id", made.pk] = town.things[title]
    paper = town.contact("alice", ORDINARY, asker=who["plain"])
    deeds.say_from_paper(employee=alice, contact_id=paper.pk)
    sensitive = Enquiry.objects.get(contact=town.contact("dorthe", SENSITIVE, asker=who["plain"]))
    words = town.mark("stated", owner="bob")
    deeds.open_matter(employee=bob, enquiry_id=sensitive.pk, code="to_answer", text=f"Hun skrev {words}")
    was = town.matters[sensitive.pk]
    town.changed(was, replace(was, hands=was.hands | {"bob"}))  # for the rest of his day


def _reasons(town: Town, who: dict[str, int]) -> None:
    alice, dorthe, pia = (town.employees[name] for name in ("alice", "dorthe", "pia"))
    question = Question.objects.exclude(employee=dorthe).filter(state="answered").order_by("pk")[0]
    verdict = town.mark("judged", owner=question.employee.username)
    oversight.judge_question(leader=dorthe, question_id=question.pk, in_order=True, done=f"Set efter {verdict}")
    look_up = LookUp.objects.filter(actor_kind="employee", citizen_id=who["plain"], actor_id=alice.pk).order_by("pk")[0]
    why = town.mark("namewhy")
    give_name(leader=dorthe, citizen_id=who["plain"], look_up=look_up.pk, reason=f"Hun spurgte {why}")
    corrected = town.citizen()
    before = Citizen.objects.get(pk=corrected)
    old = next(thing for thing in town.things.values() if thing.kind == "email" and thing.citizen == corrected)
    assert old.marker in before.email
    correct_citizen(employee=dorthe, citizen_id=corrected, field="email", value="ny@example.dk")
    town.things[old.marker] = replace(old, kind="was")
    asks = town.citizen()
    number = register_request(
        employee=dorthe, citizen_id=asks, right="access", channel="phone", received_on=None, key=uuid.uuid4()
    )
    row = Enquiry.objects.get(contact=number)
    because = town.mark("because", citizen=asks)
    answer_request(
        employee=dorthe, enquiry_id=row.pk, answer="refused", because=f"Fordi {because}", told_of_complaint=True
    )
    what = town.mark("breach")
    assess_breach(employee=dorthe, breach_id=town.rows["breach_id"][0], risk="high", measures=f"Lukket {what}")
    said = NewBreach(
        what=f"Et brev til {town.mark('breach')}",
        who="",
        discovered_at=clock.now() - dt.timedelta(days=9),
        scope="everything",
        first_on=clock.today() - dt.timedelta(days=9),
        last_on=clock.today() - dt.timedelta(days=9),
        kinds=("name",),
    )
    late = note_breach(employee=dorthe, said=said)
    breach_notified(employee=dorthe, breach_id=late.pk, late_why=f"Opdaget sent {town.mark('breach')}")
    town.rows["breach_id"].append(late.pk)
    system = Actor(ActorKind.CLIENT, Client.objects.get(name="api:all").pk)
    reason = town.mark("lookupreason", citizen=who["plain"])
    log_look_up(actor=system, citizen_ids=[who["plain"]], use="api", reason=f"sag {reason}")
    follow = town.mark("incident", owner="alice", receivers=frozenset({"bob"}))
    safety.follow_incident_up(
        employee=pia,
        incident_id=town.rows["incident_id"][0],
        follow_up=f"Talt med alle {follow}",
        absence=None,
        notice=Notice.NOT_NEEDED,
        notice_given_on=None,
    )
    place = town.mark("alarmplace")
    alarm = safety.raise_alarm(employee=town.employees["bob"], centre="pandrup", place=f"Plads {place}")
    safety.answer_alarm(employee=alice, alarm_id=alarm.pk)
    town.rows["alarm_id"].append(alarm.pk)


def _kept_forms(town: Town) -> None:
    """What she typed, kept while she was away or until she takes it back; nobody else's."""
    alice = town.employees["alice"]
    sent = {"text": f"Halvt skrevet {town.mark('draft', owner='alice')}"}
    keep_typed(alice, RequestFactory().post("/henvendelser/", sent), address="/henvendelser/")
    form = Typed.from_post({"key": str(uuid.uuid4()), "note": f"Gemt {town.mark('draft', owner='alice')}"})
    number = Contact.objects.filter(employee=alice).order_by("-pk")[0].pk
    SavedForm.objects.create(
        contact_id=number,
        employee=alice,
        sealed=encrypt(form.as_json(), place=SAVED_PLACE),
        saved_at=clock.now(),
    )
