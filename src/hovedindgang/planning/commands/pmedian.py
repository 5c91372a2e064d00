"""`hovedindgang plan pmedian`: the best places in a network that is written as OR-Library writes them."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hovedindgang.planning.commands import answering, as_json, language, print_json
from hovedindgang.planning.commands.numbers import Number
from hovedindgang.planning.commands.simulating import stopped_by_hand
from hovedindgang.planning.compiling import is_cold
from hovedindgang.planning.language import gettext, number

if TYPE_CHECKING:
    from hovedindgang.planning.siting.medians import Medians
    from hovedindgang.planning.siting.networks import Network

HELP = gettext("""Hvilke steder i et vejnet giver den korteste vej i alt?

FIL er i OR-Librarys format: »n m p«, derefter en linje for hver af de m kanter: »i j pris«. Svaret er de p knuder, hvis
samlede afstand til alle knuder er mindst, med bevis: ingen andre p knuder er bedre. Nås beviset ikke inden --seconds,
eller trykker du Ctrl-C, siger svaret, hvor langt fra det bedste det højst er.""")


@click.command("pmedian", help=HELP)
@click.argument("file", metavar=gettext("FIL"), type=click.Path(path_type=Path))
@click.option(
    "--seconds",
    type=Number(min=0, min_open=True),
    default=25.0,
    show_default=True,
    help=gettext("Søg højst så mange sekunder."),
)
@as_json
@language
def pmedian(file: Path, seconds: float, as_json: bool, language: str | None) -> None:
    with answering(language, as_json):
        began = time.perf_counter()
        # Ctrl-C is asked about between two pieces: inside a compiled loop it would be an error of the loop's.
        with stopped_by_hand() as goes_on:
            network, found = _solved(file, lambda: goes_on() and time.perf_counter() - began < seconds)
            if not goes_on() and not found.proved:
                found = dataclasses.replace(found, interrupted=True)
        took = time.perf_counter() - began
        if as_json:
            print_json(_as_data(network, found, took))
        else:
            click.echo("\n".join(_in_words(network, found, took)))


def _solved(file: Path, goes_on: Callable[[], bool]) -> tuple[Network, Medians]:
    # numpy and numba: only who asks waits for them
    from hovedindgang.planning.siting.medians import solve_p_median
    from hovedindgang.planning.siting.networks import all_distances, read_network

    network = read_network(file)
    if is_cold("hovedindgang.planning.siting.loops"):
        click.echo(
            gettext("Regnemaskinen gøres klar; det sker kun første gang og tager omkring 15 sekunder …"), err=True
        )
    distances = all_distances(network)
    return network, solve_p_median(distances, network.medians, unit=network.unit, goes_on=goes_on)


def _as_data(network: Network, found: Medians, took: float) -> dict[str, Any]:
    return {
        "cost": _whole(found.cost),
        "bound": _whole(found.bound),
        "proved": found.proved,
        "medians": [median + 1 for median in found.open],
        "seconds": round(took, 3),
        "gap_percent": _gap(found),
        "interrupted": found.interrupted,
        "parts": found.parts,
        "nodes": network.nodes,
        "places": network.medians,
    }


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _gap(found: Medians) -> float:
    return 0.0 if found.proved or not found.cost else 100 * (found.cost - found.bound) / found.cost


def _in_words(network: Network, found: Medians, took: float) -> list[str]:
    decimals = 0 if network.unit else 3
    lines = [
        gettext("De {places} bedste af {nodes} knuder: {medians}.").format(
            places=number(network.medians),
            nodes=number(network.nodes),
            medians=", ".join(str(median + 1) for median in found.open),
        ),
        gettext("Afstand i alt: {cost}; i gennemsnit {mean} for hver knude.").format(
            cost=number(found.cost, decimals), mean=number(found.cost / network.nodes, 2)
        ),
    ]
    if found.proved:
        lines.append(gettext("Bevist: ingen andre steder giver mindre."))
    else:
        lines.append(
            gettext("Ikke bevist: det bedste ligger mellem {bound} og {cost}, højst {gap} % under det fundne.").format(
                bound=number(found.bound, decimals), cost=number(found.cost, decimals), gap=number(_gap(found), 2)
            )
        )
    if found.interrupted:
        lines.append(gettext("Afbrudt: svaret er det bedste indtil da."))
    return [*lines, gettext("Tog {seconds} sekunder.").format(seconds=number(took, 2))]
