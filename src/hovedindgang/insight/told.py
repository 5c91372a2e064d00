"""The board as plain data, for the command line and for other systems; the same figures, nothing more."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hovedindgang.insight.corrected_words import correction_lines
from hovedindgang.insight.corrections import Corrected
from hovedindgang.insight.rates import Completeness, Rate
from hovedindgang.insight.shown import Board, Line
from hovedindgang.look import wording


def as_data(board: Board) -> dict[str, Any]:
    """Shares are between 0 and 1; null is not known, not judged, too small a group to show, or not valid: too few of
    those who came were registered (`valid` is false, and `completeness.missing` says how many would make it so)."""
    source = board.measure.target_source
    return {
        "from": board.period.first.isoformat(),
        "to": board.period.last.isoformat(),
        "judged_on": board.as_of.isoformat(),
        "definition_version": board.definition_version,
        "final": board.final,
        "final_on": board.final_on.isoformat(),
        "closed_until": board.closed_until.isoformat() if board.closed_until else None,
        "corrected": corrected(board.corrected),
        "resolved_in_house": {
            **rate(board.a),
            "target": board.measure.target,
            "target_source": source.kind if source else None,
            "reading": board.measure.reading,
            "reading_is_open": board.measure.reading_open is not None,
            "per_enquiry": rate(board.a_enquiries),
            "transactions_only": rate(board.a_transactions),
            "signposted_as_solved": rate(board.a_apart[0]),
            "signposted_as_not_solved": rate(board.a_apart[1]),
            "with_unattended_self_service": rate(board.a_with_self_service),
            "wide_estimated": rate(board.wide) if board.wide else None,
        },
        "first_contact_resolution": {
            **rate(board.b),
            "target": board.once_target,
            "window_days": board.measure.window_days,
            "on_the_spot": board.enquiries["on_the_spot"],
            "on_promise": board.enquiries["on_promise"],
            "pending": board.enquiries["pending"],
            "other_windows": {str(days): rate(one) for days, one in board.b_beside.items()},
            "unknown_persons": board.enquiries["unknown"],
            "with_unknown_worst": board.b_unknown.worst,
            "with_unknown_like_known": board.b_unknown.like_known,
        },
        "not_sent_on": {channel: rate(one) for channel, one in board.not_sent_on.items()},
        "completeness": completeness(board.completeness),
        "not_reached": board.not_reached,
        "contacts": board.contacts["contacts"],
        "enquiries": board.enquiries["enquiries"],
        "by": {by: [line_data(line) for line in lines] for by, lines in board.breakdowns.items()},
        "over_time": [
            {
                "starts": one.starts.isoformat(),
                "contacts": one.contacts,
                "a": rate(one.a),
                "b": rate(one.b),
                "completeness": completeness(one.completeness),
            }
            for one in board.over_time
            if one.contacts >= board.smallest
        ],
    }


def corrected(found: Corrected | None) -> dict[str, Any] | None:
    """Null: what stands is what a fresh count gives."""
    if found is None:
        return None
    return {
        "resolved_in_house": rate(found.a),
        "first_contact_resolution": rate(found.b),
        "because": [{"why": why.value, "days": days} for why, days in found.why.items()],
    }


def rate(found: Rate) -> dict[str, Any]:
    if found.hidden:
        return {"share": None, "hidden": True}
    return {
        "share": found.share,
        "valid": not found.not_valid,
        "numerator": found.numerator,
        "denominator": found.denominator,
        "open": found.open,
        "low": found.low,
        "high": found.high,
    }


def completeness(found: Completeness | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "share": found.share,
        "registered": found.registered,
        "matched": found.matched,
        "arrived": found.arrived,
        "days_covered": found.days_covered,
        "limit": found.limit,
        "valid": found.valid,
        "counted_by_hand": found.by_hand,
        "missing": found.missing,
    }


def line_data(line: Line) -> dict[str, Any]:
    if line.hidden:
        return {"key": line.key, "hidden": True}
    return {
        "key": line.key,
        "resolved_in_house": rate(line.a),
        "first_contact_resolution": rate(line.b),
        "enquiries": line.enquiries,
        "unknown_persons": line.unknown,
        "completeness": completeness(line.completeness),
    }


def as_lines(board: Board) -> list[str]:
    """A few lines for a terminal."""

    def said(name: str, found: Rate) -> str:
        share = _("ikke gyldig") if found.not_valid else wording.percent(found.share)
        return f"{name}: {share} ({found.numerator}/{found.denominator})"

    target = board.measure.target
    return [
        f"{board.period.first} – {board.period.last}",
        said(_("Løst i Borgerservice"), board.a)
        + (f", {_('mål: %(target)s') % {'target': wording.percent(target)}}" if target is not None else ""),
        said(_("Løst i én henvendelse"), board.b),
        *(said(f"{_('Ikke sendt fra sted til sted')} ({channel})", one) for channel, one in board.not_sent_on.items()),
        f"{_('Fuldstændighed')}: {wording.percent(board.completeness.share)}",
        _("Tallene er endelige.") if board.final else _("Foreløbige tal."),
        *correction_lines(board),
    ]
