"""Why no opening hours keep to what is asked: the rule that cannot hold, or what the cheapest that do would cost."""

from __future__ import annotations

from collections.abc import Callable

from hovedindgang.planning.hours.document import Choice
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import ngettext, number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.tables import clock_text


def no_hours(choice: Choice, spans: list[tuple[int, int]], cheapest: Callable[[], float | None]) -> CannotPlan:
    """What is said where there are none. `cheapest`: kroner a week that the rules take whatever the budget is."""
    said = _impossible(choice, spans)
    if said is not None:
        return said
    least = cheapest()
    if least is None:
        return CannotPlan(
            _("Ingen åbningstid opfylder alt det, der er krævet, uanset budgettet."),
            cure=_("Kræv færre åbne eller sene dage."),
            where=("choose",),
        )
    return CannotPlan(
        _("Det, der er krævet, koster mindst {least} kr. om ugen; budgettet er {budget} kr.").format(
            least=number(least), budget=number(choice.budget_kr)
        ),
        cure=_("Sæt budgettet op, eller kræv færre åbne eller sene dage."),
        where=("choose.budget_kr",),
    )


def _impossible(choice: Choice, spans: list[tuple[int, int]]) -> CannotPlan | None:
    day = {"first": clock_text(choice.earliest), "last": clock_text(choice.latest)}
    if not spans:
        return CannotPlan(
            _("Mellem {first} og {last} er der ikke plads til {hours} timer.").format(
                hours=number(choice.shortest_minutes / 60, 1), **day
            ),
            cure=_("Sæt shortest_hours ned, eller lad dagen begynde før eller slutte senere."),
            where=("choose.shortest_hours",),
        )
    if choice.least_days > len(choice.weekdays):
        text = ngettext("Der kan vælges {count} ugedag", "Der kan vælges {count} ugedage", len(choice.weekdays))
        return CannotPlan(
            _("{days}, og der kræves {least} åbne.").format(
                days=text.format(count=len(choice.weekdays)), least=choice.least_days
            ),
            cure=_("Sæt least_days ned, eller lad flere weekdays kunne vælges."),
            where=("choose.least_days",),
        )
    late = any(ends >= choice.late_until for _begins, ends in spans)
    if choice.least_late_days > (len(choice.weekdays) if late else 0):
        return CannotPlan(
            _("{least} dage skal være åbne til {until}; det kan {count}, når dagen er fra {first} til {last}.").format(
                least=choice.least_late_days,
                until=clock_text(choice.late_until),
                count=len(choice.weekdays) if late else 0,
                **day,
            ),
            cure=_("Sæt least_late_days eller late_until ned, eller lad dagen slutte senere."),
            where=("choose.least_late_days",),
        )
    return None
