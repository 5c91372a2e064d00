"""`hovedindgang plan portfolio`: which services each centre carries, and what one more or one fewer costs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hovedindgang.planning.commands import answering, as_json, language, print_json
from hovedindgang.planning.commands.numbers import Whole
from hovedindgang.planning.language import gettext, number
from hovedindgang.planning.stopping import nothing_yet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hovedindgang.planning.portfolio import Division, Portfolio

HELP = gettext("""Hvilke opgaver løser hvert center, og hvad koster en mere?

FIL er TOML: centre, minutter mellem dem, og for hver opgave, hvor mange der kommer, og hvad beredskabet koster om
året. Svaret er billigst i alt: beredskab, borgernes vej og dem, der må hjælpes i en anden henvendelse.""")


@click.command("portfolio", help=HELP)
@click.argument("file", metavar=gettext("FIL"), type=click.Path(path_type=Path))
@click.option("--next-best", type=Whole(0), default=10, show_default=True, help=gettext("Så mange næstbedste."))
@as_json
@language
def portfolio(file: Path, next_best: int, as_json: bool, language: str | None) -> None:
    with answering(language, as_json):
        # numpy and scipy: only who asks waits for them
        from hovedindgang.planning.portfolio import begun, divisions, in_order, one_more, read_portfolio

        asked = read_portfolio(file)
        found: list[Division] = []
        stopped = False
        try:
            for division in divisions(asked):
                found.append(division)
                if len(found) > next_best:
                    break
        except KeyboardInterrupt:
            stopped = True
            first = begun(asked) if not found else None
            found += [first] if first is not None else []
            if not found:
                raise nothing_yet() from None
        found = in_order(found)
        changes = one_more(asked, found[0])
        if as_json:
            print_json(_as_data(asked, found, changes) | {"interrupted": stopped})
        else:
            end = [gettext("Afbrudt: svaret er det bedste indtil da.")] if stopped else []
            click.echo("\n".join([*_in_words(asked, found, changes), *end]))


def _as_data(asked: Portfolio, found: list[Division], changes: list[tuple[int, int, float]]) -> dict[str, Any]:
    best = found[0]
    return {
        "total_kr": round(best.total_kr),
        "proved": best.proved,
        "services": [
            {
                "service": service,
                "name": asked.service(n),
                "carried_by": _where(asked, best, n),
                "standby_kr": round(float(best.standby_kr[n])),
                "travel_kr": round(float(best.travel_kr[n])),
                "elsewhere_kr": round(float(best.elsewhere_kr[n])),
                "helped_elsewhere": round(float(best.elsewhere[n])),
            }
            for n, service in enumerate(asked.services)
        ],
        "next_best": [
            {
                "more_kr": round(one.total_kr - best.total_kr),
                "changes": _differs(asked, best, one),
                "proved": one.proved,
            }
            for one in found[1:]
        ],
        "one_changed": [
            {
                "service": asked.services[service],
                "centre": asked.centres[centre],
                "change": "taken away" if best.carried[service, centre] else "added",
                "more_kr": more,
            }
            for service, centre, more in changes
        ],
        "centres": {key: asked.centre(n) for n, key in enumerate(asked.centres)},
        "sources": asked.sources,
    }


def _where(asked: Portfolio, division: Division, service: int) -> list[str]:
    return [centre for n, centre in enumerate(asked.centres) if division.carried[service, n]]


def _differs(asked: Portfolio, best: Division, other: Division) -> list[str]:
    return [
        f"{'+' if other.carried[s, c] else '-'}{asked.services[s]}@{asked.centres[c]}"
        for s in range(len(asked.services))
        for c in range(len(asked.centres))
        if other.carried[s, c] != best.carried[s, c]
    ]


def _said(asked: Portfolio, best: Division, carried: NDArray[np.bool_]) -> list[str]:
    """How another choice differs, in words."""
    return [
        _change(asked, s, c, taken=bool(best.carried[s, c]))
        for s in range(len(asked.services))
        for c in range(len(asked.centres))
        if carried[s, c] != best.carried[s, c]
    ]


def _change(asked: Portfolio, service: int, centre: int, *, taken: bool) -> str:
    text = gettext("uden {service} i {centre}") if taken else gettext("{service} også i {centre}")
    return text.format(service=asked.service(service), centre=asked.centre(centre))


def _in_words(asked: Portfolio, found: list[Division], changes: list[tuple[int, int, float]]) -> list[str]:
    best = found[0]
    lines = [gettext("Billigst i alt: {total} kr. om året.").format(total=number(best.total_kr))]
    lines.append(gettext("Bevist: intet andet er bedre.") if best.proved else gettext("Ikke bevist inden for tiden."))
    for n in range(len(asked.services)):
        carry = [asked.centre(c) for c in range(len(asked.centres)) if best.carried[n, c]]
        lines.append(
            gettext("  {service}: {centres}; beredskab {standby} kr., borgernes vej {travel} kr.").format(
                service=asked.service(n),
                centres=", ".join(carry) or gettext("intet center"),
                standby=number(float(best.standby_kr[n])),
                travel=number(float(best.travel_kr[n])),
            )
        )
        if best.elsewhere[n]:
            lines.append(
                gettext("    {people} hjælpes i en anden henvendelse, {kr} kr.").format(
                    people=number(float(best.elsewhere[n])), kr=number(float(best.elsewhere_kr[n]))
                )
            )
    lines.append(gettext("De næstbedste, og hvad de koster mere om året:"))
    lines += [
        f"  {number(one.total_kr - best.total_kr):>12} kr.  {'; '.join(_said(asked, best, one.carried))}"
        for one in found[1:]
    ]
    lines.append(gettext("En opgave mere eller mindre ét sted koster:"))
    lines += [
        f"  {number(more):>12} kr.  {_change(asked, s, c, taken=bool(best.carried[s, c]))}"
        for s, c, more in changes
        if more < float("inf")
    ]
    return lines
