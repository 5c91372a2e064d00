"""The reference pages, made from what they describe.

python -m hovedindgang.site.reference write    docs/reference/settings.md, commands.md and input.md
python -m hovedindgang.site.reference check    fail when one of them says something else than the house does
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from hovedindgang.site.environment import Setting
from hovedindgang.site.setup import django_ready

PAGES = Path(__file__).resolve().parents[3] / "docs" / "reference"
MADE = "<!-- Made by `make reference`; what is written here by hand is lost. -->"


def settings_page(settings: Iterable[Setting]) -> str:
    """Every setting with its default and its line of help."""
    rows = [f"| `{one.name}` | {f'`{one.default}`' if one.default else ''} | {one.help} |" for one in settings]
    return "\n".join(
        [
            MADE,
            "# Settings",
            "",
            "Each is an environment variable; what is not set has the default.",
            "",
            "| Setting | Default | What it does |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def commands_page(command: click.Command, name: str) -> str:
    """Every command with its own help, as it shows itself."""
    parts = [MADE, "# Commands", "", "Exit codes: 0 it is done, 1 it could not be done, 2 it was asked for wrongly."]
    for title, text in _helps(click.Context(command, info_name=name, terminal_width=96, **command.context_settings)):
        parts += ["", f"## `{title}`", "", "```text", text, "```"]
    return "\n".join([*parts, ""])


def _helps(context: click.Context) -> Iterator[tuple[str, str]]:
    lines = context.command.get_help(context).splitlines()
    yield context.command_path, "\n".join(line.rstrip() for line in lines)
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            inner = context.command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from _helps(click.Context(inner, info_name=name, parent=context, terminal_width=96))


def pages() -> dict[Path, str]:
    """File → what it should say, in English."""
    os.environ["HOVEDINDGANG_LANGUAGE"] = "en"  # before the command line is read: it speaks from its first line
    django_ready()
    from django.utils import translation

    from hovedindgang.site import settings
    from hovedindgang.site.cli import cli
    from hovedindgang.site.inputs import input_page

    with translation.override("en"):
        return {
            PAGES / "settings.md": settings_page(settings.SETTINGS),
            PAGES / "commands.md": commands_page(cli, "hovedindgang"),
            PAGES / "input.md": f"{MADE}\n{input_page()}",
        }


def main(arguments: list[str]) -> int:
    if arguments not in (["write"], ["check"]):
        print(__doc__, file=sys.stderr)
        return 2
    stale = {
        file: text for file, text in pages().items() if not file.exists() or file.read_text(encoding="utf-8") != text
    }
    if arguments == ["check"]:
        for file in stale:
            print(f"docs/reference/{file.name} is not what the house does now. Run `make reference`.")
        return 1 if stale else 0
    for file, text in stale.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        print(f"docs/reference/{file.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
