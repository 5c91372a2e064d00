"""The town is furnished by the deeds of the house, and the law is told what was planted where."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from dataclasses import replace
from typing import Any

from django.db.models import Max

from access.law import CONFIDENTIAL, ORDINARY, ROLES, SCOPES, SENSITIVE, Matter, Thing, Viewer
from access.rest import furnish_the_rest
from access.town import CENTRES, DEPARTMENTS, Town
from hovedindgang.conftest import small_model
from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import Receiver
from hovedindgang.contacts.actions.forgetting import forget_contacts
from hovedindgang.contacts.models import Consultation, Contact, Enquiry, Handover, Note, Signpost, Transfer
from hovedindgang.contacts.rules import Outcome, StruckWhy, WhoAsks
from hovedindgang.desk.actions import keep_draft
from hovedindgang.desk.typed import Typed
from hovedindgang.insight.actions import recompute_days
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.events import Cause
from hovedindgang.kernel.models import LookUp
from hovedindgang.oversight import actions as oversight
from hovedindgang.oversight.judging import judge_day
from hovedindgang.oversight.models import Question, Sample
from hovedindgang.oversight.sampling import draw_sample
from hovedindgang.people.clients import let_client_in, let_client_out
from hovedindgang.people.closing import ask_opening, say_family, say_own_cpr
from hovedindgang.people.models import Basis, Citizen, Proof, Protection, Representation
from hovedindgang.people.powers import NewRepresentation, register_representation, revoke_representation
from hovedindgang.policy.actions import record_adoption, record_exceptional_day, save_draft
from hovedindgang.policy.queries import coming_exceptional_days, forget_adopted_versions, versions
from hovedindgang.privacy.actions import place_hold
from hovedindgang.privacy.held import make_package
from hovedindgang.privacy.incidents import NewBreach, note_breach
from hovedindgang.safety import actions as safety
from hovedindgang.safety.models import Alarm, Incident
from hovedindgang.safety.models import Warning as SafetyWarning
from hovedindgang.safety.rules import IncidentKind, Told, WarningReason
from hovedindgang.surveys.actions import NewFeedback, register_feedback
from hovedindgang.surveys.rules import Kind, SaidBy

LEVEL = 'sensitivity = {{ value = "{level}", source = "assumed" }}'
RIGHT = """[services.indsigt]
name = "Indsigt i egne oplysninger"
name_en = "Access to one's own data"
kind = "transaction"
level = "casework"
kle = "23.25.10"
channels = ["in_person", "phone", "written", "digital"]
right = "access"

"""


def furnish() -> Town:
    """The whole town, on the database at hand. About four hundred things are planted."""
    town = Town()
    _adopt()
    _people(town)
    _systems(town)
    citizens = _citizens(town)
    _closed(town, citizens)
    _contacts(town, citizens)
    _safety(town, citizens)
    _between(town)
    _oversight(town, citizens)
    _privacy(town, citizens)
    _feedback(town)
    _breach(town)
    furnish_the_rest(town, citizens)
    _names_in_departments(town)
    _plain_rows(town)
    _facts(town)
    recompute_days(days={clock.today()})
    return town


def _adopt() -> None:
    text = small_model(old="[services.flytning]", new="[services.flytning]\n" + LEVEL.format(level="sensitive"))
    text = text.replace("[services.koerekort]", "[services.koerekort]\n" + LEVEL.format(level="confidential"))
    text = text.replace("[services.pas_afhentning]", RIGHT + "[services.pas_afhentning]")
    for day, goal in ((dt.date(2025, 1, 1), "75"), (dt.date(2026, 1, 1), "80")):
        one = text.replace("value = 80", f"value = {goal}").replace("valid_from = 2026-01-01", f"valid_from = {day}")
        one = one.replace("decided_on = 2025-12-01", f"decided_on = {day - dt.timedelta(days=30)}")
        draft = save_draft(text=one, includes={}, title="small.toml", actor=SYSTEM)
        record_adoption(version_id=draft.pk, valid_from=day, decided_on=None, body="", actor=SYSTEM, backdated=True)
    forget_adopted_versions()


def _people(town: Town) -> None:
    """The named cast, every set of roles there is, and those who may not come in any more."""
    town.person("alice", "employee", centre="aabybro")
    town.person("bob", "employee", centre="pandrup")
    town.person("charlie", "caseworker", department="jobcenter")
    town.person("hanne", "caseworker", department="teknik")
    town.person("dorthe", "leader", centre="aabybro")
    town.person("erik", "planner")
    town.person("frida", "editor")
    town.person("gorm", "administrator")
    town.person("nora")  # no role at all
    town.person("olga", "employee", centre="pandrup", department="jobcenter")  # came from there
    town.person("pia", "leader", centre="pandrup", language="en")
    town.person("rie", "employee")  # of no centre
    every_set = itertools.chain.from_iterable(itertools.combinations(ROLES, many) for many in range(2, len(ROLES) + 1))
    for place, roles in enumerate(every_set):
        name = "-".join(role[:2] for role in roles)
        department = DEPARTMENTS[place % 2] if "caseworker" in roles else None
        town.person(name, *roles, centre=CENTRES[place // 2 % 2], department=department)
    for role in ROLES:
        where = {"department": "jobcenter"} if role == "caseworker" else {"centre": "aabybro"}
        town.person(f"left{role}", role, in_house=False, **where)
    town.viewers["stranger"] = Viewer("stranger", let_in=False)


def _systems(town: Town) -> None:
    def system(name: str, scopes: list[str], **facts: Any) -> None:
        lets = facts.pop("let_in", True)
        _client, token = let_client_in(actor=SYSTEM, name=name, scopes=scopes, **facts)
        town.tokens[name] = token
        town.plant("token", token)
        town.viewers[name] = Viewer(name, let_in=lets, scopes=frozenset(scopes))

    for scope in SCOPES:
        system(f"api:{scope}", [scope])
    system("api:all", list(SCOPES))
    system("api:history+confidential", ["history:read", "history:confidential"])
    system("api:history+sensitive", ["history:read", "history:sensitive"])
    system("api:history+protected", ["history:read", "history:protected"])
    system("api:handovers+protected", ["handovers:write", "history:protected"])
    system("api:out", list(SCOPES), let_in=False)
    let_client_out(actor=SYSTEM, name="api:out")
    system("api:expired", list(SCOPES), let_in=False, expires_on=clock.today() - dt.timedelta(days=1))
    town.tokens["api:unknown"] = "nobody-has-this-token"
    town.viewers["api:unknown"] = Viewer("api:unknown", let_in=False, scopes=frozenset(SCOPES))
    town.viewers["api:none"] = Viewer("api:none", let_in=False, scopes=frozenset())


def _citizens(town: Town) -> dict[str, int]:
    return {
        "plain": town.citizen(),
        "ordinary": town.citizen(Protection.ORDINARY, days=(-30, 300)),
        "ended": town.citizen(Protection.ORDINARY, days=(-300, -1)),
        "threat": town.citizen(Protection.THREAT),
        "own": town.citizen(Protection.OWN),
        "other": town.citizen(),
        "helper": town.citizen(),
        "hidden helper": town.citizen(Protection.THREAT),
        "child": town.citizen(),
        "alone": town.citizen(),  # of whom nobody has a matter
        "tove": town.citizen(),  # who works at Pandrup
        "kin": town.citizen(),  # hers
    }


def _closed(town: Town, who: dict[str, int]) -> None:
    """Tove's own record and her family's are closed to her, and her own to all at her place."""
    tove = town.person("tove", "employee", centre="pandrup")
    cpr = {one.citizen: one.marker for one in town.things.values() if one.kind == "cpr"}
    say_own_cpr(actor=SYSTEM, employee_id=tove.pk, cpr=cpr[who["tove"]])
    say_family(actor=SYSTEM, employee_id=tove.pk, cpr=cpr[who["kin"]])
    for name, viewer in town.viewers.items():
        if viewer.centre == "pandrup":
            town.viewers[name] = replace(viewer, closed=frozenset({who["tove"]}))
    town.viewers["tove"] = replace(town.viewers["tove"], closed=frozenset({who["tove"], who["kin"]}))
    asked = ask_opening(employee=tove, citizen_id=who["kin"], reason="urgent")
    town.rows["opening_id"].append(asked.pk)


def _contacts(town: Town, who: dict[str, int]) -> None:
    plain = who["plain"]
    for by in ("alice", "bob", "dorthe"):
        for level in (ORDINARY, CONFIDENTIAL, SENSITIVE):
            town.contact(by, level, asker=plain)
    for level in (ORDINARY, CONFIDENTIAL, SENSITIVE):
        for department in DEPARTMENTS:
            town.contact("alice", level, asker=plain, handed=department)
    for kind in ("ordinary", "ended", "threat", "own"):
        town.contact("alice", ORDINARY, asker=who[kind], handed="teknik")
        town.contact("bob", SENSITIVE, asker=who[kind])
    town.contact("alice", ORDINARY, SENSITIVE, asker=plain)  # one contact, one matter of it sensitive, shown the way
    town.contact("alice", ORDINARY, ORDINARY, asker=plain, handed="jobcenter")  # half of it is the job centre's
    town.contact("alice", ORDINARY, SENSITIVE, asker=who["other"], for_whom={1: (who["child"],)}, handed="teknik")
    for kind in ("tove", "kin"):
        town.contact("alice", ORDINARY, asker=who[kind], handed="teknik")
    town.contact("alice", ORDINARY, ORDINARY, asker=plain, for_whom={1: (who["kin"],)}, handed="jobcenter")
    _protocol(town, plain)
    _mistaken(town, who)
    _journal(town, plain)
    _merged(town, who["other"])
    _acting(town, who)
    _forgotten(town, plain)


def _protocol(town: Town, plain: int) -> None:
    """One answered by the department, one given back by it, and then a note that is none of its business."""
    charlie, alice = town.employees["charlie"], town.employees["alice"]
    answered = town.contact("alice", ORDINARY, asker=plain, handed="jobcenter")
    handover, matter = town.handover_of(answered)
    answer = town.mark("answer", department="jobcenter", matters=(matter,))
    deeds.accept_handover(employee=charlie, handover_id=handover.pk)
    deeds.answer_handover(employee=charlie, handover_id=handover.pk, answer=f"Svar {answer}")
    town.changed(matter, replace(matter, hands=matter.hands | {"charlie"}))
    returned = town.contact("alice", SENSITIVE, asker=plain, handed="jobcenter")
    handover, matter = town.handover_of(returned)
    deeds.accept_handover(employee=charlie, handover_id=handover.pk)
    why = town.mark("returned", department="jobcenter", matters=(matter,))
    deeds.return_handover(employee=charlie, handover_id=handover.pk, reason=f"Tilbage {why}")
    later = town.mark("note", owner="alice", matters=(matter,), given_back=True)
    made = deeds.add_note(employee=alice, contact_id=returned.pk, text=f"Bagefter {later}")
    town.rows["note_id"].append(made.pk)
    town.changed(matter, replace(matter, hands=matter.hands | {"charlie"}))


def _mistaken(town: Town, who: dict[str, int]) -> None:
    """Registered twice, and struck; registered on the wrong person, and moved."""
    alice = town.employees["alice"]
    for level in (ORDINARY, SENSITIVE):
        twice = town.contact("alice", level, asker=who["plain"], handed="jobcenter")
        why = town.mark("corrected", owner="alice", matters=(town.handover_of(twice)[1],))
        reason = StruckWhy.DUPLICATE
        deeds.strike_contact(employee=alice, contact_id=twice.pk, reason=reason, why=f"To gange {why}")
    moved = town.contact("alice", ORDINARY, asker=who["other"])
    matter = town.matters[Enquiry.objects.get(contact=moved).pk]
    why = town.mark("corrected", owner="alice", matters=(matter,))
    made = deeds.move_contact(
        employee=alice, contact_id=moved.pk, was=who["other"], becomes=who["plain"], why=f"Forkert {why}"
    )
    town.changed(matter, replace(matter, persons=frozenset({who["plain"]})))
    town.rows["correction_id"].append(made.pk)


def _journal(town: Town, plain: int) -> None:
    """Journalised by hand: the number of the case says which it is."""
    for level in (ORDINARY, SENSITIVE):
        row = Enquiry.objects.get(contact=town.contact("alice", level, asker=plain))
        number = town.mark("journal", matters=(town.matters[row.pk],))
        made = deeds.note_journalised(employee=town.employees["alice"], enquiry_id=row.pk, case_number=number)
        town.rows["journal_id"].append(made.pk)
        town.facts["journal_id", made.pk] = town.things[number]


def _merged(town: Town, asker: int) -> None:
    """Alice's sensitive contact, merged into Bob's about the same person: what she wrote is still hers."""
    hers = town.contact("alice", SENSITIVE, asker=asker)
    his = town.contact("bob", ORDINARY, asker=asker)
    deeds.merge_contacts(employee=town.employees["bob"], contact_id=hers.pk, into_id=his.pk)
    mine = town.contact("bob", ORDINARY, asker=asker)
    sensitive = town.contact("dorthe", SENSITIVE, asker=asker)
    deeds.merge_contacts(employee=town.employees["dorthe"], contact_id=mine.pk, into_id=sensitive.pk)
    for pair in ((hers, his), (mine, sensitive)):
        for own, other in (pair, pair[::-1]):
            _tell_note(town, own, other)


def _tell_note(town: Town, own: Contact, other: Contact) -> None:
    matters = [town.matters[row.pk] for row in Enquiry.objects.filter(contact__in=[own, other]).order_by("pk")]
    mine = town.matters[Enquiry.objects.filter(contact=own).order_by("position")[0].pk]
    matters.sort(key=lambda one: one is not mine)
    for marker, thing in town.things.items():
        if thing.kind == "note" and thing.matters and thing.matters[0] is mine:
            town.things[marker] = replace(thing, matters=tuple(matters))


def _acting(town: Town, who: dict[str, int]) -> None:
    """A mandate that holds, one that has ended, one for another service, one revoked; each with what proves it."""
    alice = town.employees["alice"]
    today = clock.today()
    for holder, services, days in (
        ("helper", None, (-10, 300)),
        ("helper", None, (-300, -1)),
        ("hidden helper", ("koerekort",), (-10, 300)),
        ("helper", None, (-10, None)),
    ):
        proof = town.mark("document", citizen=who["child"])
        cpr = next(one.marker for one in town.things.values() if one.kind == "cpr" and one.citizen == who[holder])
        said = NewRepresentation(
            basis=Basis.MANDATE,
            proof=Proof.DOCUMENT,
            holder_cpr=cpr,
            services=services,
            valid_from=today + dt.timedelta(days=days[0]),
            valid_to=None if days[1] is None else today + dt.timedelta(days=days[1]),
            content=f"Jeg giver fuldmagt. {proof}".encode(),
        )
        made = register_representation(employee=alice, citizen_id=who["child"], said=said)
        town.rows["representation_id"].append(made.pk)
    revoke_representation(employee=alice, representation_id=made.pk)
    held = Representation.objects.filter(citizen=who["child"]).order_by("pk")[0]
    town.contact(
        "alice",
        ORDINARY,
        asker=who["helper"],
        for_whom={0: (who["child"],)},
        who_asks=WhoAsks.HELPER,
        representation=held.pk,
        handed="jobcenter",
    )


def _forgotten(town: Town, plain: int) -> None:
    """Its time has come: nothing of it is anybody's any more."""
    gone = town.contact("alice", ORDINARY, asker=plain, handed="teknik")
    for row in Enquiry.objects.filter(contact=gone):
        matter = town.matters[row.pk]
        town.changed(matter, replace(matter, forgotten=True))
    for handover in Handover.objects.filter(enquiry__contact=gone):
        deeds.decline_handover(employee=town.employees["hanne"], handover_id=handover.pk, reason="Ikke os")
    for row in Enquiry.objects.filter(contact=gone, outcome=Outcome.OPEN):
        deeds.conclude_enquiry(employee=town.employees["alice"], enquiry_id=row.pk, outcome=Outcome.RESOLVED)
    forget_contacts(actor=SYSTEM, contact_ids=[gone.pk], remains={}, cause=Cause("contact", gone.pk), on=clock.today())


def _safety(town: Town, who: dict[str, int]) -> None:
    alice, bob, dorthe = (town.employees[name] for name in ("alice", "bob", "dorthe"))
    until = clock.today() + dt.timedelta(days=60)
    for citizen in (who["plain"], who["threat"]):
        safety.propose_warning(employee=alice, citizen_id=citizen, reason=WarningReason.THREAT, told=Told.YES)
    for row in SafetyWarning.objects.all()[:1]:
        safety.decide_warning(employee=dorthe, warning_id=row.pk, valid_to=until, told=Told.YES)
    safety.raise_alarm(employee=alice, centre="aabybro", place="Plads 2")
    text = town.mark("incident", owner="alice", receivers=frozenset({"bob"}))
    safety.report_incident(
        employee=alice,
        kind=IncidentKind.THREAT,
        happened_at=clock.now(),
        what_happened=f"Der blev råbt {text}",
        present=[bob.pk],
    )
    town.rows["warning_id"] = list(SafetyWarning.objects.values_list("pk", flat=True))
    town.rows["alarm_id"] = list(Alarm.objects.values_list("pk", flat=True))
    town.rows["incident_id"] = list(Incident.objects.values_list("pk", flat=True))
    town.facts["incident_id", town.rows["incident_id"][0]] = town.things[text]


def _between(town: Town) -> None:
    """Calls offered and questions asked: of a colleague, of a centre, of a department; and forms half written."""
    alice, bob = town.employees["alice"], town.employees["bob"]
    for to, said in (
        (Receiver(employee=bob.pk), "bob"),
        (Receiver(centre="pandrup"), "pandrup"),
        (Receiver(department="jobcenter"), "jobcenter"),
    ):
        reach = {"owner": "alice", "receivers": frozenset({said})}
        form, asked = uuid.uuid4(), uuid.uuid4()
        summary, question = town.mark("transfer", **reach), town.mark("question", **reach)
        draft = Typed.from_post({"key": str(form), "note": f"Halvt {town.mark('draft', owner='alice')}"})
        keep_draft(employee_id=alice.pk, typed=draft)
        offered = deeds.offer_transfer(
            employee=alice,
            contact_key=form,
            to=to,
            summary=f"Hun vil {summary}",
            channel=Contact.objects.all()[0].channel,
        )
        made = deeds.ask_consultation(employee=alice, contact_key=asked, to=to, question=f"Hvad med {question}")
        town.rows["transfer_id"].append(offered.pk)
        town.rows["consultation_id"].append(made.pk)
        town.facts["transfer_id", offered.pk] = town.things[summary]
        town.facts["consultation_id", made.pk] = town.things[question]
    Transfer.objects.update(answer_by_at=clock.now() + dt.timedelta(hours=6))
    assert Consultation.objects.count() == 3


def _oversight(town: Town, who: dict[str, int]) -> None:
    """Look-ups that no work explains; one asked about and answered by who looked, one of a leader's own."""
    last = (clock.today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    at = clock.day_bounds(last)[0] + dt.timedelta(hours=10)
    for name in ("bob", "alice", "dorthe"):
        LookUp.objects.create(
            at=at,
            actor_kind="employee",
            actor_id=town.employees[name].pk,
            citizen_id=who["alone"],
            use="history",
            request_id=uuid.uuid4(),
        )
    said = town.mark("stated", owner="bob", citizen=who["alone"])
    deeds.state_reason(employee=town.employees["bob"], citizen_id=who["alone"], code="to_answer", text=f"Fordi {said}")
    judge_day(last)
    draw_sample(month=last)
    dorthe = town.employees["dorthe"]
    for question in Question.objects.select_related("employee").order_by("pk"):
        town.facts["question_id", question.pk] = Thing("question", "", owner=question.employee.username)
        if question.employee_id == dorthe.pk:
            continue
        oversight.ask(leader=dorthe, question_id=question.pk)
        explained = town.mark("explained", owner=question.employee.username)
        oversight.answer(employee=question.employee, question_id=question.pk, text=f"Jeg {explained}")
    town.rows["question_id"] = list(Question.objects.values_list("pk", flat=True))
    assert Sample.objects.count() == 1
    town.rows["look_up"] = list(LookUp.objects.order_by("pk").values_list("pk", flat=True)[:3])


def _privacy(town: Town, who: dict[str, int]) -> None:
    dorthe = town.employees["dorthe"]
    reason = town.mark("hold", citizen=who["other"])
    hold = place_hold(
        employee=dorthe,
        reason=f"En klage {reason}",
        until=clock.today() + dt.timedelta(days=90),
        citizen_id=who["other"],
    )
    town.rows["hold_id"].append(hold.pk)
    package, _content = make_package(employee=dorthe, citizen_id=who["plain"], with_cpr=False)
    town.rows["package_id"].append(package.pk)


def _feedback(town: Town) -> None:
    """A complaint about a wait, and one about how Pia, who leads, behaved."""
    alice, pia = town.employees["alice"], town.employees["pia"]
    for kind, about in ((Kind.SERVICE, None), (Kind.CONDUCT, pia)):
        name = about.username if about else None
        text = town.mark("feedback", owner="alice", department=name)
        said = NewFeedback(
            kind=kind,
            text=f"Jeg er utilfreds {text}",
            received_on=clock.today(),
            said_by=SaidBy.ANONYMOUS,
            service="pas",
            centre="pandrup",
            concerns=about.pk if about else None,
        )
        row = register_feedback(employee=alice, said=said)
        town.rows["feedback_id"].append(row.pk)
        town.facts["feedback_id", row.pk] = town.things[text]
        for words in row.texts.all():
            town.rows["text_id"].append(words.pk)
            town.facts["text_id", words.pk] = town.things[text]


def _breach(town: Town) -> None:
    what = town.mark("breach")
    said = NewBreach(
        what=f"Et brev {what}",
        who="",
        discovered_at=clock.now(),
        scope="everything",
        first_on=clock.today(),
        last_on=clock.today(),
        kinds=("name",),
    )
    made = note_breach(employee=town.employees["dorthe"], said=said)
    town.rows["breach_id"].append(made.pk)


def _names_in_departments(town: Town) -> None:
    """A department sees the names of whom its matters are for, and of who asked."""
    for marker, thing in town.things.items():
        if thing.kind == "name" and thing.citizen is not None:
            found = tuple(matter for matter in town.matters.values() if thing.citizen in matter.persons)
            town.things[marker] = replace(thing, matters=found)


def _plain_rows(town: Town) -> None:
    record_exceptional_day(centre="pandrup", on=clock.today(), reason="Storm", actor=SYSTEM)
    town.rows["day_id"] = [row.pk for row in coming_exceptional_days(clock.today())]
    draft = save_draft(text=small_model(old="value = 80", new="value = 82"), includes={}, title="x.toml", actor=SYSTEM)
    adopted = sorted(found.pk for found in versions() if found.pk != draft.pk)
    town.rows["version_id"] = [adopted[-1], draft.pk]
    town.rows["old_id"], town.rows["new_id"] = [adopted[0]], [adopted[1]]
    town.rows["employee_id"] = [town.employees[name].pk for name in ("alice", "charlie", "gorm")]
    for name, table in (("contact_id", Contact), ("citizen_id", Citizen)):
        town.rows[name].append((table.objects.aggregate(most=Max("pk"))["most"] or 0) + 1000)  # nobody's


def _facts(town: Town) -> None:
    """Each row that an address can name, as the law asks about it."""
    facts = town.facts
    facts |= {("enquiry_id", number): matter for number, matter in town.matters.items()}
    for number in town.rows["contact_id"]:
        rows = Enquiry.every.filter(contact=number).order_by("position")
        facts["contact_id", number] = tuple(town.matters[row.pk] for row in rows)
    people = set(Citizen.objects.values_list("pk", flat=True))
    facts |= {("citizen_id", number): number if number in people else 0 for number in town.rows["citizen_id"]}
    for given in Representation.objects.all():
        facts["representation_id", given.pk] = given.citizen_id
        town.citizen_of["representation_id", given.pk] = given.citizen_id
    for handover in Handover.every.all():
        matter = town.matters[handover.enquiry_id]
        facts["handover_id", handover.pk] = Thing("summary", "", matters=(matter,), department=handover.department_id)
    for signpost in Signpost.objects.filter(pk__in=town.rows["signpost_id"]):
        facts["signpost_id", signpost.pk] = Thing("signpost", "", matters=(town.matters[signpost.enquiry_id],))
    by_text = {thing.marker: thing for thing in town.things.values() if thing.kind == "note"}
    for note in Note.objects.filter(pk__in=town.rows["note_id"]):
        found = [thing for marker, thing in by_text.items() if marker in note.text]
        facts["note_id", note.pk] = found[0] if found else Thing("note", "", matters=(_gone(),))
    for number in town.rows["note_id"]:
        facts.setdefault(("note_id", number), Thing("note", "", matters=(_gone(),)))


def _gone() -> Matter:
    return Matter(ORDINARY, frozenset(), "", frozenset(), forgotten=True)
