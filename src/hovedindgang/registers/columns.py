"""The names that columns are met under in the files of each kind."""

from __future__ import annotations

from hovedindgang.registers.rules import FileKind

# Role → the names it is met under, compared without case, spaces and underscores. Earlier ones win.
# FrontDesk and Zylinc: the names of their own tables, as Randers Kommune's published exports hold them.
_SENT_ON = ("senton", "sendtvidere", "videresendt", "viderestillet", "omstillet")  # the citizen herself
LOG_COLUMNS = {
    "case": ("case:concept:name", "caseid", "case_id", "case", "sagsnr", "sagsnummer", "sagsid", "sag", "id_sag"),
    "activity": ("concept:name", "activity", "aktivitet", "event", "hændelse", "trin", "task"),
    "at": (
        "time:timestamp",
        "timestamp",
        "completetimestamp",
        "completetime",
        "tidspunkt",
        "tid",
        "time",
        "endtime",
        "tidsstempel",
        "eventtime",
        "datetime",
        "date",
        "dato",
        "starttimestamp",
        "starttime",
        "starttid",
        "start",
    ),
    "group": ("org:group", "group", "gruppe", "team", "enhed", "org:role", "role"),
    "department": ("case:department", "org:department", "department", "afdeling", "forvaltning"),
    "channel": ("case:channel", "channel", "kanal", "henvendelsesform", "indgang"),
    "resource": ("org:resource", "resource", "medarbejder", "sagsbehandler", "user", "employee", "initialer"),
    "lifecycle": ("lifecycle:transition", "lifecycle", "transition"),
    "deadline": ("case:deadline", "deadline", "frist", "svarfrist"),
    "started": ("case:startdate", "startdate", "startdato", "modtaget"),
    "ended": ("case:enddate", "enddate", "slutdato", "afsluttet", "afgjort"),
    "sent_on": _SENT_ON,
}
FRONTDESK_COLUMNS = {
    "id": ("id", "operationid", "ticketid"),
    "came": ("createdat", "createddatetime"),
    "called": ("calledat", "calleddatetime"),
    "ended": ("endedat", "endeddatetime"),
    "queue": ("queuename",),
    "category": ("queuecategoryname",),
    "location": ("queuelocation", "queuelocationname", "locationname", "officename", "countername"),
    "resource": ("employeeid", "employeeinitials", "employeename"),
    "state": ("state",),
    "registration": ("registrationid", "registreringnr", "registrationnumber", "registrationqueuename"),
    "sent_on": _SENT_ON,
}
ZYLINC_COLUMNS = {
    "id": ("conversationid", "callid"),
    "came": ("starttimeutc",),
    "queue": ("queuename",),
    "result": ("result",),
    "event": ("conversationeventtype",),
    "total": ("totaldurationinmilliseconds", "sumaftotaldurationinmilliseconds"),
    "waited": ("eventdurationinmilliseconds", "sumafeventdurationinmilliseconds"),
    "resource": ("agentdisplayname",),
    "sent_on": _SENT_ON,
}
CSV_COLUMNS = {
    "id": ("id", "nr", "nummer", "number", "ticketid", "callid", "messageid", "besked-id"),
    "came": (
        "came",
        "ankomst",
        "kommet",
        "modtaget",
        "oprettet",
        "createdat",
        "created",
        "received",
        "arrival",
        "start",
        "starttid",
        "dato",
        "tidspunkt",
    ),
    "called": ("called", "kaldt", "besvaret", "answered", "calledat", "answeredat"),
    "ended": ("ended", "slut", "afsluttet", "sluttid", "endedat", "closed", "end"),
    "queue": ("queue", "kø", "queuename", "emne", "subject", "ydelse", "service"),
    "category": ("category", "kategori"),
    "location": ("location", "sted", "center", "centre", "borgerservicecenter", "lokation"),
    "channel": ("channel", "kanal", "henvendelsesform"),
    "result": ("result", "resultat", "udfald", "status", "state"),
    "kind": ("kind", "type", "slags"),
    "resource": ("employee", "medarbejder", "agent", "initialer"),
    "registration": ("registration", "registrering"),
    "sent_on": _SENT_ON,
}
COLUMNS = {
    FileKind.EVENTLOG: LOG_COLUMNS,
    FileKind.FRONTDESK: FRONTDESK_COLUMNS,
    FileKind.ZYLINC: ZYLINC_COLUMNS,
    FileKind.CSV: CSV_COLUMNS,
}
NEEDED = {
    FileKind.EVENTLOG: ("case", "activity", "at"),
    FileKind.FRONTDESK: ("id", "came", "queue"),
    FileKind.ZYLINC: ("came", "queue", "result"),
    FileKind.CSV: ("came",),
}


def recognise(header: list[str]) -> FileKind | None:
    """The kind of file that has these columns; None if no kind's are there.

    What has cases and their activities is a log, also where its time bears a name of its own: never a list of tickets.
    """
    found = _by_name(header)
    for kind in (FileKind.ZYLINC, FileKind.FRONTDESK, FileKind.EVENTLOG, FileKind.CSV):
        places = _places(found, COLUMNS[kind])
        tells = ("case", "activity") if kind is FileKind.EVENTLOG else NEEDED[kind]
        if all(role in places for role in tells):
            return kind
    return None


def places_of(header: list[str], columns: dict[str, tuple[str, ...]]) -> dict[str, int]:
    """Role → place, by name; a column serves one role only."""
    return _places(_by_name(header), columns)


def _by_name(header: list[str]) -> dict[str, int]:
    """Name, folded → the first place it stands at."""
    found: dict[str, int] = {}
    for place, name in enumerate(header):
        found.setdefault(_folded(name), place)
    return found


def _places(found: dict[str, int], columns: dict[str, tuple[str, ...]]) -> dict[str, int]:
    places: dict[str, int] = {}
    for role, names in columns.items():
        for name in names:
            place = found.get(_folded(name))
            if place is not None and place not in places.values():
                places[role] = place
                break
    return places


def is_named(column: str, names: tuple[str, ...]) -> bool:
    """Whether a column bears one of the names a role is met under."""
    return _folded(column) in map(_folded, names)


def _folded(name: str) -> str:
    return name.casefold().replace(" ", "").replace("_", "")
