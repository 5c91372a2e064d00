"""Who may read which matter: the one rule, as a condition of queries and as the reader that history is told of.

Ordinary matters are open to all whom a door lets in. Confidential ones to Borgerservice, and to other systems with a
scope for them. Sensitive ones only to who works with the matter: she registered it, owns it or ended it, it was
handed to her department or by her, or she opened it with a reason, which serves one working day. There is no
competence for a service yet; when there is, it belongs here. Everybody else is told that there was another matter on
a date: not which, how or with whom, nor any text of its contact, which may tell of it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from hovedindgang.contacts.models import Contact, Enquiry, Handover, OpenedMatter
from hovedindgang.kernel import clock
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import Scope, may_see_citizens
from hovedindgang.policy.queries import digests_lately, digests_until, sensitivities, sensitivities_by
from hovedindgang.servicemodel.document import Sensitivity

OPEN_HOURS = 12  # a reasoned key serves one working day


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a history is read: the services she does not see unless the matter is hers.

    Of another system: `masked` where it is sent texts without names and addresses, `stored` what it reads of those
    whose data is only stored ("kept": nothing; "consented": the citizen's own, who has consented).
    """

    hidden: frozenset[str]
    employee: int | None = None
    department: str | None = None
    versions: int | None = None  # how many adopted versions it follows from; None: asked for just now
    masked: bool = False
    stored: Literal["kept", "consented"] | None = None

    def as_text(self) -> str:
        """As the statements that read histories are given it."""
        if self.employee is None:
            return _text_of_system(self)
        return _text(self, since=(clock.now() - dt.timedelta(hours=OPEN_HOURS)).isoformat())


@lru_cache(maxsize=64)
def _text_of_system(reader: Reader) -> str:
    """No matter is its own, and it opens none: the same each time."""
    return _text(reader)


def _text(reader: Reader, **more: str) -> str:
    said = {
        "hidden": sorted(reader.hidden),
        "employee": reader.employee,
        "department": reader.department,
        **({} if reader.versions is None else {"versions": reader.versions}),
        **({"masked": True} if reader.masked else {}),
        **({"stored": reader.stored} if reader.stored else {}),
    }
    return json.dumps(said | more)


def hidden_services(levels: Mapping[str, Sensitivity], *, confidential: bool, sensitive: bool) -> frozenset[str]:
    """The services whose matters are not open to who may read so much."""
    closed = {Sensitivity.CONFIDENTIAL: not confidential, Sensitivity.SENSITIVE: not sensitive}
    return frozenset(key for key, level in levels.items() if closed.get(level, False))


def hidden_from(employee: Employee) -> frozenset[str]:
    """By her role alone; her own matters are hers whatever they are about."""
    return hidden_services(sensitivities(), confidential=may_see_citizens(employee), sensitive=False)


def reader_of(employee: Employee) -> Reader:
    return Reader(hidden_from(employee), employee.pk, works_in(employee))


def works_in(employee: Employee) -> str | None:
    """The department whose matters are hers: a caseworker's. Who once came from one, and is none now, has left them."""
    return employee.department_id if employee.is_caseworker else None


def reader_by_scopes(scopes: Collection[str], *, lately: bool = False, consent: bool = False) -> Reader:
    """Another system: its scopes decide, and no matter is its own. `consent`: the citizen's, to use what is stored.

    `lately`: by the versions this process last heard of, for a statement that proves there are no others.
    """
    digests, versions = digests_lately() if lately else (digests_until(clock.today()), None)
    return _by_scopes(digests, versions, frozenset(scopes), consent)


@lru_cache(maxsize=64)
def _by_scopes(digests: tuple[str, ...], versions: int | None, scopes: frozenset[str], consent: bool) -> Reader:
    return Reader(
        versions=versions,
        hidden=hidden_services(
            sensitivities_by(digests),
            confidential=Scope.HISTORY_CONFIDENTIAL in scopes or Scope.HISTORY_SENSITIVE in scopes,
            sensitive=Scope.HISTORY_SENSITIVE in scopes,
        ),
        masked=Scope.HISTORY_PROTECTED not in scopes,
        stored="consented" if consent else "kept",
    )


def readable_by(employee: Employee) -> Q:
    """Which enquiries she may read, among those her door lets her come to."""
    hidden = hidden_from(employee)
    return ~Q(service__in=hidden) | _hers(employee) if hidden else Q()


def _hers(employee: Employee) -> Q:
    asked = Q(sent_by=employee) | Q(handled_by=employee)
    if works_in(employee):
        asked |= Q(department=works_in(employee))
    opened = OpenedMatter.objects.filter(
        enquiry=OuterRef("pk"), employee=employee, at__gt=clock.now() - dt.timedelta(hours=OPEN_HOURS)
    )
    return (
        Q(owner=employee)
        | Q(outcome_by=employee)
        | Q(contact__employee=employee)
        | Q(Exists(Handover.every.filter(asked, enquiry=OuterRef("pk"))))
        | Q(Exists(opened))
    )


def withheld(employee: Employee, contact_ids: Collection[int]) -> list[Enquiry]:
    """Matters of these contacts that she may not read, for the page that says only that they are there.

    Also of contacts registered by mistake: what was said in one is kept as closely.
    """
    return list(_withheld(employee, contact_ids).order_by("contact", "position"))


def _withheld(employee: Employee, contact_ids: Collection[int]) -> QuerySet[Enquiry]:
    hidden = hidden_from(employee)
    if not hidden:
        return Enquiry.every.none()
    readable = Enquiry.every.filter(_hers(employee), pk=OuterRef("pk"))
    return Enquiry.every.filter(~Exists(readable), contact__in=list(contact_ids), service__in=hidden)


def contacts_withholding(employee: Employee, contact_ids: Iterable[int]) -> set[int]:
    """Those contacts of which she may not read everything, so that she reads none of their notes.

    A contact and all that are merged with it are one occasion: what is said in one may tell of a matter in another.
    """
    own = root_by_contact(Contact.every.filter(pk__in=set(contact_ids)))
    withholding = occasions_withholding(employee, root_by_contact(occasions(own.values()))) if own else set()
    return {number for number, root in own.items() if root in withholding}


def occasions(roots: Iterable[int]) -> QuerySet[Contact]:
    """These contacts and all that are merged into them."""
    numbers = set(roots)
    return Contact.every.filter(Q(pk__in=numbers) | Q(merged_into__in=numbers))


def root_by_contact(contacts: QuerySet[Contact]) -> dict[int, int]:
    """Contact → the one that it is merged into, or itself."""
    return {number: into or number for number, into in contacts.values_list("pk", "merged_into")}


def occasions_withholding(employee: Employee, root_of: Mapping[int, int]) -> set[int]:
    """The roots of those occasions of which she may not read everything. `root_of` holds every contact of each."""
    hidden = hidden_from(employee)
    if not hidden:
        return set()
    kept_closely = Enquiry.every.filter(contact__in=list(root_of), service__in=hidden)
    contact_of = dict(kept_closely.values_list("pk", "contact_id"))
    if not contact_of:
        return set()  # as on most pages; whose they are takes longest to ask
    hers = set(Enquiry.every.filter(_hers(employee), pk__in=list(contact_of)).values_list("pk", flat=True))
    return {root_of[contact] for number, contact in contact_of.items() if number not in hers}
