"""What the pages of this room show, as tables."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.look import wording
from hovedindgang.look.tables import Cell
from hovedindgang.people.models import Citizen, RestrictedWhy
from hovedindgang.people.rectifying import corrections_of
from hovedindgang.people.representing import restriction_of
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.privacy.answering import Asked, requests_of, services_of_rights
from hovedindgang.privacy.labels import ANSWER, CHANNEL, COUNTS, FIELD, KEPT, PROLONG_WHY, RIGHT, WAITS
from hovedindgang.privacy.models import Hold, RetentionRun
from hovedindgang.privacy.rules import Answer, Kept
from hovedindgang.servicemodel.wording import name_of


def language() -> str:
    return "en" if get_language() == "en" else "da"


def service_name(key: str) -> str:
    """In the reader's language; the key itself of what the model in force does not know."""
    try:
        service = in_force(clock.today()).model.services.get(key)
    except NoPolicyInForce:
        return key
    if service is None:
        return key
    return service.name_en if language() == "en" and service.name_en else name_of(service)


def ground_said(ground: str) -> str:
    """A ground of retention in the reader's language, as the model in force says it; else as it was written."""
    if language() != "en":
        return ground
    try:
        services = in_force(clock.today()).model.services.values()
    except NoPolicyInForce:
        return ground
    alike = (one.retention.ground_en for one in services if one.retention and one.retention.ground == ground)
    return next(filter(None, alike), ground)


@dataclass(frozen=True, slots=True)
class Part:
    """What goes for one reason: the ground is said once, and a row for each service stands under it."""

    ground: str
    head: list[str]
    rows: list[list[Cell]]


def planned_parts(lines: list[list[object]]) -> list[Part]:
    """From lines of day, service, ground and number of contacts."""
    sums: dict[tuple[str, str], tuple[str, str, int]] = {}
    for day, service, ground, number in lines:
        key = (str(ground), str(service))
        first, last, known = sums.get(key, (str(day), str(day), 0))
        sums[key] = (min(first, str(day)), max(last, str(day)), known + int(str(number)))
    rows = {
        key: [
            Cell(wording.day(dt.date.fromisoformat(first), language=language())),
            Cell(wording.day(dt.date.fromisoformat(last), language=language())),
            _number(count),
        ]
        for key, (first, last, count) in sums.items()
    }
    return _parts(rows, [_("Opgave"), _("Første dag"), _("Sidste dag"), _("Henvendelser")])


def gone_parts(run: RetentionRun) -> list[Part]:
    rows = {(ground, service): [_number(number)] for service, ground, number in run.gone}
    return _parts(rows, [_("Opgave"), _("Henvendelser")])


def _number(count: int) -> Cell:
    return Cell(wording.number(count, language=language()), number=True)


def _parts(rows: dict[tuple[str, str], list[Cell]], head: list[str]) -> list[Part]:
    named = sorted(
        ((ground, service_name(service), cells) for (ground, service), cells in rows.items()),
        key=lambda row: (row[0], row[1].casefold()),
    )
    return [
        Part(ground_said(ground), head, [[Cell(name, header=True), *cells] for _ground, name, cells in part])
        for ground, part in groupby(named, key=lambda row: row[0])
    ]


def kept_lines(run: RetentionRun) -> list[tuple[str, int]]:
    """What was kept though its time had come, and why; contacts."""
    return [(str(KEPT[Kept(reason)]), number) for reason, number in sorted(run.kept.items())]


def run_rows(runs: list[RetentionRun]) -> dict[str, object]:
    """One row for each run: what went, in numbers."""
    words = ["contacts", "notes", "citizens", "imported"]
    rows = []
    for run in runs:
        when = wording.day(run.day, language=language())
        state = _("Færdig") if run.ended_at else _("Ikke færdig; den tages op igen")
        counts = [Cell(wording.number(run.counts.get(word, 0), language=language()), number=True) for word in words]
        kept = Cell(wording.number(sum(run.kept.values()), language=language()), number=True)
        rows.append([Cell(when, header=True), *counts, kept, Cell(state)])
    head = [_("Dag"), *(str(COUNTS[word]) for word in words), _("Beholdt"), _("Tilstand")]
    return {"head": head, "rows": rows}


def request_rows(asked: list[Asked]) -> list[dict[str, object]]:
    """One row for each request that waits: due when, of what, whose, with whom, and what must be said of its day."""
    return [
        {
            "one": one,
            "right": RIGHT[one.right],
            "citizens": [(number, reverse("citizen_rights", args=[number])) for number in one.citizens],
            "contact_url": reverse("contact", args=[one.contact_id]),
            "where": WAITS[one.outcome],
            "left": _left(one),
        }
        for one in asked
    ]


def _left(one: Asked) -> str:
    """How near its day is, in words: a colour alone tells nobody."""
    if one.late:
        days = -one.days_left
        return ngettext("%(days)s dag for sent", "%(days)s dage for sent", days) % {"days": days}
    if one.days_left == 0:
        return _("i dag")
    return ngettext("om %(days)s dag", "om %(days)s dage", one.days_left) % {"days": one.days_left}


def requests_of_citizen(citizen_id: int) -> dict[str, object]:
    """What the page about her shows of her requests, and what can be chosen there."""
    asked = requests_of(citizen_id)
    nothing = ("", _("Vælg"))
    return {
        "waiting": request_rows([one for one in asked if not one.answered]),
        "answered": [
            {
                "one": one,
                "right": RIGHT[one.right],
                "answer": ANSWER[Answer(one.course.answer)] if one.course and one.course.answer else _("Afsluttet"),
                "contact_url": reverse("contact", args=[one.contact_id]),
            }
            for one in asked
            if one.answered
        ],
        "rights": [nothing, *((right.value, RIGHT[right]) for right in services_of_rights())],
        "channels": [nothing, *((word.value, said) for word, said in CHANNEL.items())],
        "answers": [nothing, *((word.value, said) for word, said in ANSWER.items())],
        "why_prolong": [nothing, *((word.value, said) for word, said in PROLONG_WHY.items())],
        "form_key": uuid.uuid4(),
    }


def right_and_restricted(citizen: Citizen) -> dict[str, object]:
    """What was corrected about her and whether it is only stored; what can be chosen. Old values are for her alone."""
    placed, nothing = restriction_of(citizen), ("", _("Vælg"))
    return {
        "fields": [nothing, *FIELD.items()],
        "corrected": [{"field": FIELD[one.field], "one": one} for one in corrections_of(citizen.pk)],
        "restriction": placed,
        "restricted_why": RestrictedWhy(placed.why).label if placed else "",
        "look_again": bool(placed and placed.look_again_on <= clock.today()),
        "why_restrict": [nothing, *RestrictedWhy.choices],
    }


def hold_rows(holds: list[Hold]) -> list[dict[str, object]]:
    return [
        {
            "number": hold.pk,
            "what": _("Borger %(number)s") % {"number": hold.citizen_id}
            if hold.citizen_id
            else _("Henvendelse %(number)s") % {"number": hold.contact_id},
            "url": reverse("citizen_history", args=[hold.citizen_id])
            if hold.citizen_id
            else reverse("contact", args=[hold.contact_id]),
            "reason": hold.reason,
            "who": hold.placed_by.name,
            "until": hold.until,
        }
        for hold in holds
    ]
