"""The table of all checks, and the examination: each asked once, none stopped by another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hovedindgang.kernel.logs import without_cpr
from hovedindgang.site.doctor import database, machine, work
from hovedindgang.site.doctor.verdicts import Answer, Verdict, wrong
from hovedindgang.site.language import gettext, gettext_noop


@dataclass(frozen=True, slots=True)
class Check:
    name: str  # for programs; never changed
    title: str  # for people
    ask: Callable[[], Answer | None]  # None: this installation has no such thing


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    title: str
    verdict: Verdict
    found: str
    do: str


ALONE = (
    Check("python", gettext_noop("Python"), machine.python_version),
    Check("home", gettext_noop("Husets mappe"), machine.home_is_ours),
    Check("disk", gettext_noop("Plads"), machine.disk_space),
    Check("keys", gettext_noop("Nøgler"), machine.keys_are_keys),
    Check("settings", gettext_noop("Indstillinger"), machine.production_settings),
    Check("ways_out", gettext_noop("Veje ud"), machine.ways_out),
    Check("sign_in_there", gettext_noop("Kommunens login"), machine.sign_in_there),
    Check("static", gettext_noop("Siders filer"), machine.static_files),
    Check("words", gettext_noop("Dansk og engelsk"), machine.catalogues),
    Check("logs", gettext_noop("Loggen"), machine.logs_mask_cpr),
)
THE_DATABASE = Check("database", gettext_noop("Databasen"), database.answers)
BY_THE_DATABASE = (
    Check("version", gettext_noop("Databasens udgave"), database.version),
    Check("restore", gettext_noop("Gendannelse"), database.restore_ended),
    Check("migrations", gettext_noop("Tabeller"), database.migrations),
    Check("integrity", gettext_noop("Databasens fil"), database.integrity),
    Check("foreign_keys", gettext_noop("Sammenhæng"), database.foreign_keys),
    Check("durability", gettext_noop("Strømsvigt"), database.keeps_what_it_is_told),
    Check("encoding", gettext_noop("Bogstaver"), database.encoding),
    Check("time_zone", gettext_noop("Tidszone"), database.time_zone),
    Check("pooler", gettext_noop("Forbindelse"), database.pooler),
    Check("role", gettext_noop("Databasens rolle"), database.role),
    Check("clocks", gettext_noop("Ure"), database.clocks),
    Check("written_once", gettext_noop("Skrevet én gang"), database.written_once),
    Check("keys_open", gettext_noop("Nøgler og CPR"), work.keys_open_what_is_stored),
    Check("key_age", gettext_noop("Nøglens alder"), work.age_of_the_key),
    Check("passwords", gettext_noop("Adgangskoder"), work.passwords),
    Check("policy", gettext_noop("Politik"), work.policy),
    Check("worker", gettext_noop("Arbejdet bagved"), work.worker),
    Check("seals", gettext_noop("Segl"), work.seals),
    Check("deliveries", gettext_noop("Leveringer"), work.deliveries_for_a_person),
    Check("backup", gettext_noop("Sikkerhedskopi"), work.last_backup),
    Check("demonstration", gettext_noop("Demonstration"), work.demonstration),
)


def examine() -> Iterator[Finding]:
    """Every finding, as it is made. Changes nothing."""
    for check in ALONE:
        yield from _asked(check)
    first = list(_asked(THE_DATABASE))
    yield from first
    there = first[0].verdict is Verdict.WELL
    for check in BY_THE_DATABASE:
        if there:
            yield from _asked(check)
        else:
            yield Finding(check.name, gettext(check.title), Verdict.NOT_ASKED, gettext("Databasen er væk."), "")


def _asked(check: Check) -> Iterator[Finding]:
    try:
        answer = check.ask()
    except Exception as error:  # whatever is broken, the rest is examined
        cause = without_cpr(" ".join(str(error).split()))[:200]
        answer = wrong(
            gettext("Kunne ikke undersøges: {cause}").format(cause=f"{type(error).__name__}: {cause}"),
            gettext("Ret det, der står ovenfor; mangler der tabeller, så kør: hovedindgang migrate"),
        )
    if answer is not None:
        yield Finding(check.name, gettext(check.title), *answer)
