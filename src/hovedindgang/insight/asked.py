"""What the addresses of the board and its lists may say; what else they say is told, and never taken for the whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from hovedindgang.insight.lists import ENQUIRIES, SLICES, known_values

PERIOD_NAMES = ("period", "from", "to")
# The one group whose figures the board shows first, by the name it has in the address of its list: of which table.
CUTS = {"channel": "channel", "centre_id": "centre", "service_id": "service"}
BOARD_NAMES = (*PERIOD_NAMES, *CUTS)
LIST_NAMES = (*PERIOD_NAMES, *SLICES[ENQUIRIES], "department_id", "side")
MOST_TOLD, LONGEST_TOLD = 5, 40


def unknown_names(asked: Iterable[str], known: Collection[str]) -> str:
    """What is said of names in an address that nothing here is called; "" if there are none."""
    unknown = [name[:LONGEST_TOLD] for name in asked if name not in known]
    if not unknown:
        return ""
    names = ", ".join(f"»{name}«" for name in unknown[:MOST_TOLD])
    return _("{names} kendes ikke her og er ikke brugt. Ret adressen, eller vælg på siden.").format(names=names)


def read_cut(asked: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The one group that the board is asked for (a key of CUTS and its value), and what is wrong with the question.

    Never two at once: the board has no table of both, since small groups could be worked out from it.
    """
    cut = {field: asked[field] for field in CUTS if asked.get(field)}
    if len(cut) > 1:
        return {}, _("Vælg én ad gangen: af to på én gang kunne en lille gruppe regnes ud. Her er det hele.")
    if any("\x00" in value for value in cut.values()) or not known_values(cut):
        return {}, _("Det valg findes ikke. Vælg på listen; her er det ikke brugt.")
    return cut, ""
