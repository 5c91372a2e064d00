"""What can be said without the database: Python, HOME, disk, keys, settings, static files, words, logs."""

from __future__ import annotations

import json
import logging
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from hovedindgang.kernel.keyring import BadKeys, ring
from hovedindgang.people.set_up import is_used, strengths, unreadable
from hovedindgang.site.addresses import CHECKED, is_closed, is_here
from hovedindgang.site.backups.keys import NAMES
from hovedindgang.site.doctor.verdicts import Answer, warning, well, wrong
from hovedindgang.site.language import gettext

OLDEST_PYTHON = (3, 11)
LITTLE_BYTES, TOO_LITTLE_BYTES = 2_000_000_000, 200_000_000
LOCAL = {"localhost", "127.0.0.1", "[::1]"}
LIKE_A_CPR = "010190-1234"


def python_version() -> Answer:
    here = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return wrong(f"Python {here}", gettext("Installér Python 3.11 eller nyere."))
    return well(f"Python {here}")


def home_is_ours() -> Answer:
    """HOME holds keys, and on SQLite citizens: others on the machine have nothing to do there."""
    home = Path(settings.HOME)
    if not home.is_dir() or not os.access(home, os.W_OK | os.X_OK):
        return wrong(
            gettext("{home} er der ikke, eller der kan ikke skrives i den").format(home=home),
            gettext("Opret mappen, og giv den bruger, der kører huset, lov til at skrive i den."),
        )
    ours_alone = stat.S_IMODE(home.stat().st_mode) & 0o077 == 0  # then nobody else comes as far as the files
    seen = [] if ours_alone else [path for path in _secret(home) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if not seen:
        return well(gettext("Kun husets egen bruger kan læse nøgler, database og dokumenter."))
    told = gettext("Andre på maskinen kan læse {paths}").format(paths=", ".join(map(str, seen)))
    if settings.PILOT:
        return well(told)
    judge = wrong if any("keys" in path.parts for path in seen) else warning
    return judge(told, gettext("Luk dem: chmod -R go-rwx {home}").format(home=home))


def _secret(home: Path) -> list[Path]:
    named = [home / "keys" / "keys.json", home / "documents", *home.glob("*.sqlite3"), *home.glob("*.backup")]
    return [path for path in named if path.exists()]


def disk_space() -> Answer:
    free = shutil.disk_usage(settings.HOME).free
    told = gettext("{gb} GB fri, hvor HOME ligger").format(gb=f"{free / 1e9:.1f}")
    do = gettext("Gør plads: uden den kan intet gemmes.")
    if free < TOO_LITTLE_BYTES:
        return wrong(told, do)
    return warning(told, do) if free < LITTLE_BYTES else well(told)


def keys_are_keys() -> Answer:
    """Each is 32 bytes in hexadecimal, and in production it is not kept beside the data."""
    try:
        ring()
    except BadKeys as error:
        return wrong(
            gettext("Nøglerne kan ikke læses: {where}").format(where=error),
            gettext("Sæt den nøgle, som det gemte er krypteret med. En ny: openssl rand -hex 32"),
        )
    from_file = [name for name in NAMES if not os.environ.get(f"HOVEDINDGANG_{name}")]
    if from_file and not settings.PILOT:
        names = ", ".join(f"HOVEDINDGANG_{name}" for name in from_file)
        return warning(
            gettext("Nøglerne ligger i HOME/keys, ved siden af data: {names}").format(names=names),
            gettext("Sæt dem i miljøet, og gem dem to steder: se docs/guide/backup.md."),
        )
    return well(gettext("Nøglerne er hele."))


def production_settings() -> Answer:
    if settings.DEBUG:
        return wrong(
            gettext("HOVEDINDGANG_DEBUG viser fejl med data i browseren"),
            gettext("Fjern HOVEDINDGANG_DEBUG, hvor der er borgeres data."),
        )
    if "*" in settings.ALLOWED_HOSTS:
        return wrong(
            gettext("HOVEDINDGANG_HOSTS svarer alle navne"),
            gettext("Skriv de navne, som huset har: HOVEDINDGANG_HOSTS."),
        )
    others = [host for host in settings.ALLOWED_HOSTS if host not in LOCAL]
    if others and not settings.SESSION_COOKIE_SECURE:
        return wrong(
            gettext("{hosts} svares uden https").format(hosts=", ".join(others)),
            gettext("Sæt HOVEDINDGANG_HTTPS=1 bag en proxy, der taler https."),
        )
    if not others and not settings.PILOT:
        return warning(
            gettext("Kun denne maskine får svar"), gettext("Skriv husets navn i HOVEDINDGANG_HOSTS, når det åbner.")
        )
    return well(gettext("Navne, https og fejlsider er, som de skal være."))


def ways_out() -> Answer:
    """What leaves this machine, or comes to it, is read by nobody on the way."""
    open_ones = [
        name
        for name, address in (
            ("HOVEDINDGANG_OIDC_ISSUER", settings.OIDC_ISSUER),
            ("HOVEDINDGANG_ALARM", settings.HOUSE_ALARM),
            ("HOVEDINDGANG_CASES_ADDRESS", settings.CASES_ADDRESS),
        )
        if not is_closed(address)
    ]
    if open_ones:
        return wrong(
            gettext("{names} er en åben linje").format(names=", ".join(open_ones)),
            gettext("Brug en adresse, der begynder med https."),
        )
    database: dict[str, Any] = settings.DATABASES["default"]
    mode = database.get("OPTIONS", {}).get("sslmode", "")
    if "postgresql" in database["ENGINE"] and not is_here(str(database.get("HOST") or "")) and mode != CHECKED:
        return wrong(
            gettext("Vejen til databasen på {host} er sslmode={mode}").format(host=database["HOST"], mode=mode),
            gettext(
                "Fjern sslmode fra HOVEDINDGANG_DATABASE, og sæt sslrootcert, hvis certifikatet er kommunens eget."
            ),
        )
    if not is_here(settings.SERVE_HOST) and not settings.PILOT:
        return warning(
            gettext("Huset lytter på {host}, og dér taler det http").format(host=settings.SERVE_HOST),
            gettext("Lad det lytte på 127.0.0.1 bag en proxy på samme maskine, eller luk linjen imellem dem."),
        )
    return well(gettext("Alt, der går ud af maskinen, er lukket for andre."))


def sign_in_there() -> Answer:
    """Whether the municipality's own sign-in lets people in, and must say how surely somebody signed in there."""
    if not is_used():
        return well(gettext("Kommunens eget login bruges ikke her."))
    unread = unreadable()
    if unread:
        do = gettext("Ingen kan logge ind med det. Ret {names}, og start igen.")
        return wrong("; ".join(unread.values()), do.format(names=", ".join(unread)))
    if not strengths():
        return warning(
            gettext("Det kontrolleres ikke, om kommunens login har spurgt om to trin"),
            gettext("Skriv i HOVEDINDGANG_OIDC_STRENGTH, hvad beviset skal sige, for eksempel amr=mfa."),
        )
    return well(gettext("Kommunens login skal sige, at der er spurgt om nok."))


def static_files() -> Answer:
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    do = gettext("Slet {folder}, og start huset igen: det samler filerne.").format(folder=settings.STATIC_ROOT)
    if not manifest.exists():
        return warning(gettext("Siders filer er ikke samlet endnu"), gettext("Start huset: hovedindgang serve"))
    named = json.loads(manifest.read_text(encoding="utf-8"))["paths"].values()
    missing = [name for name in named if not (Path(settings.STATIC_ROOT) / name).exists()]
    if missing:
        return wrong(gettext("{n} af siders filer mangler").format(n=len(missing)), do)
    return well(gettext("{n} filer er samlet").format(n=len(named)))


def catalogues() -> Answer:
    """Every room's English is compiled, and not older than what it is made from."""
    rooms = Path(__file__).resolve().parents[2]
    sources = list(rooms.glob("*/locale/*/LC_MESSAGES/*.po"))
    behind = [
        source.relative_to(rooms).parts[0]
        for source in sources
        if not source.with_suffix(".mo").exists() or source.with_suffix(".mo").stat().st_mtime < source.stat().st_mtime
    ]
    if behind:
        return wrong(
            gettext("Engelsk er ikke oversat til brug i: {rooms}").format(rooms=", ".join(sorted(behind))),
            gettext("python -m hovedindgang.site.messages compile"),
        )
    return well(gettext("Dansk og engelsk er klar."))


def logs_mask_cpr() -> Answer:
    """A number that looks like a CPR is sent to each place the log is written, and must arrive masked."""
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    handlers = {handler for logger in (logging.root, *loggers) for handler in logger.handlers}
    telling = [handler for handler in handlers if _lets_through(handler)]
    if telling:
        return wrong(
            gettext("En log kan vise CPR-numre: {names}").format(
                names=", ".join(sorted({handler.get_name() or type(handler).__name__ for handler in telling}))
            ),
            gettext("Lad den gå gennem hovedindgang.kernel.logs.MaskCpr, eller fjern den."),
        )
    return well(gettext("Loggen skjuler CPR-numre."))


def _lets_through(handler: logging.Handler) -> bool:
    if isinstance(handler, logging.NullHandler) or (handler.get_name() == "mail_admins" and not settings.ADMINS):
        return False
    record = logging.LogRecord("doctor", logging.CRITICAL, __file__, 1, "%s", (LIKE_A_CPR,), None)
    return bool(handler.filter(record)) and LIKE_A_CPR in record.getMessage()
