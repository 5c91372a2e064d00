"""From what was typed to a contact, or to what is wrong with it, said at the field where it stands."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from hovedindgang.contacts.actions import NewContact, NewEnquiry, NewHandover, NewSignpost
from hovedindgang.contacts.rules import (
    OVER_MIDNIGHT,
    PASSES_ON,
    Advice,
    AvoidableCause,
    ComeBackReason,
    Direction,
    FollowsHow,
    ForwardKind,
    Ground,
    Identity,
    Outcome,
    SelfServiceHelp,
    SentOnHow,
    WhoAsks,
    WithdrawnWhy,
)
from hovedindgang.desk.reading import Errors, Reader, Word
from hovedindgang.desk.rules import (
    FOLLOW_UP_WORKING_DAYS,
    LONGEST_SITTING_HOURS,
    NOT_AVOIDABLE,
    OTHER_LANGUAGE,
)
from hovedindgang.desk.typed import Typed
from hovedindgang.kernel import clock
from hovedindgang.people.models import Representation
from hovedindgang.servicemodel.document import Channel, ServiceKind, ServiceModel
from hovedindgang.servicemodel.hours import add_working_days

# Where the fields of `contacts.actions` stand on the page, when they have another name there.
CONTACT_FIELD = {
    "started_at": "on",
    "ended_at": "to_time",
    "asker": "cpr",
    "representation": "acting",
    "enquiries": "search",
    "name": "citizen_name",
}
ENQUIRY_FIELD = {
    "service": "search",
    "kind": "kind",
    "handover.department": "department",
    "handover.summary": "summary",
    "handover.agreed": "agreed",
    "handover.promised_on": "handover_on",
    "signpost.authority": "place",
    "signpost.department": "place",
    "signpost.how": "how",
    "signpost.ground": "ground_out",
    "handover.ground": "ground",
    "for_whom": "others",
}
_PLACED = re.compile(r"enquiries\.(\d+)\.(.+)")


class Unreadable(Exception):
    """Something typed is not a date, a time or one of the choices; `errors` is by field of the page."""

    def __init__(self, errors: Errors) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def as_contact(
    typed: Typed,
    *,
    model: ServiceModel,
    asker: int | None,
    for_whom: Mapping[int, tuple[int, ...] | None],
    representation: Representation | None = None,
) -> NewContact:
    """The contact that the form describes; persons have been found or made before. Raises Unreadable.

    `asker` is the citizen it is about, and `representation` by what another asks for her.
    """
    read = Reader()
    said = typed.contact
    started_at, ended_at, times_true = _times(said, read)
    who_asks = read.word("who_asks", said["who_asks"], WhoAsks, WhoAsks.CITIZEN)
    if said["acting"]:
        who_asks = WhoAsks.HELPER
    asking = representation.holder_id if representation else asker if who_asks is WhoAsks.CITIZEN else None
    made = NewContact(
        channel=read.word("channel", said["channel"], Channel, Channel.IN_PERSON),
        direction=read.word("direction", said["direction"], Direction, Direction.IN),
        who_asks=who_asks,
        medium=said["medium"] or None,
        centre=said["centre"] or None,
        # Somebody who asks for a citizen is not the citizen: the person named is the one it is for.
        asker=asking,
        identity=read.word_or_none("identity", said["identity"], Identity) if asking is not None else None,
        representation=representation.pk if representation else None,
        repeat_of=said["repeat_of"].strip(),
        started_at=started_at,
        ended_at=ended_at,
        times_true=times_true,
        language=OTHER_LANGUAGE if said["language"] == "other" else said["language"] or "da",
        note=said["note"],
        enquiries=tuple(
            _enquiry(one, position, model=model, read=read, for_whom=for_whom.get(position))
            for position, one in enumerate(typed.enquiries)
        ),
    )
    if read.errors:
        raise Unreadable(read.errors)
    return made


def _enquiry(
    said: Mapping[str, str], position: int, *, model: ServiceModel, read: Reader, for_whom: tuple[int, ...] | None
) -> NewEnquiry:
    here = read.at(position)
    outcome = here.word("outcome", said["outcome"], Outcome, Outcome.RESOLVED)
    avoidable = said["avoidable"]
    return NewEnquiry(
        service=here.needed("service", said["service"], _("Vælg en opgave.")),
        kind=here.word_or_none("kind", said["kind"], ServiceKind),
        outcome=outcome,
        on_the_spot=not said["later"],
        advice=here.word("advice", said["advice"], Advice, Advice.NONE),
        come_back_reason=_only_if(
            outcome is Outcome.MUST_COME_BACK,
            here.word_or_none("come_back_reason", said["come_back_reason"], ComeBackReason),
        ),
        withdrawn_why=_only_if(
            outcome is Outcome.WITHDRAWN, here.word_or_none("withdrawn_why", said["withdrawn_why"], WithdrawnWhy)
        ),
        promised_on=_promised_on(said, outcome, model, here),
        for_whom=for_whom,
        preparatory=_yes_no(said["preparatory"]),
        received_assisted=bool(said["received_assisted"]),
        sent_on=here.word_or_none("sent_on", said["sent_on"], SentOnHow),
        avoidable=None if not avoidable else avoidable != NOT_AVOIDABLE,
        avoidable_cause=(
            None if avoidable in {"", NOT_AVOIDABLE} else here.word_or_none("avoidable", avoidable, AvoidableCause)
        ),
        guidance_given=bool(said["guidance_given"]),
        article=said["article"] if said["guidance_given"] else "",
        self_service=here.word_or_none("self_service", said["self_service"], SelfServiceHelp),
        follows=_follows(said, here),
        follows_how=here.word_or_none("follows_how", said["follows_how"], FollowsHow) if said["follows"] else None,
        handover=_handover(said, here) if outcome is Outcome.PASSED_ON else None,
        signpost=_signpost(said, here) if outcome is Outcome.SIGNPOSTED else None,
        case_number=said["case_number"],
    )


def _follows(said: Mapping[str, str], read: Reader) -> int | None:
    """The earlier matter, when it was answered how this one follows it; unanswered is left to the clock."""
    if not said["follows"] or not said["follows_how"]:
        return None
    if not said["follows"].isascii() or not said["follows"].isdigit() or len(said["follows"]) > 18:
        read.wrong("follows", _("Det tidligere ærinde kendes ikke. Vælg det på listen."))
        return None
    return int(said["follows"])


def _handover(said: Mapping[str, str], read: Reader) -> NewHandover | None:
    if not said["department"]:
        read.wrong("handover.department", _("Vælg, hvilken fagforvaltning der overtager."))
    if not said["summary"].strip():
        read.wrong("handover.summary", _("Skriv et resumé, så borgeren ikke skal fortælle det hele igen."))
    return NewHandover(
        department=said["department"],
        summary=said["summary"],
        promised_on=read.day("handover.promised_on", said["handover_on"]),
        spoken=bool(said["spoken"]),
        agreed=said["agreed"],
        ground=read.word("handover.ground", said["ground"], Ground, Ground.OWN_CASE),
    )


def _signpost(said: Mapping[str, str], read: Reader) -> NewSignpost | None:
    kind, colon, key = said["place"].partition(":")
    if not colon or kind not in {"authority", "department"}:
        read.wrong("signpost.authority", _("Vælg det sted, borgeren er vist hen til."))
        return None
    how = read.word("signpost.how", said["how"], ForwardKind, ForwardKind.TOLD)
    return NewSignpost(
        how=how,
        ground=read.word_or_none("signpost.ground", said["ground_out"], Ground) if how in PASSES_ON else None,
        authority=key if kind == "authority" else None,
        department=key if kind == "department" else None,
        got_there=_yes_no(said["got_there"]),
    )


def _promised_on(said: Mapping[str, str], outcome: Outcome, model: ServiceModel, read: Reader) -> dt.date | None:
    if outcome is not Outcome.OPEN:
        return None
    return read.day("promised_on", said["promised_on"]) or follow_up_day(model, said["service"], clock.today())


def follow_up_day(model: ServiceModel, service: str, day: dt.date) -> dt.date:
    """The day offered for "I follow up": by the service's deadline, else within the week."""
    known = model.services.get(service)
    days = known.deadline_working_days.value if known and known.deadline_working_days else FOLLOW_UP_WORKING_DAYS
    return add_working_days(model, day, days)


def _times(said: Mapping[str, str], read: Reader) -> tuple[dt.datetime | None, dt.datetime | None, bool]:
    """Start, end and whether they are true. A late entry says its day, and its times if they are known."""
    day = read.day("on", said["on"])
    begun = read.time("from_time", said["from_time"])
    done = read.time("to_time", said["to_time"])
    if day is None and begun is None and done is None:
        started, ended, true = _sat_down(said["started"])
        return started, ended, true and not said["parked"]
    day = day or clock.today()
    if begun is None and done is None:
        if day == clock.today():
            return None, None, False
        begun = dt.time(12)
    begun, done = begun or done or dt.time(12), done or begun or dt.time(12)
    started, ended = _instant(day, begun), _instant(day, done)
    if ended is not None and started is not None and ended < started:
        ended = _instant(day, done, fold=1) or ended  # in the hour that comes twice, the second time
    for field, at, typed in (("from_time", started, begun), ("to_time", ended, done)):
        if at is None:
            skipped = _("Kl. %(time)s fandtes ikke den dag: uret blev stillet frem. Skriv en anden tid.")
            read.wrong(field, skipped % {"time": f"{typed:%H.%M}"})
    if started is not None and ended is not None and ended < started:
        after = _instant(day + dt.timedelta(days=1), done)
        ended = after if after is not None and after - started <= OVER_MIDNIGHT else ended
    return started, ended, bool(said["from_time"] and said["to_time"])


def _instant(day: dt.date, time: dt.time, *, fold: int = 0) -> dt.datetime | None:
    """That time of that day in Denmark, in UTC; None for one that the clock skipped in spring."""
    local = dt.datetime.combine(day, time, tzinfo=clock.DENMARK).replace(fold=fold)
    at = local.astimezone(dt.UTC)
    return at if at.astimezone(clock.DENMARK).time() == time else None


def _sat_down(started: str) -> tuple[dt.datetime | None, None, bool]:
    """When the first key was pressed, by the server's clock; a form left open overnight does not tell the time."""
    try:
        at = dt.datetime.fromisoformat(started)
    except ValueError:
        return None, None, False
    now = clock.now()
    if at.tzinfo is None or at > now or at < now - dt.timedelta(hours=LONGEST_SITTING_HOURS):
        return None, None, False
    return at, None, True


def _yes_no(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


def _only_if(wanted: bool, value: Word | None) -> Word | None:
    """What was chosen for another outcome before this one stays on the page and is not sent along."""
    return value if wanted else None


def on_page(errors: Mapping[str, str], typed: Typed) -> Errors:
    """Errors by the field's id on the page. The first matter with one is opened; other matters' say their number."""
    placed = {field: _PLACED.fullmatch(field) for field in errors}
    concerned = sorted({int(found[1]) for found in placed.values() if found})
    if concerned and concerned[0] < len(typed.enquiries):
        typed.active = concerned[0]
    shown: Errors = {}
    for field, message in errors.items():
        found = placed[field]
        if found is None:
            shown.setdefault(CONTACT_FIELD.get(field, field), message)
        elif int(found[1]) == typed.active:
            shown.setdefault(ENQUIRY_FIELD.get(found[2], found[2]), message)
        else:
            number = int(found[1]) + 1
            shown.setdefault(
                f"matter-{number}", _("Ærinde %(number)d: %(message)s") % {"number": number, "message": message}
            )
    return shown
