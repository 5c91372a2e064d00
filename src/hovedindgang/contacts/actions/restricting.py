"""What may be done about a citizen whose data is only stored (GDPR article 18), as deeds and triggers ask it.

A matter of hers is registered when she comes herself or somebody who may act for her, and passed on with her consent.
Both are consent (art. 18, 2). What is imported is stored. Everything else waits until a leader lifts the restriction.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from hovedindgang.contacts.models import Enquiry
from hovedindgang.contacts.rules import Ground, Refused
from hovedindgang.people.rectifying import restricted_among

RESTRICTED = "what is held of this citizen is only stored"  # the triggers' sentence; migration 0017


def restricted_said() -> str:
    return _(
        "Oplysningerne om borgeren må kun gemmes. Registrér kun, hvad borgeren selv eller en med fuldmagt kommer med, "
        "og giv det kun videre med samtykke. Ellers spørg din leder."
    )


def refuse_restricted(enquiry: Enquiry, ground: str) -> None:
    """Raises Refused where the matter is a citizen's whose data is only stored, and she has not consented."""
    if ground == Ground.CONSENT:
        return
    if restricted_among(enquiry.for_whom.values_list("citizen_id", flat=True)):
        raise Refused({"ground": consent_said()})


def left_where_it_stands() -> str:
    return _("Oplysningerne om borgeren må kun gemmes. Henvendelsen bliver, hvor den er: spørg din leder.")


def consent_said() -> str:
    return _("Oplysningerne om borgeren må kun gemmes. Spørg om samtykke, og vælg det som grund.")
