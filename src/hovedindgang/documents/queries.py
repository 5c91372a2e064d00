"""How a document leaves the house: opened for somebody whom another room's door let in, and logged."""

from __future__ import annotations

import base64

from django.http import HttpResponse

from hovedindgang.documents.models import PLACE, Document
from hovedindgang.documents.rules import SERVED, Kind
from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.encryption import decrypt
from hovedindgang.kernel.lookups import log_look_up


class DocumentGone(LookupError):
    """It was deleted when its time was over, or was never there."""


def download(*, actor: Actor, document_id: int, citizen_id: int, named: str) -> HttpResponse:
    """The document as a file to keep, called `named` and its number; the look-up of the citizen it is about is logged.

    The caller's door has let the actor in. A browser runs nothing of it and guesses nothing. Raises DocumentGone.
    """
    document = Document.objects.filter(pk=document_id, deleted_at__isnull=True).first()
    if document is None or document.sealed is None:
        raise DocumentGone
    log_look_up(actor=actor, citizen_ids=[citizen_id], use="document", reason=f"document:{document_id}")
    content = base64.b64decode(decrypt(bytes(document.sealed), place=PLACE))
    served = SERVED[Kind(document.kind)]
    return HttpResponse(
        content,
        content_type=served.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{named}-{document_id}.{served.ending}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
        },
    )
