"""What `plan simulate` and `plan compare` share of `--assumptions`: what of all that is not known decides most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from hovedindgang.planning.commands.simulating import progress, stopped_by_hand
from hovedindgang.planning.language import gettext, gettext_noop, ngettext, number
from hovedindgang.planning.naming import channel_name, source_name
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.deciding import bars, deciding, most_moved, worth

if TYPE_CHECKING:
    from hovedindgang.planning.service.assumptions import Answer
    from hovedindgang.planning.service.ranges import Trial
    from hovedindgang.planning.service.reading import Plan

assumptions = click.option(
    "--assumptions",
    is_flag=True,
    help=gettext(
        "Prøv hvert usikkert tal i begge ender af dets spænd, og vis, hvad der afgør mest (minutter; Ctrl-C giver de "
        "prøvede)."
    ),
)


def must_be_plans(plans: Sequence[Plan | None]) -> None:
    if not all(plans):
        raise CannotPlan(
            gettext("Kun planer har tal med spænd: et scenarie siger ikke, hvad det hviler på."),
            cure=gettext("Skriv filerne som planer (models/planning), eller udelad --assumptions."),
        )


def tried(
    plans: Sequence[Plan], *, seed: int, jit: bool, replications: int | None = None, figures: Sequence[str] = ()
) -> dict[str, Any]:
    """Every trial of each plan, the widest ranges first, until Ctrl-C: for each plan but the first what moves its
    difference from the first; for one alone what moves the plan itself. `figures`: these keys alone."""
    from hovedindgang.planning.service import assumptions as engine
    from hovedindgang.planning.service import ranges

    ends = [one for one in ranges.trials(plans[0].inputs) if not figures or one[0] in figures]
    count = max(2, min(replications or engine.REPLICATIONS, engine.REPLICATIONS))
    others = plans[1:] or plans[:1]
    usual: list[Answer] = []
    done: dict[Trial, list[Answer]] = {}
    gone: list[str] = []
    with stopped_by_hand() as goes_on, progress(gettext_noop("{done} af {wanted} prøver af antagelser")) as told:
        run = _answers(plans, seed=seed, jit=jit, replications=count, goes_on=goes_on)
        usual = run(None) or []
        for at, trial in enumerate(ends if usual else ()):
            try:
                found = run(trial)
            except CannotPlan as problem:  # at that end nobody can plan: that is said, and the others are tried
                gone.append(f"{trial[0]}, {trial[2]:g}: {problem}")
                continue
            if found is None:
                break
            done[trial] = found
            told(at + 1, len(ends))
        interrupted = not goes_on()
    inputs = plans[0].inputs
    unit = engine.scales(usual[0]) if usual else {}
    return {
        "replications": count,
        "seed": seed,
        "tried": len(done),
        "of": len(ends),
        "interrupted": interrupted,
        "not_possible": gone,
        "without_a_range": ranges.rangeless(inputs),
        "plans": [
            engine.told_of(
                plan.title,
                (plan.model, plan.inputs),
                one,
                {trial: _beside(answers)[at] for trial, answers in done.items()},
                unit,
            )
            for at, (plan, one) in enumerate(zip(others, _beside(usual), strict=False))
        ],
    }


def _answers(
    plans: Sequence[Plan], *, seed: int, jit: bool, replications: int, goes_on: Callable[[], bool]
) -> Callable[[Trial | None], list[Answer] | None]:
    """What each plan comes to with one number put elsewhere; None where it was stopped."""
    from hovedindgang.planning.service.assumptions import answered

    def run(trial: Trial | None) -> list[Answer] | None:
        found = []
        for plan in plans:
            one = answered(plan, seed=seed, replications=replications, jit=jit, goes_on=goes_on, trial=trial)
            if one is None:
                return None
            found.append(one)
        return found

    return run


def _beside(answers: Sequence[Answer]) -> list[Answer]:
    """Of each but the first, how it differs from the first; of one alone, itself."""
    from hovedindgang.planning.service.assumptions import apart

    return [apart(answers[0], one) for one in answers[1:]] or list(answers)


# ---------------------------------------------------------------------------------------------------------- in words

NAMES = {
    "wait_mean_minutes": gettext_noop("venter, minutter"),
    "answered_in_time_percent": gettext_noop("svar til tiden, %"),
    "abandoned_percent": gettext_noop("opgiver, %"),
    "answered_by_the_day_percent": gettext_noop("svar på aftalt dag, %"),
    "resolved_in_house_percent": gettext_noop("løst i Borgerservice, %"),
    "first_contact_resolution_percent": gettext_noop("løst i én henvendelse, %"),
    "kr_per_year": gettext_noop("løn, mio. kr. om året"),
}


def in_words(told: Mapping[str, Any], answers: Sequence[Mapping[tuple[str, str], float | None]]) -> list[str]:
    """`answers`: for each plan the figures of the answer itself, which the shifts are laid upon."""
    lines = [
        "",
        ngettext(
            "Det afgør mest, hvad der ikke vides (hvert tal i begge ender af sit spænd, de andre som de er; {count} "
            "gentagelse, samme borgere):",
            "Det afgør mest, hvad der ikke vides (hvert tal i begge ender af sit spænd, de andre som de er; {count} "
            "gentagelser, samme borgere):",
            told["replications"],
        ).format(count=told["replications"]),
    ]
    for plan, answer in zip(told["plans"], answers, strict=False):
        lines += [plan["title"] or "-"] if len(told["plans"]) > 1 else []
        found = deciding(plan)
        for at, one in enumerate(found, start=1):
            lines += _one(at, one, plan["usual"], answer)
        if not found:
            lines.append(gettext("  Intet af det prøvede flytter svaret mere, end tilfældet gør."))
    if told["interrupted"]:
        lines.append(gettext("Afbrudt: {tried} af {of} ender er prøvet.").format(tried=told["tried"], of=told["of"]))
    lines += [gettext("Kunne ikke prøves: {what}").format(what=one) for one in told["not_possible"]]
    if told["without_a_range"]:
        count = len(told["without_a_range"])
        lines.append(
            ngettext(
                "{count} antaget tal har intet spænd og er ikke prøvet: {keys}.",
                "{count} antagne tal har intet spænd og er ikke prøvet: {keys}.",
                count,
            ).format(count=count, keys=", ".join(told["without_a_range"]))
        )
    lines.append(gettext("Ét minut, ét procentpoint og en procent af lønnen tæller lige meget i rækkefølgen."))
    return lines


def _one(
    at: int,
    one: Mapping[str, Any],
    seen: Mapping[str, float | None],
    answer: Mapping[tuple[str, str], float | None],
) -> list[str]:
    lines = [
        gettext("  {at}. {name}: {value}, måske {low} til {high} ({source})").format(
            at=at,
            name=one["name"],
            value=short(one["value"]),
            low=short(one["low"]),
            high=short(one["high"]),
            source=source_name(one["kind"]),
        )
    ]
    for move in worth(one["moves"]):
        usual = answer.get((move["of"], move["figure"]), seen.get(f"{move['of']}:{move['figure']}"))
        ends = [laid_on(usual, move.get(f"shift_at_{end}"), move["figure"]) for end in ("low", "high")]
        group = channel_name(move["of"]) + ": " if move["of"] not in {"all", "cost"} else ""
        lines.append(
            gettext("     {figure} {usual} bliver {at_low} ved {low} og {at_high} ved {high}").format(
                figure=group + gettext(NAMES[move["figure"]]),
                usual=laid_on(usual, NO_MOVE, move["figure"]),
                at_low=ends[0],
                low=short(one["low"]),
                at_high=ends[1],
                high=short(one["high"]),
            )
        )
    return lines


def tornados(
    told: Mapping[str, Any], answers: Sequence[Mapping[tuple[str, str], float | None]]
) -> list[tuple[str, float, list[tuple[str, float | None, float | None]]]]:
    """Of each plan the figure that is moved most: (what it is called, its value, a row for each number that moves it:
    name, the answer at its low end and at its high end)."""
    found = []
    for plan, answer in zip(told["plans"], answers, strict=False):
        moved = most_moved(plan)
        usual = answer.get(moved, plan["usual"].get(":".join(moved))) if moved else None
        if moved is None or usual is None:
            continue
        rows = [
            (f"{one['name']} ({short(one['low'])}-{short(one['high'])})", low, high)
            for one, low, high in bars(plan, *moved, usual)
        ]
        of, name = moved[0], gettext(NAMES[moved[1]])
        name = name if of in {"all", "cost"} else f"{channel_name(of)}: {name}"
        heading = gettext("Det, der afgør mest: {figure}").format(figure=f"{plan['title']}; {name}")
        found.append((heading, usual, rows))
    return found


NO_MOVE = {"value": 0.0}


def laid_on(usual: float | None, shift: Mapping[str, float] | None, figure: str) -> str:
    """The answer where the number stands at one of its ends."""
    if usual is None:
        return "-"
    if shift is None:
        return gettext("uden ende")
    value = usual + shift["value"]
    return number(value / 1e6, 2) if figure == "kr_per_year" else number(value, 1)


def short(value: float) -> str:
    """0.25 and 19,400: as many digits as a number has."""
    return number(value, 0 if float(value).is_integer() else 1 if abs(value) >= 10 else 2)
