"""What of all that is not known decides a what-if most, as a table and bars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hovedindgang.look.scales import WIDTH
from hovedindgang.look.tables import Cell
from hovedindgang.planning.service.deciding import bars, deciding, most_moved, worth
from hovedindgang.planning.service.tornado import Deciding, draw_tornado
from hovedindgang.policy.queries import model_of
from hovedindgang.scenarios.documents import in_her_language
from hovedindgang.scenarios.drawing import figure
from hovedindgang.scenarios.labels import CHANNEL
from hovedindgang.scenarios.models import Run
from hovedindgang.scenarios.pages.ground import place_label, plain
from hovedindgang.scenarios.queries import doubts_of
from hovedindgang.scenarios.rules import RunState
from hovedindgang.scenarios.wordings import NOTHING, number


def doubts_told(run: Run) -> dict[str, Any]:
    """`under_way`: the run that reckons; or `head`, `rows`, `drawing` and `said`; nothing of it: nobody has asked."""
    found = doubts_of(run)
    if found is None:
        return {"asked": False}
    if found.state != RunState.DONE or found.results is None:
        return {"asked": True, "under_way": found}
    told, model = found.results["doubts"], model_of(found.version_id)
    names = {one["key"]: place_label(one["key"], model) for one in told["figures"]}
    return {
        "asked": True,
        "head": [_("Tal"), _("Spænd"), _("Forskel"), _("Som det er"), _("Ved det laveste"), _("Ved det højeste")],
        "rows": [row for one in deciding(told) for row in _rows(one, names[one["key"]], told["usual"])],
        "drawing": _drawing(told, names),
        "said": _said(found),
    }


def _rows(one: Mapping[str, Any], name: str, usual: Mapping[str, float | None]) -> list[list[Cell]]:
    found = []
    for at, move in enumerate(worth(one["moves"])):
        value, kind = usual.get(f"{move['of']}:{move['figure']}"), move["figure"]
        ends = [move.get(f"shift_at_{end}") for end in ("low", "high")]
        found.append(
            [
                Cell(name if at == 0 else ""),
                Cell(f"{plain(one['low'])}–{plain(one['high'])}" if at == 0 else ""),
                Cell(_answer(move["of"], kind)),
                Cell(_value(value, kind), number=True),
                *(
                    Cell(_("køen vokser uden ende") if end is None else _value((value or 0) + end["value"], kind))
                    for end in ends
                ),
            ]
        )
    return found


def _answer(of: str, figure: str) -> str:
    words = {
        "wait_mean_minutes": _("ventetid, minutter"),
        "answered_in_time_percent": _("hjulpet til tiden, procentpoint"),
        "abandoned_percent": _("går eller lægger på, procentpoint"),
        "answered_by_the_day_percent": _("svar til dagen, procentpoint"),
        "resolved_in_house_percent": _("løst i Borgerservice, procentpoint"),
        "first_contact_resolution_percent": _("løst i én henvendelse, procentpoint"),
        "kr_per_year": _("løn, millioner kr. om året"),
    }[figure]
    return words if of in {"all", "cost"} else f"{CHANNEL.get(of, of)}: {words}"


def _value(value: float | None, figure: str) -> str:
    if value is None:
        return NOTHING
    sign = "+" if value > 0 else ""
    return sign + (number(value / 1e6, 2) if figure == "kr_per_year" else number(value, 1))


def _drawing(told: Mapping[str, Any], names: Mapping[str, str]) -> Any:
    moved = most_moved(told)
    usual = told["usual"].get(":".join(moved)) if moved else None
    if moved is None or usual is None:
        return ""
    rows = [(names[one["key"]], low, high) for one, low, high in bars(told, *moved, usual)]
    title = _("Hvad der flytter forskellen mest: {figure}").format(figure=_answer(*moved))
    with in_her_language():
        parts, bottom = draw_tornado(Deciding("", usual, rows), top=-16.0, width=WIDTH)
    drawing = mark_safe("".join(parts))  # nosec B308 B703  # noqa: S308 (every text in it is escaped by `maps.text`)
    about = _("Linjen er forskellen, som den er; bjælkerne går til den, den ville være. Tallene står i tabellen.")
    return figure(title, about, round(bottom) + 10, drawing)


def _said(run: Run) -> list[str]:
    assert run.results is not None
    told = run.results
    said = [
        _("{tried} af {of} tal med spænd er prøvet, de videste først, hver ende {each} gange.").format(
            tried=told["tried"], of=told["of"], each=told["each"]
        ),
        _("Et minut, et procentpoint og en procent af lønnen tæller lige meget; hvad der ligner tilfældet, intet."),
        _("Forskellen er mellem prøven og politikken, som den er. To tal, der er forkerte på én gang, ses ikke."),
    ]
    if told["rangeless"]:
        count = len(told["rangeless"])
        said.append(
            ngettext(
                "{count} antaget tal har intet spænd og kan ikke prøves: {names}.",
                "{count} antagne tal har intet spænd og kan ikke prøves: {names}.",
                count,
            ).format(count=count, names="; ".join(place_label(one) for one in told["rangeless"][:6]))
        )
    return said + [_("Kunne ikke prøves: {what}").format(what=one) for one in told["not_possible"][:5]]
