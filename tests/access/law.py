"""Who may come where, and who may read what about whom: the law that the house is measured by.

Written from the specification and by hand, beside the code and without it: not one line asks the product who may. A
page, an operation or a parameter that is not described here fails the test, so that whoever builds it says it first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

EMPLOYEE, CASEWORKER, LEADER = "employee", "caseworker", "leader"
PLANNER, EDITOR, ADMINISTRATOR = "planner", "editor", "administrator"
ROLES = (EMPLOYEE, CASEWORKER, LEADER, PLANNER, EDITOR, ADMINISTRATOR)
ORDINARY, CONFIDENTIAL, SENSITIVE = "ordinary", "confidential", "sensitive"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who asks: an employee with her roles and places, another system with its scopes, or nobody we know."""

    name: str
    roles: frozenset[str] = frozenset()
    centre: str | None = None
    department: str | None = None
    let_in: bool = True  # not: signed out, deactivated, expired
    scopes: frozenset[str] | None = None  # of another system
    closed: frozenset[int] = frozenset()  # citizens whose record is closed to her: her own, her family's

    @property
    def borgerservice(self) -> bool:
        """The centres are one unit: whoever works or leads there sees the citizens of all of them."""
        return self.let_in and bool(self.roles & {EMPLOYEE, LEADER})

    @property
    def of_department(self) -> str | None:
        return self.department if self.let_in and CASEWORKER in self.roles else None


@dataclass(frozen=True, slots=True)
class Matter:
    """What the law asks about a matter."""

    level: str
    hands: frozenset[str]  # who registered, owns or ended it, gave it on or answered it
    registered_by: str
    persons: frozenset[int]  # who asked, and for whom
    handed_to: frozenset[str] = frozenset()  # departments
    forgotten: bool = False
    stored: bool = False  # somebody's whose data is only stored: no other system reads it without her consent


@dataclass(frozen=True, slots=True)
class Thing:
    """Something planted that only a leak could show: `marker` stands nowhere else in the house."""

    kind: str
    marker: str
    citizen: int | None = None
    protected: bool = False
    matters: tuple[Matter, ...] = ()  # of a note: all of its contact and of those merged with it
    department: str | None = None  # of a handover: who was asked; of a note: its author's
    owner: str = ""  # the author of a note; whose draft; who asks
    receivers: frozenset[str] = frozenset()  # names of people, centres and departments
    given_back: bool = False  # a note written after every department had given the matter back


# ----------------------------------------------------------------------------------------- who may read what, and why


def may_read_matter(viewer: Viewer, matter: Matter) -> bool:
    """Forgotten: nobody. Closed: nobody to whom it is closed. Sensitive: who works with it. Departments: their own."""
    if matter.forgotten or not viewer.let_in or matter.persons & viewer.closed:
        return False
    hers = viewer.name in matter.hands or viewer.of_department in matter.handed_to - {None}
    if viewer.scopes is not None:
        beyond = {CONFIDENTIAL: {"history:confidential", "history:sensitive"}, SENSITIVE: {"history:sensitive"}}
        asked = beyond.get(matter.level)
        may = "history:read" in viewer.scopes and not matter.stored
        return may and (asked is None or bool(asked & viewer.scopes))
    if viewer.borgerservice:
        return matter.level != SENSITIVE or hers
    if viewer.of_department:
        return viewer.of_department in matter.handed_to or matter.registered_by == viewer.name
    return False


def _citizens_name(viewer: Viewer, thing: Thing) -> bool:
    if thing.protected or thing.citizen in viewer.closed or viewer.scopes is not None:
        return False
    handed = viewer.of_department and any(may_read_matter(viewer, matter) for matter in thing.matters)
    return viewer.borgerservice or bool(handed)


def _citizens_data(viewer: Viewer, thing: Thing) -> bool:
    return viewer.borgerservice and not thing.protected and thing.citizen not in viewer.closed


def _needs(viewer: Viewer, thing: Thing) -> bool:
    """An interpreter, a wheelchair: to be known where she is met, protected or not."""
    return viewer.borgerservice and thing.citizen not in viewer.closed


def _note(viewer: Viewer, thing: Thing) -> bool:
    """A note is about its whole contact, and may tell of its most sensitive matter."""
    if any(matter.forgotten or matter.persons & viewer.closed for matter in thing.matters) or not viewer.let_in:
        return False
    all_readable = all(may_read_matter(viewer, matter) for matter in thing.matters)
    own = thing.matters[0]
    if viewer.scopes is not None:
        return all_readable
    if own.registered_by == viewer.name and (viewer.borgerservice or viewer.of_department):
        return True
    if viewer.borgerservice:
        return all_readable
    if viewer.of_department is None or not any(may_read_matter(viewer, matter) for matter in thing.matters):
        return False
    whole = all(viewer.of_department in matter.handed_to for matter in thing.matters)
    return thing.department == viewer.of_department or (whole and not thing.given_back)


def _typed(viewer: Viewer, thing: Thing) -> bool:
    """A protected name that somebody wrote into a note: for who reads the note; of other systems, for one that may."""
    return _note(viewer, thing) and (viewer.scopes is None or "history:protected" in viewer.scopes)


def _handover(viewer: Viewer, thing: Thing) -> bool:
    """What one department was asked, and answered, is not another's to read."""
    (matter,) = thing.matters
    if not may_read_matter(viewer, matter):
        return False
    return (
        viewer.borgerservice
        or viewer.scopes is not None
        or viewer.of_department == thing.department
        or matter.registered_by == viewer.name
    )


def _between(viewer: Viewer, thing: Thing) -> bool:
    """A call offered, a question asked: of whom, and by whom. At a centre: who works there."""
    there = {viewer.name, viewer.of_department, viewer.centre if EMPLOYEE in viewer.roles else None}
    return viewer.let_in and viewer.scopes is None and (thing.owner == viewer.name or bool(there & thing.receivers))


def _own(viewer: Viewer, thing: Thing) -> bool:
    return viewer.let_in and thing.owner == viewer.name


def _leaders(viewer: Viewer, thing: Thing) -> bool:
    return viewer.let_in and (LEADER in viewer.roles or thing.owner == viewer.name)


def _leading(viewer: Viewer, thing: Thing) -> bool:
    return viewer.let_in and bool(viewer.roles & {LEADER, ADMINISTRATOR})


def _administrators(viewer: Viewer, thing: Thing) -> bool:
    return viewer.let_in and (ADMINISTRATOR in viewer.roles or thing.owner == viewer.name)


def _document(viewer: Viewer, thing: Thing) -> bool:
    return viewer.borgerservice and thing.citizen not in viewer.closed


def _was_there(viewer: Viewer, thing: Thing) -> bool:
    return viewer.name in {thing.owner, *thing.receivers}


def _feedback(viewer: Viewer, thing: Thing) -> bool:
    """Leaders, and who wrote it down; of somebody's conduct leaders alone; about herself nobody. `department`: about
    whose conduct it is."""
    if not viewer.let_in or viewer.scopes is not None or viewer.name == thing.department:
        return False
    writes = bool(viewer.roles & {EMPLOYEE, LEADER, CASEWORKER})
    return LEADER in viewer.roles or (writes and thing.department is None and viewer.name == thing.owner)


def _answers(viewer: Viewer, thing: Thing) -> bool:
    return LEADER in viewer.roles and _feedback(viewer, thing)


def _nobody(viewer: Viewer, thing: Thing) -> bool:
    return False


def _by_role(roles: str) -> Callable[[Viewer, Thing], bool]:
    return lambda viewer, thing: viewer.let_in and viewer.scopes is None and bool(viewer.roles & set(roles.split()))


def _here(viewer: Viewer, thing: Thing) -> bool:
    return viewer.borgerservice


READS: Mapping[str, Callable[[Viewer, Thing], bool]] = {
    "name": _citizens_name,
    "address": _citizens_data,
    "phone": _citizens_data,
    "email": _citizens_data,
    "born": _citizens_data,
    "needs": _needs,
    "cpr": _nobody,  # found by it, never shown
    "note": _note,
    "casenumber": lambda viewer, thing: may_read_matter(viewer, thing.matters[0]),
    "journal": lambda viewer, thing: may_read_matter(viewer, thing.matters[0]),
    "summary": _handover,
    "agreed": _handover,
    "answer": _handover,
    "returned": _handover,
    "transfer": _between,
    "question": _between,
    "draft": _own,
    "corrected": lambda viewer, thing: _note(viewer, thing) or (viewer.let_in and LEADER in viewer.roles),
    "stated": _leaders,  # her own words for a look-up: herself and leaders
    "explained": _leaders,  # her answer to a question about a look-up
    "verdict": _leaders,
    "hold": _leading,
    "feedback": _feedback,
    "breach": _leading,
    "incident": lambda viewer, thing: viewer.borgerservice and (LEADER in viewer.roles or _was_there(viewer, thing)),
    "document": _document,
    "employeemail": _administrators,
    "typedname": _typed,
    "typedaddress": _typed,
    "was": _nobody,  # what stood wrong about her: hers alone
    "because": lambda viewer, thing: viewer.let_in and LEADER in viewer.roles,  # why her request was met with no
    "claimwhy": lambda viewer, thing: _contact(viewer, thing.matters),
    "lookupreason": _here,  # another system's case number, in what the citizen is given
    "reviewed": _by_role(LEADER),
    "judged": _leaders,
    "namewhy": _by_role(LEADER),  # and she herself, on paper
    "alarmplace": _here,
    "countwhy": _here,
    "week": _by_role(f"{LEADER} {PLANNER} {EMPLOYEE} {CASEWORKER}"),  # whoever counts in it, and reads it
    "registerfile": _by_role(f"{LEADER} {PLANNER} {ADMINISTRATOR}"),
    "queue": _by_role(f"{LEADER} {PLANNER} {ADMINISTRATOR} {EMPLOYEE}"),  # what came and was not registered
    "plan": lambda viewer, thing: (
        viewer.let_in
        and (bool(viewer.roles & {PLANNER, LEADER}) if viewer.scopes is None else "indicators:read" in viewer.scopes)
    ),
    "ticket": _by_role(f"{LEADER} {EMPLOYEE}"),
    "logcase": _nobody,
    "token": _nobody,
}


@dataclass(frozen=True, slots=True)
class Opens:
    """A place that shows more than the law above, to whom it names: one citizen's, by a reasoned act."""

    kinds: frozenset[str]
    who: frozenset[str]
    posted: bool


KEYS: Mapping[str, Opens] = {
    # The reasoned key to a protected name and address.
    "show_protected": Opens(
        frozenset({"name", "address", "phone", "email", "born", "typedname", "typedaddress"}),
        frozenset({EMPLOYEE, LEADER}),
        posted=True,
    ),
    # Everything we hold about her, taken out to be handed to her (databeskyttelsesforordningen art. 15).
    "citizen_package": Opens(frozenset(READS) - {"token", "employeemail", "draft"}, frozenset({LEADER}), posted=True),
}


@dataclass(frozen=True, slots=True)
class Power:
    """By what somebody asks for another; `levels`: of the matters it is for, None for all."""

    holder: int
    citizen: int
    levels: frozenset[str] | None
    stands: bool


def may_hear(power: Power, thing: Thing) -> bool:
    """Whether who asks for another by it may be told: of nothing that has ended, and of nothing else than it is for."""
    return power.stands and (power.levels is None or all(matter.level in power.levels for matter in thing.matters))


def may_read(viewer: Viewer, thing: Thing, *, place: str = "", posted: bool = False, about: int | None = None) -> bool:
    """Whether the answer of `place`, asked about citizen `about`, may hold the thing."""
    key = KEYS.get(place)
    if key and key.posted == posted and thing.kind in key.kinds and viewer.let_in and viewer.roles & key.who:
        people = {thing.citizen} | {person for matter in thing.matters for person in matter.persons}
        return about in people and about not in viewer.closed
    return READS[thing.kind](viewer, thing)


# ------------------------------------------------------------------------------------------------ who may come where

ANYBODY, SIGNED_IN, FRAMEWORK = "anybody", "signed in", "sign-in's own"


@dataclass(frozen=True, slots=True)
class Place:
    """A page or an address of deeds. `who`: roles. `fields`: what a deed is sent, beside what every deed is."""

    who: str
    fields: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[str, ...] = ()

    def lets_in(self, viewer: Viewer) -> bool:
        """By role alone; what she may do there with whose is for `READS`."""
        if self.who in {ANYBODY, FRAMEWORK}:
            return True
        if not viewer.let_in or viewer.scopes is not None:
            return False
        return self.who == SIGNED_IN or bool(viewer.roles & set(self.who.split()))


_HERE = f"{EMPLOYEE} {LEADER}"
_WORKERS = f"{EMPLOYEE} {LEADER} {CASEWORKER}"
_PLANNERS = f"{PLANNER} {LEADER}"
_PROTECTED = {"protection": "threat", "from_day": "", "to_day": ""}
_PERSON = {"username": "nina", "name": "Nina Ny", "email": "", "centre": "aabybro", "roles": EMPLOYEE, "is_active": "1"}

PLACES: Mapping[str, Place] = {
    "start": Place(ANYBODY),
    "set_language": Place(ANYBODY, {"language": "en"}),
    "sign_in_as": Place(ANYBODY),
    "settings": Place(SIGNED_IN, {"language": "en", "letter_keys": "1"}),
    "my_sign_ins": Place(SIGNED_IN, {"handle": "f" * 32}),
    "family": Place(SIGNED_IN, {"family_cpr": "6101901298"}),
    "openings": Place(LEADER),
    "ask_opening": Place(SIGNED_IN, {"reason": "only_me"}),
    "open_for_her": Place(LEADER),
    "opening_seen": Place(LEADER),
    "kin": Place(ADMINISTRATOR, {"cpr": "6101901297"}),
    "employees": Place(ADMINISTRATOR),
    "new_employee": Place(ADMINISTRATOR, _PERSON),
    "edit_employee": Place(ADMINISTRATOR, _PERSON | {"username": "omdoebt"}),
    "new_password": Place(ADMINISTRATOR),
    "replace_second_step": Place(ADMINISTRATOR, {"shown": "id_seen"}),
    "end_sessions": Place(ADMINISTRATOR),
    "sign_in_locks": Place(f"{ADMINISTRATOR} {LEADER}"),
    "lift_lock": Place(f"{ADMINISTRATOR} {LEADER}"),
    # a citizen: Borgerservice alone
    "citizen": Place(_HERE),
    "show_protected": Place(_HERE, {"reason": "letter"}),
    "protect_citizen": Place(_HERE, _PROTECTED),
    "record_death": Place(_HERE, {"dead_on": "2026-02-01"}),
    "new_representation": Place(_HERE, {"holder_name": "Helge Helper", "basis": "mandate", "proof": "seen"}),
    "revoke_representation": Place(_HERE),
    "representation_evidence": Place(_HERE),
    # the desk
    "desk": Place(EMPLOYEE, {"step": "save", "service-0": "pas", "channel": "in_person", "centre": "aabybro"}),
    "desk_latest": Place(EMPLOYEE),
    "desk_missing": Place(_HERE),
    "count_week": Place(_WORKERS),
    "paper_form": Place(_HERE),
    "paper_entry": Place(EMPLOYEE),
    "desk_draft": Place(EMPLOYEE, {"service-0": "pas", "note": "et halvt ord"}),
    "strip": Place(EMPLOYEE, {"count": "in_person:information"}),
    "now": Place(_WORKERS),
    "transfer_step": Place(_WORKERS, steps=("accept", "decline", "withdraw", "seen")),
    "consultation": Place(_WORKERS),
    "consultation_step": Place(_WORKERS, steps=("seen", "withdraw")),
    # safety
    "alarms": Place(_HERE),
    "raise_alarm": Place(_HERE, {"place": "Plads 4"}),
    "alarm_step": Place(_HERE, steps=("coming", "over", "mistake")),
    "warnings": Place(LEADER),
    "warning": Place(LEADER, {"step": "end"}),
    "propose_warning": Place(_HERE, {"reason": "threat", "told": "yes"}),
    "incidents": Place(_HERE, {"kind": "threat", "what_happened": "Der blev råbt"}),
    "incident": Place(_HERE, {"follow_up": "Vi har talt om det", "notice": "not_needed"}),
    # contacts
    "contact": Place(_WORKERS),
    "add_note": Place(_WORKERS),
    "merge_contacts": Place(_HERE),
    "part_contacts": Place(_HERE),
    "amend_note": Place(_WORKERS),
    "contest_note": Place(_WORKERS),
    "journal": Place(_HERE),
    "journalise": Place(_HERE, {"form": "by_hand", "case_number": "26-000017"}),
    "settle_journal": Place(_HERE),
    "conclude_enquiry": Place(_WORKERS, {"outcome": "withdrawn", "withdrawn_why": "changed_mind"}),
    "hand_over": Place(_HERE, {"department": "teknik", "summary": "Se på det", "agreed": "Vi ringer"}),
    "take_over_enquiry": Place(_HERE),
    "agree_another_day": Place(_HERE, {"another_day": "2026-04-01", "why": "others", "told": "told"}),
    "reopen_enquiry": Place(_HERE, {"why": "concluded"}),
    "correct_enquiry": Place(_HERE),
    "follow_enquiry": Place(_HERE),
    "open_matter": Place(_HERE, {"code": "to_answer", "text": "Hun har skrevet"}),
    "got_there": Place(_HERE, {"got_there": "yes"}),
    "handover_step": Place(_WORKERS, steps=("accept", "decline", "answer", "return", "told")),
    "company": Place(_WORKERS),
    "claim_contact": Place(_WORKERS, {"reason": ""}, steps=("work", "done", "seen")),
    "mend": Place(_HERE),
    "mend_contact": Place(
        _HERE,
        {"reason": "duplicate", "why": "Tastet forkert", "channel": "phone"},
        steps=("person", "channel", "times", "taken_back", "struck"),
    ),
    "mend_service": Place(_HERE, {"service": "koerekort", "why": "Tastet forkert"}),
    "corrections_to_review": Place(LEADER),
    "review_correction": Place(LEADER, {"done": "Talt med hende"}),
    "my_open": Place(_WORKERS),
    "department_inbox": Place(CASEWORKER),
    "search_contacts": Place(_HERE, {"typed": "kufferten"}),
    "citizen_history": Place(_HERE),
    "say_why": Place(_HERE, {"code": "to_answer", "text": "Hun har skrevet"}),
    # guidance and policy
    "articles": Place(SIGNED_IN),
    "article": Place(SIGNED_IN),
    "edit_article": Place(f"{EDITOR} {ADMINISTRATOR}", {"title": "Pas", "text": "Nyt", "bring": ""}),
    "policy": Place(ANYBODY),
    "policy_questions": Place(ANYBODY),
    "policy_versions": Place(ANYBODY),
    "policy_version": Place(ANYBODY),
    "policy_difference": Place(ANYBODY),
    "drafts": Place(f"{LEADER} {EDITOR} {ADMINISTRATOR}"),
    "draft": Place(f"{LEADER} {EDITOR} {ADMINISTRATOR}"),
    "exceptional_days": Place(f"{LEADER} {ADMINISTRATOR}", {"centre": "pandrup", "reason": "Storm"}),
    "withdraw_day": Place(f"{LEADER} {ADMINISTRATOR}"),
    # privacy
    "retention": Place(f"{LEADER} {ADMINISTRATOR}", {"kind": "citizen", "reason": "En klage"}),
    "lift_hold": Place(f"{LEADER} {ADMINISTRATOR}"),
    "find_citizen_rights": Place(LEADER, {"who": "6101901299"}),
    "citizen_rights": Place(LEADER),
    "citizen_package": Place(LEADER, {"with_cpr": "no"}),
    "erase_citizen": Place(LEADER, {"ground": "unlawful"}),
    "review_package": Place(LEADER),
    "rights_requests": Place(LEADER),
    "register_request": Place(LEADER, {"right": "access", "channel": "phone"}),
    "prolong_request": Place(LEADER, {"why": "Der er meget", "told": "1"}),
    "answer_request": Place(LEADER, {"answer": "met"}),
    "correct_citizen": Place(LEADER, {"field": "phone", "value": "33445566"}),
    "restrict_citizen": Place(LEADER, {"why": "Hun bestrider det"}),
    "lift_restriction": Place(LEADER, {"told": "1"}),
    "breaches": Place(f"{LEADER} {ADMINISTRATOR}"),
    "breach": Place(f"{LEADER} {ADMINISTRATOR}"),
    "assess_breach": Place(f"{LEADER} {ADMINISTRATOR}", {"risk": "high", "measures": "Lukket"}),
    "breach_notified": Place(f"{LEADER} {ADMINISTRATOR}"),
    "citizens_told": Place(f"{LEADER} {ADMINISTRATOR}"),
    "close_breach": Place(f"{LEADER} {ADMINISTRATOR}"),
    "export_breach": Place(f"{LEADER} {ADMINISTRATOR}"),
    # complaints, praise and ideas
    "feedbacks": Place(_WORKERS),
    "new_feedback": Place(_WORKERS, {"kind": "praise", "said_by": "anonymous", "service": "pas"}),
    "feedback_figures": Place(LEADER),
    "feedback_csv": Place(LEADER),
    "feedback": Place(_WORKERS),
    "feedback_step": Place(_WORKERS, steps=("bekraeft", "dag", "giv", "afslut", "aabn")),
    "amend_feedback": Place(_WORKERS),
    # figures
    "board": Place(f"{LEADER} {PLANNER} {EMPLOYEE}"),
    "board_list": Place(f"{LEADER} {EMPLOYEE}"),
    "agreed_figures": Place(f"{LEADER} {PLANNER}"),
    "counting_weeks": Place(f"{LEADER} {PLANNER}"),
    "counting_week": Place(f"{LEADER} {PLANNER}"),
    "counting_week_file": Place(f"{LEADER} {PLANNER}"),
    "counting_week_dropped": Place(LEADER),
    "hand_counts": Place(_HERE),
    "hand_count": Place(_HERE),
    "registers": Place(f"{LEADER} {PLANNER} {ADMINISTRATOR}"),
    "register_file": Place(f"{LEADER} {PLANNER} {ADMINISTRATOR}"),
    # planning on one's own data
    "scenarios": Place(_PLANNERS),
    "new_scenario": Place(_PLANNERS, {"title": "Luk Pandrup om mandagen"}),
    "scenario": Place(_PLANNERS),
    "add_change": Place(_PLANNERS, {"kind": "phones_at", "centre": "aabybro"}),
    "remove_change": Place(_PLANNERS),
    "start_run": Place(_PLANNERS),
    "plan_inputs": Place(_PLANNERS),
    "measure_inputs": Place(_PLANNERS, {"how": "begin"}),
    "inputs_document": Place(_PLANNERS),
    "start_replay": Place(_PLANNERS),
    "plan_run": Place(_PLANNERS),
    "stop_run": Place(_PLANNERS),
    "doubt_run": Place(_PLANNERS),
    "draft_run": Place(_PLANNERS),
    "run_csv": Place(_PLANNERS),
    "run_json": Place(_PLANNERS),
    "compare_runs": Place(_PLANNERS),
    # oversight
    "look_ups": Place(LEADER),
    "ask_about": Place(LEADER),
    "samples": Place(LEADER),
    "sample": Place(LEADER),
    "ask_all": Place(LEADER),
    "question": Place(LEADER),
    "ask_question": Place(LEADER),
    "answer_question": Place(SIGNED_IN, {"answer": "Hun ringede"}),
    "judge_question": Place(LEADER, {"verdict": "in_order"}),
    "citizens_print": Place(_HERE),
    "give_name": Place(LEADER, {"reason": "Hun har ret til det"}),
    "mine": Place(SIGNED_IN),
    "demo_figures": Place(ANYBODY),
    # the practice house: to it from the real one, and in it only by a pass
    "practice": Place(SIGNED_IN),
    "go_to_practice": Place(SIGNED_IN),
    "come_to_practice": Place(ANYBODY),
    "clear_practice": Place(LEADER),
}


def described(name: str, address: str) -> Place | None:
    """The law's line for a route; None where nobody wrote one."""
    if address.startswith("/konto/"):
        return Place(FRAMEWORK)
    return PLACES.get(name)


# ------------------------------------------------------------------------------------------------------- the API

OPERATIONS: Mapping[tuple[str, str], str] = {  # the scope that each operation asks; "" is open data
    ("post", "/api/v1/contacts"): "contacts:write",
    ("post", "/api/v1/citizens/find"): "history:read",
    ("get", "/api/v1/citizens/{citizen}/contacts"): "history:read",
    ("post", "/api/v1/enquiries/{enquiry}/handovers"): "handovers:write",
    ("get", "/api/v1/indicators"): "indicators:read",
    ("get", "/api/v1/runs"): "indicators:read",
    ("get", "/api/v1/runs/{run}"): "indicators:read",
    ("get", "/api/v1/model"): "model:read",
    ("get", "/api/v1/services.jsonld"): "",
    ("get", "/api/v1/centres.jsonld"): "",
}
SCOPES = (
    "contacts:read contacts:write history:read history:confidential history:sensitive history:protected "
    "handovers:write indicators:read model:read"
).split()


# ------------------------------------------------------------------------------------------- whose deed it is to do


def may_do(viewer: Viewer, place: str, facts: Mapping[str, Any], step: str = "") -> bool:
    """Whether what stands at the address is hers to come to, and to do this with. `facts`: by the address's parameter.

    Without facts the role alone decides.
    """
    for parameter, fact in facts.items():
        judge = ITEMS.get(f"{place}:{step}") or ITEMS.get(place) or ITEMS.get(parameter)
        if judge is not None and not judge(viewer, fact):
            return False
    return True


def _contact(viewer: Viewer, matters: tuple[Matter, ...]) -> bool:
    """Borgerservice opens every contact, and reads of it what is not kept more closely."""
    if any(matter.forgotten or matter.persons & viewer.closed for matter in matters) or not matters:
        return False
    return viewer.borgerservice or any(may_read_matter(viewer, matter) for matter in matters)


def _owner(viewer: Viewer, matter: Matter) -> bool:
    """A matter that was handed to a department is seen there, but only the handover's own deeds change it."""
    hers = viewer.borgerservice or matter.registered_by == viewer.name
    return hers and may_read_matter(viewer, matter)


def _to_open(viewer: Viewer, matter: Matter) -> bool:
    return viewer.borgerservice and not matter.forgotten and not matter.persons & viewer.closed


def _of_department(viewer: Viewer, thing: Thing) -> bool:
    return viewer.of_department == thing.department and not thing.matters[0].forgotten


def _readable_here(viewer: Viewer, thing: Thing) -> bool:
    return viewer.borgerservice and may_read_matter(viewer, thing.matters[0])


def _known(viewer: Viewer, citizen: int) -> bool:
    """Nobody does anything with what is closed to her, whatever her role."""
    return citizen > 0 and citizen not in viewer.closed


def _receives(viewer: Viewer, thing: Thing) -> bool:
    return thing.owner != viewer.name and _between(viewer, thing)


ITEMS: Mapping[str, Callable[[Viewer, Any], bool]] = {
    "contact_id": _contact,
    "citizen_id": _known,
    "representation_id": _known,
    # She is asked why before anything is looked up, so that the question is the same for a number nobody has.
    "citizen_history": lambda viewer, citizen: citizen not in viewer.closed,
    "enquiry_id": may_read_matter,
    "conclude_enquiry": _owner,
    "open_matter": _to_open,
    "note_id": _note,
    "signpost_id": _readable_here,
    "journal_id": _readable_here,
    **{f"handover_step:{step}": _of_department for step in ("accept", "decline", "answer", "return")},
    "handover_step:told": _readable_here,
    **{f"transfer_step:{step}": _receives for step in ("accept", "decline")},
    **{f"transfer_step:{step}": _own for step in ("withdraw", "seen")},
    "consultation": _between,
    **{f"consultation_step:{step}": _own for step in ("withdraw", "seen")},
    "answer_question": _own,
    "feedback_id": _feedback,
    "text_id": _feedback,
    **{f"feedback_step:{step}": _answers for step in ("bekraeft", "dag", "giv", "afslut", "aabn")},
    "ask_opening": lambda viewer, citizen: citizen in viewer.closed,
    "incident_id": lambda viewer, thing: READS["incident"](viewer, thing),
}
