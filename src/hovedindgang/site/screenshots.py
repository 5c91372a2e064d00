"""Renew the pictures of the documentation from a demonstration of their own: `make screenshots`.

A small demonstration is filled in `var/pictures`, served, looked at through Chromium, and removed again. Nobody in a
picture exists. A picture is as large as the first screen of a laptop, and no heavier than a page may carry.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hovedindgang.site.setup import django_ready

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[3]
PICTURES = ROOT / "docs" / "pictures"
HOME = ROOT / "var" / "pictures"
PORT, PRACTICE_PORT = 8139, 8140
COMMAND = (sys.executable, "-m", "hovedindgang.site.cli")
# A whole year's contacts, as a demonstration has: what is tried on fewer shows no queue. It takes about a minute.
SCALE = 1.0
SCREEN = {"width": 1280, "height": 800}
LARGEST = 200 * 1024  # bytes
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chromium-headless-shell")


@dataclass(frozen=True)
class Shown:
    """Whom the pictures show: an invented citizen whom Borgerservice has met more than once."""

    citizen_id: int
    cpr: str
    places: dict[str, str]  # addresses of what the demonstration made once, by what they show


@dataclass(frozen=True)
class Picture:
    name: str
    who: str  # of the cast
    address: str
    languages: tuple[str, ...] = ("da",)
    steps: Callable[[Page, Shown], None] | None = None


def in_the_middle(page: Page, shown: Shown) -> None:
    """A citizen is known, a service is chosen, and its guidance stands beside."""
    page.fill("#cpr", shown.cpr)
    page.wait_for_selector(".desk-citizen")
    page.locator("body").press("1")
    page.wait_for_selector(".desk-guidance")
    page.fill("#note", "Skal rejse om tre uger. Vil hente passet i Pandrup.")
    page.locator("#note").blur()


def work_on_it(page: Page, shown: Shown) -> None:
    """She says that she works on the contact: others see it."""
    page.locator(".claim form button").click()
    page.wait_for_selector(".claim .badge")


def go_to_practice(page: Page, shown: Shown) -> None:
    """Into the practice house as oneself, and to its desk."""
    page.locator('form[action="/oevehus/gaa/"] button').click()
    page.wait_for_selector("[data-practice] #cpr")


def show(selector: str, *, last: bool = False) -> Callable[[Page, Shown], None]:
    """The page from a heading on."""

    def step(page: Page, shown: Shown) -> None:
        found = page.locator(selector)
        (found.last if last else found.first).evaluate("one => one.closest('section').scrollIntoView()")

    return step


PICTURES_TO_TAKE = (
    Picture("desk-ready", "anna", "/skranke/", ("da", "en")),
    Picture("desk", "anna", "/skranke/", ("da",), in_the_middle),
    Picture("desk", "finn", "/skranke/", ("en",), in_the_middle),  # Anna's draft is still hers
    Picture("board", "lise", "/tavle/", ("da", "en")),
    Picture("history", "anna", "/henvendelser/borger/{citizen}/", ("da", "en")),
    Picture("inbox", "carla", "/henvendelser/indbakke/"),
    Picture("policy", "lise", "/politik/"),
    Picture("versions", "lise", "/politik/versioner/"),
    Picture("difference", "lise", "/politik/versioner/1/til/2/"),
    Picture("registers", "per", "/registre/1/"),
    Picture("protected", "anna", "{protected}", ("da", "en")),
    Picture("representation", "anna", "{represented}", ("da", "en")),
    Picture("child", "anna", "{child}"),
    Picture("moved", "anna", "{moved}", ("da",), work_on_it),
    Picture("corrections", "lise", "/henvendelser/rettelser/", ("da", "en")),
    Picture("complaint", "lise", "{complaint}", ("da", "en")),
    Picture("look-ups", "lise", "/opslag/"),
    Picture("sample", "lise", "{sample}", ("da", "en")),
    Picture("journal", "anna", "/henvendelser/journal/"),
    Picture("retention", "lise", "/databeskyttelse/"),
    Picture("practice", "anna", "/oevehus/", ("da", "en"), go_to_practice),
    Picture("plans", "per", "/proev/", ("da", "en")),
    Picture("plan-inputs", "per", "{plan_inputs}"),
    Picture("plan-replay", "per", "{plan_replay}", ("da", "en")),
    Picture("plan-change", "per", "{plan}?slags=opening_hours"),
    Picture("plan-goals", "per", "{plan_compare}", ("da", "en"), show("#goals")),
    Picture("plan-waits", "per", "{plan_compare}", ("da",), show("#waits")),
    Picture("plan-people", "per", "{plan_compare}", ("da", "en"), show("[id^=people]", last=True)),
    Picture("plan-figures", "per", "{plan_compare}", ("da",), show("#figures")),
    Picture("plan-frontier", "per", "{plan_compare}", ("da", "en"), show("#frontier")),
)
# Drawings of the guide, by what is asked of `hovedindgang plan`; each page says the same command.
PLANNING, PLACES, EXAMPLES = "models/planning", "models/places", "docs/guide/examples"
DRAWINGS = {
    "jammerbugt-towns": f"site {PLACES}/jammerbugt.toml --now aabybro,fjerritslev,brovst,pandrup --then aabybro",
    "jammerbugt-people": f"compare {PLANNING}/jammerbugt-2006.toml {PLANNING}/jammerbugt-rullende.toml "
    "--replications 20",
    "fredensborg-places": f"site {PLACES}/fredensborg.toml --now kokkedal,fredensborg --up-to 4 --next-best 1",
    "fredensborg-people": f"compare {PLANNING}/fredensborg.toml {PLANNING}/fredensborg-et-center.toml "
    f"{PLANNING}/fredensborg-filialer.toml {PLANNING}/fredensborg-callcenter.toml "
    f"{PLANNING}/fredensborg-generalister.toml --replications 20",
    "roster": f"roster {EXAMPLES}/roster.toml --gap 0 --repeatable",
    "courses": f"courses {EXAMPLES}/courses.toml --seconds 10",
}


def main(names: tuple[str, ...] = ()) -> None:
    """Only pictures and drawings whose names begin with one of `names`; all where none is given."""
    _draw(names)
    if names and not any(picture.name.startswith(names) for picture in PICTURES_TO_TAKE):
        return
    shutil.rmtree(HOME, ignore_errors=True)
    os.environ.update({"HOVEDINDGANG_HOME": str(HOME), "HOVEDINDGANG_DEMO": "1", "HOVEDINDGANG_DATABASE": ""})
    os.environ["HOVEDINDGANG_PRACTICE_ADDRESS"] = f"http://localhost:{PRACTICE_PORT}"
    shown = _filled()
    PICTURES.mkdir(parents=True, exist_ok=True)
    practice = {**os.environ, "HOVEDINDGANG_PRACTICE": "1"}
    subprocess.run([*COMMAND, "practice", "new", "--scale", "0.02"], env=practice, check=True)
    servers = [_served(PORT, dict(os.environ)), _served(PRACTICE_PORT, practice)]
    try:
        _take(shown, names)
    finally:
        for server in servers:
            server.terminate()
            server.wait()
    shutil.rmtree(HOME)


def _draw(names: tuple[str, ...]) -> None:
    """The drawings, in English, as the guide is."""
    for name, asked in DRAWINGS.items():
        if not names or name.startswith(names):
            file = PICTURES / f"{name}.svg"
            ask = [*COMMAND, "plan", *asked.split(), "--svg", str(file), "--language", "en"]
            subprocess.run(ask, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            click.echo(f"  {file.relative_to(ROOT)}  {file.stat().st_size // 1024} KB", err=True)


def _served(port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A house that answers."""
    command = [*COMMAND, "serve", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
    assert server.stdout
    server.stdout.readline()  # the address, once a page is answered
    return server


def _filled() -> Shown:
    django_ready()
    # What follows needs Django's settings, which are read just above.
    from django.conf import settings
    from django.core.management import call_command
    from django.db.models import Count

    from hovedindgang.kernel.requests import one_request
    from hovedindgang.people.models import Citizen
    from hovedindgang.people.queries import cpr_of
    from hovedindgang.scenarios.running import work_off_runs
    from hovedindgang.site.demo.filling import fill
    from hovedindgang.site.demo.planning import addresses
    from hovedindgang.site.demo.trust import places

    call_command("migrate", verbosity=0, interactive=False)
    fill(models=settings.MODELS, say=lambda step: click.echo(f"  {step} ...", err=True), scale=SCALE)
    met_often = Citizen.objects.exclude(needs="").annotate(met=Count("contacts")).order_by("-met", "pk")[0]
    with one_request():
        work_off_runs()  # what the worker of an open house does
    return Shown(met_often.pk, cpr_of(met_often) or "", places() | addresses())


def _take(shown: Shown, names: tuple[str, ...]) -> None:
    from playwright.sync_api import sync_playwright  # a tool of developers, which a running house does without

    program = os.environ.get("HOVEDINDGANG_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        raise SystemExit("Pictures need Chromium. Install it (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for picture in PICTURES_TO_TAKE:
            if names and not picture.name.startswith(names):
                continue
            for language in picture.languages:
                _take_one(browser, picture, language, shown)
        browser.close()


def _take_one(browser: Browser, picture: Picture, language: str, shown: Shown) -> None:
    home = f"http://localhost:{PORT}"
    context = browser.new_context(base_url=home, viewport=SCREEN, locale="da-DK" if language == "da" else "en-GB")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/")
    page.locator(f'form[action="/vaer/{picture.who}/"] button').click()
    page.wait_for_selector(".house-who")
    button = page.locator(f'button[name="language"][value="{language}"]')
    if button.count():
        button.click()
        page.wait_for_selector(f'html[lang="{language}"] .house-who')
    page.goto(picture.address.format(citizen=shown.citizen_id, **shown.places))
    if picture.steps:
        picture.steps(page, shown)
    page.evaluate("document.fonts.ready")
    file = PICTURES / f"{picture.name}-{language}.png"
    page.screenshot(path=file, animations="disabled")
    context.close()
    size = file.stat().st_size
    click.echo(f"  {file.relative_to(ROOT)}  {size // 1024} KB", err=True)
    if size > LARGEST:
        raise SystemExit(f"{file.name} is {size // 1024} KB; a page may carry {LARGEST // 1024}.")


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))
