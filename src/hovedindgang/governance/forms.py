"""What was sent about a draft or a day, read as far as it can be read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from hovedindgang.policy.queries import NoPolicyInForce, in_force, version
from hovedindgang.servicemodel.document import Channel

LARGEST_BYTES = 2_000_000
TYPED_NAME = "udkast.toml"  # the file named in messages when the document was typed and not sent as a file


@dataclass(slots=True)
class DraftForm:
    """A document as typed or sent, with the files it includes, and what is wrong with the sending itself."""

    text: str = ""
    name: str = TYPED_NAME
    includes: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def sent(cls, request: HttpRequest) -> DraftForm:
        """A file wins over what stands in the text field; what it includes and does not send is taken from today's."""
        form = cls(text=request.POST.get("text", ""))
        document = request.FILES.get("document")
        if isinstance(document, UploadedFile):
            form.name = PurePosixPath(document.name or TYPED_NAME).name
            form.text = form._decoded("document", document)
        elif len(form.text.encode()) > LARGEST_BYTES:
            form.errors["text"] = _("Dokumentet er for stort. En servicemodel fylder højst 2 MB.")
        form.includes = _includes_of_today()
        for part in request.FILES.getlist("includes"):
            form.includes[PurePosixPath(part.name or "").name] = form._decoded("includes", part)
        if not form.text.strip() and not form.errors:
            form.errors["document"] = _("Vælg en fil, eller skriv dokumentet i feltet.")
        return form

    def _decoded(self, where: str, file: UploadedFile) -> str:
        if (file.size or 0) > LARGEST_BYTES:
            self.errors[where] = _("Filen er for stor. En servicemodel fylder højst 2 MB.")
            return ""
        try:
            return file.read().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            self.errors[where] = _("Filen er ikke gemt som UTF-8. Gem den igen med det tegnsæt.")
            return ""


def _includes_of_today() -> dict[str, str]:
    try:
        return dict(version(in_force().version_id).includes)
    except NoPolicyInForce:
        return {}


@dataclass(slots=True)
class AdoptionForm:
    """From when, decided when and by whom, as typed."""

    valid_from: str = ""
    decided_on: str = ""
    body: str = ""

    @classmethod
    def typed(cls, data: QueryDict) -> AdoptionForm:
        return cls(*(data.get(name, "").strip() for name in ("valid_from", "decided_on", "body")))

    def read(self) -> tuple[dt.date | None, dt.date | None, dict[str, str]]:
        """The two days, and errors by field."""
        errors: dict[str, str] = {}
        valid_from = day_typed("valid_from", self.valid_from, errors)
        decided_on = day_typed("decided_on", self.decided_on, errors)
        if not self.valid_from:
            errors["valid_from"] = _("Skriv den dag, arbejdet skal følge den fra.")
        if len(self.body) > 120:
            errors["body"] = _("Skriv højst 120 tegn.")
        return valid_from, decided_on, errors


@dataclass(slots=True)
class DayForm:
    """A day that is not as the model says, as typed. Times empty: closed all day."""

    centre: str = ""
    channel: str = ""
    on: str = ""
    opens: str = ""
    closes: str = ""
    reason: str = ""

    @classmethod
    def typed(cls, data: QueryDict) -> DayForm:
        names = ("centre", "channel", "on", "opens", "closes", "reason")
        return cls(*(data.get(name, "").strip() for name in names))

    def read(self) -> tuple[dt.date | None, dt.time | None, dt.time | None, Channel | None, dict[str, str]]:
        """The day, the times, the channel (None: all), and errors by field."""
        errors: dict[str, str] = {}
        on = day_typed("on", self.on, errors)
        if not self.on:
            errors["on"] = _("Skriv dagen.")
        opens, closes = (_time_typed(name, getattr(self, name), errors) for name in ("opens", "closes"))
        if self.channel and self.channel not in list(Channel):
            errors["channel"] = _("Vælg en henvendelsesmåde på listen.")
        channel = Channel(self.channel) if self.channel and "channel" not in errors else None
        return on, opens, closes, channel, errors


def day_typed(name: str, typed: str, errors: dict[str, str]) -> dt.date | None:
    """A day as 2026-12-31, 31.12.2026 or 31/12/2026; None and an error for anything else but nothing."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            return dt.datetime.strptime(typed, pattern).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    if typed:
        errors[name] = _("Skriv dagen som 31.12.2026.")
    return None


def _time_typed(name: str, typed: str, errors: dict[str, str]) -> dt.time | None:
    if not typed:
        return None
    try:
        return dt.time.fromisoformat(typed.replace(".", ":"))
    except ValueError:
        errors[name] = _("Skriv klokkeslættet som 10:30.")
        return None
