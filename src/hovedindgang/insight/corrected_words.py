"""How a correction of closed months reads: what stands, what it would be today, and why."""

from __future__ import annotations

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hovedindgang.insight.labels import WHY
from hovedindgang.insight.rates import Rate
from hovedindgang.insight.shown import Board
from hovedindgang.look import wording


def correction_lines(board: Board) -> list[str]:
    """A line for each indicator that would be another today, and one that says why; nothing where nothing would."""
    found = board.corrected
    if found is None:
        return []
    pairs = ((_("Løst i Borgerservice"), board.a, found.a), (_("Løst i én henvendelse"), board.b, found.b))
    lines = [
        _("%(indicator)s: %(old)s ved lukningen, %(new)s nu.")
        % {"indicator": name, "old": _said(old), "new": _said(new)}
        for name, old, new in pairs
        if (old.numerator, old.denominator) != (new.numerator, new.denominator)
    ]
    why = [
        ngettext("%(why)s (%(days)s dag)", "%(why)s (%(days)s dage)", days) % {"why": WHY[why], "days": days}
        for why, days in found.why.items()
    ]
    return [*lines, _("Fordi: %(why)s.") % {"why": ", ".join(why)}] if lines and why else lines


def _said(rate: Rate) -> str:
    language = (get_language() or "da")[:2]
    return _("%(share)s (%(numerator)s af %(denominator)s)") % {
        "share": _("ikke gyldig") if rate.not_valid else wording.percent(rate.share, language=language),
        "numerator": wording.number(rate.numerator, language=language),
        "denominator": wording.number(rate.denominator, language=language),
    }
