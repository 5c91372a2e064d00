"""What stands in the form, exactly as typed: read from a request, kept in a draft, shown again. No database.

Nothing here is checked; `forms` turns it into a contact or says what is wrong. So nothing typed is ever lost.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from hovedindgang.contacts.rules import MOST_ENQUIRIES, Advice, Direction, ForwardKind, Ground, Outcome, WhoAsks
from hovedindgang.servicemodel.document import Channel

CONTACT = (
    "started channel direction who_asks medium centre cpr asker acting identity citizen_name name_search repeat_of "
    "language "
    "note on from_time to_time drafted pass_to pass_person pass_summary pass_ground passing ask_to ask_person question "
    "asked confirmed arrival parked"
).split()
ENQUIRY = (
    "service search kind outcome later advice come_back_reason withdrawn_why promised_on department summary agreed "
    "handover_on spoken ground how place ground_out got_there sent_on preparatory received_assisted guidance_given "
    "article self_service avoidable follows follows_how case_number others not_asker"
).split()
ENQUIRY_USUAL = {
    "outcome": Outcome.RESOLVED.value,
    "advice": Advice.NONE.value,
    "how": ForwardKind.TOLD.value,
    "ground": Ground.OWN_CASE.value,
}
CONTACT_USUAL = {
    "channel": Channel.IN_PERSON.value,
    "direction": Direction.IN.value,
    "who_asks": WhoAsks.CITIZEN.value,
    "language": "da",
    "pass_ground": Ground.OWN_CASE.value,
}
# What the page fills in by itself and nobody has typed.
NOT_TYPED = {"confirmed", "arrival", "started", "channel", "medium", "centre", "drafted", "parked"}


@dataclass(slots=True)
class Typed:
    """One form. `active` is the enquiry that stands open; the others are lines above it."""

    key: uuid.UUID
    contact: dict[str, str] = field(default_factory=dict)
    enquiries: list[dict[str, str]] = field(default_factory=list)
    active: int = 0

    @classmethod
    def empty(cls, **usual: str) -> Typed:
        """A form nobody has touched, with a key of its own."""
        contact = {**dict.fromkeys(CONTACT, ""), **CONTACT_USUAL, **usual}
        return cls(key=uuid.uuid4(), contact=contact, enquiries=[_unbegun()])

    @classmethod
    def from_post(cls, post: Mapping[str, str]) -> Typed:
        """The form as it was sent. Fields that are not there are empty; an unreadable key becomes a new one.

        No key types NUL, and PostgreSQL cannot keep it: it is left out.
        """
        post = {name: value.replace("\0", "") for name, value in post.items()}
        count = max(1, min(_whole(post.get("enquiries", "1")), MOST_ENQUIRIES + 1))
        made = cls(key=_key(post.get("key", "")))
        made.contact = {name: post.get(name, "") for name in CONTACT}
        made.enquiries = [{name: post.get(f"{name}-{i}", "") for name in ENQUIRY} for i in range(count)]
        made.active = min(max(0, _whole(post.get("active", "0"))), count - 1)
        return made

    @classmethod
    def from_json(cls, text: str) -> Typed:
        kept = json.loads(text)
        made = cls(uuid.UUID(kept["key"]), active=kept["active"])
        made.contact = {name: kept["contact"].get(name, "") for name in CONTACT}
        made.enquiries = [{name: one.get(name, "") for name in ENQUIRY} for one in kept["enquiries"]]
        return made

    def as_json(self) -> str:
        return json.dumps(
            {
                "key": str(self.key),
                "contact": {name: value for name, value in self.contact.items() if value},
                "enquiries": [{name: value for name, value in one.items() if value} for one in self.enquiries],
                "active": self.active,
            }
        )

    @property
    def enquiry(self) -> dict[str, str]:
        """The one that stands open."""
        return self.enquiries[self.active]

    def add_enquiry(self) -> None:
        """One more matter, and it stands open. One that was not begun is used first."""
        if self.enquiry.get("service") and len(self.enquiries) < MOST_ENQUIRIES:
            self.enquiries.append(_unbegun())
            self.active = len(self.enquiries) - 1

    def remove_enquiry(self, position: int) -> None:
        if 0 <= position < len(self.enquiries) and len(self.enquiries) > 1:
            del self.enquiries[position]
            self.active = len(self.enquiries) - 1

    def drop_unbegun(self) -> None:
        """Matters that were added and never begun are no matters."""
        begun = [one for one in self.enquiries if one.get("service") or one.get("search", "").strip()]
        if begun and len(begun) < len(self.enquiries):
            self.enquiries, self.active = begun, len(begun) - 1

    def names_nobody_yet(self) -> bool:
        """Whether a name stands there and nobody has been chosen by it."""
        said = self.contact
        return bool(said["name_search"].strip() and not said["cpr"].strip() and not said["asker"].strip())

    def is_empty(self) -> bool:
        """Whether losing it would lose nothing that somebody typed or chose."""
        contact = any(
            value.strip() and value != CONTACT_USUAL.get(name)
            for name, value in self.contact.items()
            if name not in NOT_TYPED
        )
        return (
            not contact
            and len(self.enquiries) == 1
            and not any(value.strip() and value != ENQUIRY_USUAL.get(name) for name, value in self.enquiry.items())
        )


def _unbegun() -> dict[str, str]:
    return {**dict.fromkeys(ENQUIRY, ""), **ENQUIRY_USUAL}


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
