"""What the words of this room are called on pages and at the command line."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hovedindgang.privacy.rules import ErasureGround, Kept

KEPT: dict[Kept, Promise] = {
    Kept.HOLD: _("Tilbageholdt af en leder"),
    Kept.OPEN: _("Et ærinde er åbent"),
    Kept.HANDOVER: _("En overdragelse er i gang"),
    Kept.UNTOLD: _("Borgeren har ikke fået svaret"),
    Kept.REQUEST: _("Borgeren venter på svar på en anmodning"),
    Kept.NO_PERIOD: _("Politikken siger ingen frist for opgaven"),
    Kept.NOT_YET: _("Fristen er ikke gået"),
    Kept.NOT_ARCHIVED: _("Arkivet har ikke kvitteret"),
}
COUNTS: dict[str, Promise] = {
    "contacts": _("Henvendelser"),
    "enquiries": _("Ærinder"),
    "notes": _("Noter"),
    "citizens": _("Borgere"),
    "imported": _("Numre i andre systemer"),
}
GROUND: dict[ErasureGround, Promise] = {
    ErasureGround.NOT_NEEDED: _("Det behøves ikke mere til det, det blev samlet til"),
    ErasureGround.CONSENT_WITHDRAWN: _("Samtykket er trukket tilbage, og der er intet andet grundlag"),
    ErasureGround.OBJECTED: _("Borgeren har gjort indsigelse, og intet vejer tungere"),
    ErasureGround.UNLAWFUL: _("Det er behandlet ulovligt"),
    ErasureGround.BY_LAW: _("En lov kræver det slettet"),
}
