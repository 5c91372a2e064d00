"""The search for the cheapest team sizes that keep the promises, in the replications that it is given.

First the least of each team: fewer are too few however many there are in the others. From there whoever helps most for
her pay is added until every promise is kept, and whoever is not needed is taken away (Atlason, Epelman & Henderson 2008
search by simulation in the same way). How far from the best that is, `bounding` says.
"""

from __future__ import annotations

import math

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.staffing.trying import Sizes, Tried, Trying

PLENTY = 60  # in each team, or so many times those of the plan
TIMES_PLENTY = 4
CLEARLY = 0.005  # of those who came: a promise missed by more is missed with fewer employees too


def plenty(trying: Trying) -> Sizes:
    """So many of each team that more would not help."""
    return tuple(max(PLENTY, TIMES_PLENTY * team.number) for team in trying.teams)


def must_be_enough(trying: Trying, sizes: Sizes) -> None:
    """Raises CannotPlan where not even they keep the promises."""
    found = trying.of(sizes)
    if trying.promises.missed(found) == 0:
        return
    worst = []
    for key, (within, came) in found.items():
        one, reached = trying.promises.standard(key), float(within.sum() / came.sum())
        if reached < one.share:
            said = _("{key}: {reached} % inden for {minutes} min.; lovet {share} %")
            numbers = {"reached": number(100 * reached, 1), "share": number(100 * one.share, 1)}
            worst.append(said.format(key=key, minutes=number(one.within_minutes, 1), **numbers))
    raise CannotPlan(
        _("Selv {number} på hvert hold er ikke nok til løfterne.").format(number=max(sizes)),
        cure=_("Sænk løftet, eller se efter, om åbningstider og kompetencer gør det umuligt."),
        where=tuple(worst),
    )


def least_of_each(trying: Trying, most: Sizes) -> Sizes:
    """Of each team the fewest with which no promise is clearly missed, where all others have `most`.

    Whoever is more cannot make a promise fail that fewer keep; so a plan with fewer in the team misses it too.
    """
    found = list(most)
    for at in range(len(most)):

        def too_few(number: int, at: int = at) -> bool:
            return trying.promises.far_off(trying.of((*most[:at], number, *most[at + 1 :])), CLEARLY)

        if not too_few(0):
            found[at] = 0
            continue
        few, many = 0, 1
        while many < most[at] and too_few(many):
            few, many = many, 2 * many
        many = min(many, most[at])
        while many - few > 1:
            middle = (few + many) // 2
            few, many = (middle, many) if too_few(middle) else (few, middle)
        found[at] = many
    return tuple(found)


def grown(trying: Tried, sizes: Sizes, most: Sizes) -> Sizes:
    """Add whoever helps most for her pay until the promises are kept."""
    if math.isinf(trying.missed(sizes)):
        sizes = tuple(max(1, size) for size in sizes)
    while (missed := trying.missed(sizes)) > 0:
        more = {
            at: (missed - trying.missed(one_more(sizes, at))) / trying.kr[at]
            for at in range(len(sizes))
            if sizes[at] < most[at]
        }
        sizes = one_more(sizes, max(more, key=lambda at: more[at]))
    return sizes


def pruned(trying: Tried, sizes: Sizes, least: Sizes) -> Sizes:
    """Take away whoever is not needed for the promises: one in each team by turns, the dearest first."""
    order = sorted(range(len(sizes)), key=lambda at: -trying.kr[at])
    again = True
    while again:
        again = False
        for at in order:
            fewer = one_more(sizes, at, -1)
            if fewer[at] >= least[at] and any(fewer) and trying.missed(fewer) == 0:
                sizes, again = fewer, True
    return sizes


def steadiest(trying: Tried, sizes: Sizes, least: Sizes) -> Sizes:
    """Of plans that cost no more and differ by who is where: the one that keeps its nearest promise by most."""
    while True:
        moved = [
            plan
            for at in range(len(sizes))
            for to in range(len(sizes))
            if at != to and sizes[at] > least[at]
            if trying.cost(plan := one_more(one_more(sizes, at, -1), to)) < trying.cost(sizes) + 0.5
        ]
        best = max((sizes, *moved), key=lambda plan: trying.promises.margin(trying.of(plan)))
        if best == sizes:
            return sizes
        sizes = best


def one_more(sizes: Sizes, at: int, number: int = 1) -> Sizes:
    return (*sizes[:at], sizes[at] + number, *sizes[at + 1 :])


def best_tried(trying: Trying, most: Sizes) -> Sizes | None:
    """The cheapest sizes tried that keep the promises; else those that miss them by fewest; None: nothing was tried.

    Those with more in a team than anybody needs were tried for what they say of the other teams, and are no plan.
    """
    plans = [sizes for sizes in trying.known if not any(n == much for n, much in zip(sizes, most, strict=False))]
    known = [(trying.missed(sizes), trying.cost(sizes), sizes) for sizes in plans]
    known = [one for one in known if math.isfinite(one[0])]
    return min(known)[2] if known else None
