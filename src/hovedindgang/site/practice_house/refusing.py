"""What does not begin, because settings and database are of different houses, or because it belongs in the real one."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection

from hovedindgang.kernel.house import OtherHouse, must_be_the_same
from hovedindgang.kernel.models import HouseKind
from hovedindgang.site.backups.problems import CannotRestore
from hovedindgang.site.backups.unfinished import restore_has_ended
from hovedindgang.site.language import gettext

MAY_ASK = frozenset({"doctor", "migrate", "practice", "restore"})  # they say it themselves, or make the house first
# They carry something in or out, let a system in, or keep what is not worth keeping.
NOT_IN_PRACTICE = frozenset({"backup", "client", "demo", "import", "restore"})


class RefusedHere(Exception):
    """The command belongs in the other house; `cure` says what to do."""

    def __init__(self, cause: str, cure: str) -> None:
        super().__init__(cause)
        self.cure = cure


def must_fit_this_house(command: str) -> None:
    """Before a command does anything. Raises RefusedHere."""
    if settings.PRACTICE and command in NOT_IN_PRACTICE:
        raise RefusedHere(
            gettext("Det gøres ikke i øvehuset"),
            gettext("Intet føres ind eller ud her. Gælder det det rigtige hus, så kør den uden HOVEDINDGANG_PRACTICE."),
        )
    if command not in MAY_ASK:
        must_be_whole_and_the_same()


def must_be_whole_and_the_same() -> None:
    """No restore is half done in the database, and it is of the house that the settings say. Raises RefusedHere.

    Asked first whether it is whole: a house that says what it is would be in the way of the rows still to come.
    """
    try:
        restore_has_ended()
    except CannotRestore as unfinished:
        raise RefusedHere(str(unfinished), unfinished.cure) from unfinished
    except DatabaseError:
        connection.close()  # what asks it for something says that it is away
    try:
        must_be_the_same()
    except OtherHouse as other:
        raise RefusedHere(*words_of_other_house(other)) from other


def words_of_other_house(other: OtherHouse) -> tuple[str, str]:
    """What is wrong, and what to do."""
    if other.said is HouseKind.REAL:
        return (
            gettext(
                "Databasen er et øvehus af opdigtede mennesker, og indstillingerne siger, at dette er det rigtige hus."
            ),
            gettext("Sæt HOVEDINDGANG_PRACTICE=1, eller ret HOVEDINDGANG_DATABASE til det rigtige hus' database."),
        )
    if other.found:
        return (
            gettext("HOVEDINDGANG_PRACTICE er sat, men databasen er det rigtige hus'. Intet er rørt."),
            gettext("Fjern HOVEDINDGANG_PRACTICE, eller giv øvehuset en database for sig selv."),
        )
    return (
        gettext("HOVEDINDGANG_PRACTICE er sat, men databasen siger ikke, at den er et øvehus."),
        gettext("Lav øvehuset først: hovedindgang practice new"),
    )
