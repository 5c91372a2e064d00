"""Catalogues of the rooms: Danish stands in the code, English in each room's own en.po.

    python -m hovedindgang.site.messages update [ROOM…]   add what is new, take away what is gone
    python -m hovedindgang.site.messages check [ROOM…]    fail on anything missing, empty or unfit; name each
    python -m hovedindgang.site.messages compile          write the .mo files, which are not kept

A catalogue is sorted and carries no line numbers and no dates, so two people's changes seldom meet.
"""

from __future__ import annotations

import ast
import io
import re
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polib

ROOMS = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/en/LC_MESSAGES/django.po")
# Function → where its arguments are: the context, the sentence, its plural (counted from 0).
KEYWORDS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
HEADER = {
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


@dataclass(frozen=True, order=True)
class Message:
    """What a page says: the Danish, its plural ("" for none) and the context that tells two meanings apart."""

    danish: str
    plural: str = ""
    context: str = ""


def rooms(root: Path = ROOMS) -> list[Path]:
    return sorted(folder for folder in root.iterdir() if (folder / "__init__.py").exists())


def said_in(room: Path) -> set[Message]:
    """Every message in the room's code and templates; tests and migrations say nothing to users."""
    said: set[Message] = set()
    for file in sorted(room.rglob("*")):
        if {"tests", "migrations", "static", "locale"} & set(file.relative_to(room).parts):
            continue
        if file.suffix == ".py":
            said |= set(_in_code(file.read_text(encoding="utf-8")))
        elif file.suffix in {".html", ".txt", ".svg", ".xml"} and "templates" in file.parts:
            said |= set(_in_template(file))
    return said


def _in_code(code: str) -> Iterator[Message]:
    """Read as Python reads it: also within f-strings, where readers of tokens find nothing."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in KEYWORDS:
                yield from _message(*(_said(node.args, place) for place in KEYWORDS[name]))


def _said(arguments: list[ast.expr], place: int | None) -> str:
    argument = arguments[place] if place is not None and place < len(arguments) else None
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def _in_template(file: Path) -> Iterator[Message]:
    """Django turns a template into something like code, which only Babel's reader of tokens can read."""
    from babel.messages.extract import extract
    from django.utils.translation.template import templatize

    whole = templatize(file.read_text(encoding="utf-8"), origin=str(file))
    code = "\n".join(line.lstrip() for line in whole.splitlines())  # how a page is indented means nothing here
    keywords = {
        name: tuple((place + 1, "c") if place is context else place + 1 for place in places if place is not None)
        for name, places in KEYWORDS.items()
        for context in places[:1]
    }
    for _line, found, _comments, context in extract("python", io.BytesIO(code.encode()), keywords=keywords):
        one, many = found if isinstance(found, tuple) else (found, "")
        yield from _message(context or "", one, many)


def _message(context: str, danish: str, plural: str) -> Iterator[Message]:
    if danish:
        yield Message(danish, plural, context)


def update(room: Path) -> str:
    """Bring the room's catalogue to what the room says; translations are kept. Gives a line for people, or ""."""
    import polib

    said, file = said_in(room), room / CATALOGUE
    if not said and not file.exists():
        return ""
    old = {_key(entry): entry for entry in (polib.pofile(str(file)) if file.exists() else [])}
    new = polib.POFile(wrapwidth=110)
    new.metadata = HEADER
    for message in sorted(said):
        kept = old.get(message)
        entry = polib.POEntry(msgid=message.danish, msgid_plural=message.plural, msgctxt=message.context or None)
        if message.plural:
            entry.msgstr_plural = dict(kept.msgstr_plural) if kept else {0: "", 1: ""}
        else:
            entry.msgstr = kept.msgstr if kept else ""
        entry.flags = _flags(message)
        new.append(entry)
    file.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(file))
    untranslated = len([entry for entry in new if not entry.translated()])
    return f"{room.name}: {len(new)} messages, {len(said - set(old))} new, {untranslated} without English"


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def _flags(message: Message) -> list[str]:
    return ["python-format"] if re.search(r"%(\(\w+\))?[sdif]", message.danish + message.plural) else []


def problems(room: Path) -> list[str]:
    """What is wrong with the room's English, one line each; none when it is complete."""
    import polib

    said, file = said_in(room), room / CATALOGUE
    entries = list(polib.pofile(str(file))) if file.exists() else []
    known = {_key(entry) for entry in entries}
    found = [f"not in the catalogue: {message.danish!r}" for message in sorted(said - known)]
    found += [f"no longer said: {message.danish!r}" for message in sorted(known - said)]
    for entry in entries:
        found += [f"{what}: {entry.msgid!r}" for what in _unfit(entry)]
    return [f"{room.name}: {line}" for line in found]


def _unfit(entry: polib.POEntry) -> Iterator[str]:
    if entry.fuzzy:
        yield "fuzzy"
    if not entry.translated():
        yield "no English"
        return
    danish = [entry.msgid, entry.msgid_plural or entry.msgid]
    english = [entry.msgstr_plural[0], entry.msgstr_plural[1]] if entry.msgid_plural else [entry.msgstr] * 2
    for one, other in zip(danish, english, strict=True):
        if _placeholders(one) != _placeholders(other):
            yield f"other placeholders in {other!r}"
            return
    if entry.msgid.endswith("\n") != english[0].endswith("\n"):
        yield "one of the two ends with a new line"


def _placeholders(text: str) -> list[str]:
    """The names to be filled in: %(name)s, %s and {name}."""
    percent = re.findall(r"%(?:\(\w+\))?[sdif]", text)
    try:
        braces = ["{" + name + "}" for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        braces = []
    return sorted(percent + braces)


def compile_all(root: Path = ROOMS) -> int:
    """Write the .mo beside every catalogue that is newer; gives the number of catalogues."""
    import polib

    files = sorted(root.glob("*/locale/*/LC_MESSAGES/*.po"))
    for file in files:
        made = file.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < file.stat().st_mtime:
            polib.pofile(str(file)).save_as_mofile(str(made))
    return len(files)


def main(arguments: list[str]) -> int:
    what, *names = arguments or [""]
    chosen = [room for room in rooms() if not names or room.name in names]
    if what == "update":
        print("\n".join(line for line in map(update, chosen) if line))
    elif what == "check":
        wrong = [line for room in chosen for line in problems(room)]
        if wrong:
            print("\n".join(wrong))
            print(f"{len(wrong)} to mend: run `python -m hovedindgang.site.messages update`, then write the English.")
            return 1
    elif what == "compile":
        compile_all()
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
