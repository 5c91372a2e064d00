"""What is wrong with a text that is not TOML, told by what stands in the line and not by what a parser expected.

tomllib says where it stopped; that is where the author looks, unless a quotation mark or a bracket was left open
further up. Then that line is told, since nothing is wrong in the one where the text ran out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.problems import Problem, visible
from hovedindgang.servicemodel.syntax_lines import Told, key_told, line_told, value_told

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TOKEN = re.compile(
    r"#[^\n]*"
    r'|"""(?:[^\\]|\\.)*?"""(?!")"{0,2}' + r"|'''.*?'''(?!')'{0,2}"
    r'|"{3}|"(?:[^"\\\n]|\\.)*"' + r"|'{3}|'[^'\n]*'"
    r"""|["'\[\]{}]|[^#"'\[\]{}]+""",
    re.DOTALL,
)
_NEXT_STATEMENT = re.compile(r"\s*(?:[\w.-]+[ \t]*=|\[\[?[\w. \"'-]+\]\]?[ \t]*(?:#.*)?(?:\n|$)|$)")
_MANY_DIGITS = re.compile(r"[0-9]{1000}")
MOST_BRACKETS = 50
LONGEST_LINE = 1000  # of a longer one only this much around the place is looked at


@dataclass(slots=True)
class _Before:
    """What is open at a place in a text, each with its offset, and the last text of several lines before it."""

    brackets: list[tuple[str, int]] = field(default_factory=list)
    quote: tuple[str, int] | None = None  # a text that never ends, or that the place lies in
    long_text: tuple[int, int] = (0, 0)
    deepest: int = 0  # offset where the brackets become too many to be meant


def syntax_problem(error: Exception, text: str, file: str) -> Problem:
    """The problem that tomllib's `error` about `text` stands for."""
    at = _offset(error, text)
    before = _before(text, at)
    line, (wrong, right) = (
        _without_place(error, text, before)
        or _quoted(text, at, before)
        or _bracketed(text, at, before)
        or _said(text, at)
    )
    return Problem(file, line, "", wrong, right)


def _offset(error: Exception, text: str) -> int:
    match = _AT.search(str(error))
    if not match or not match[1]:
        return len(text)
    starts = [0, *(newline.end() for newline in re.finditer("\n", text))]
    return min(starts[int(match[1]) - 1] + int(match[2]) - 1, len(text))


def _before(text: str, at: int) -> _Before:
    found = _Before()
    for token in _TOKEN.finditer(text):
        if token.start() >= at:
            break
        said = token[0]
        if said[0] in "\"'":
            ends = len(said) > 1 and said not in ('"""', "'''")
            if not ends or token.end() > at:
                found.quote = (said[:3] if said[:3] in ('"""', "'''") else said[0], token.start())
                break
            if "\n" in said:
                found.long_text = (token.start(), token.end())
        elif said in "[{":
            found.brackets.append((said, token.start()))
            if len(found.brackets) == MOST_BRACKETS and not found.deepest:
                found.deepest = token.start()
        elif said in "]}" and found.brackets:
            found.brackets.pop()
    return found


def _without_place(error: Exception, text: str, before: _Before) -> tuple[int, Told] | None:
    """What Python itself refuses, without saying where."""
    if isinstance(error, RecursionError):
        told = _("Her er for mange parenteser inde i hinanden."), _("Giv det, der står inderst, sin egen overskrift.")
        return _line(text, before.deepest), told
    digits = _MANY_DIGITS.search(text)
    if digits and not _AT.search(str(error)):
        return _line(text, digits.start()), (_("Tallet er for stort."), _("Se efter, om der er for mange cifre."))
    return None


def _quoted(text: str, at: int, before: _Before) -> tuple[int, Told] | None:
    """A text that does not end, ends too late, or holds what it may not hold."""
    begins, ends = before.long_text
    if begins and _line(text, ends) == _line(text, at) and "\n" not in text[ends:at]:
        told = _("Teksten begynder her med {sign} og slutter først i linje {line}.")
        wrong = told.format(sign=text[begins : begins + 3], line=_line(text, ends))
        return _line(text, begins), (
            wrong,
            _("Skriv {sign}, hvor den skal slutte.").format(sign=text[begins : begins + 3]),
        )
    if before.quote is None:
        return None
    sign, begins = before.quote
    if "\\" in text[max(begins, at - 3) : at + 1]:
        wrong = _("I teksten står en omvendt skråstreg.")
        return _line(text, at), (wrong, _("Skriv to af dem, \\\\, eller sæt ' om teksten i stedet for \"."))
    if at < len(text) and text[at] != "\n" and visible(text[at]) != text[at]:
        wrong = _("I teksten står et tegn, der ikke kan ses: {value}.").format(value=visible(text[at]))
        return _line(text, at), (wrong, _("Skriv teksten igen uden det."))
    wrong = _("Teksten begynder her med {sign} og slutter ikke.").format(sign=sign)
    return _line(text, begins), (wrong, _("Skriv {sign}, hvor den skal slutte.").format(sign=sign))


def _bracketed(text: str, at: int, before: _Before) -> tuple[int, Told] | None:
    """A list or a table that is not closed, or whose members do not have a comma between them."""
    # After an open list a heading is read as one more list inside it; no list of a model has a list inside.
    brackets = [(sign, begins) for sign, begins in before.brackets if not _is_heading(text, begins)]
    if not brackets:
        return None
    sign, begins = brackets[-1]
    line = text[text.rfind("\n", 0, at) + 1 : at]
    ends = at >= len(text) or (not line.strip() and _NEXT_STATEMENT.match(text, at))
    if sign == "[" and (ends or len(brackets) < len(before.brackets)):
        return _line(text, begins), (_("Listen, der begynder her, slutter ikke."), _("Skriv ] efter det sidste led."))
    if sign == "{" and (at >= len(text) or "\n" in text[begins : at + 1]):
        wrong = _("Tabellen, der begynder her med {sign}, slutter ikke på samme linje.").format(sign="{")
        return _line(text, begins), (wrong, _("Skriv hele tabellen på én linje, og slut med {sign}.").format(sign="}"))
    told = value_told(_whole_line(text, at))
    if told:
        return _line(text, at), told
    if text.startswith("}", at) and line.rstrip().endswith(","):
        return _line(text, at), (_("Efter tabellens sidste led står et komma."), _("Slet kommaet."))
    if (
        re.match(r"[\"'0-9\w]", text[at : at + 1])
        and not line.rstrip().endswith((",", sign))
        and not _bad_key(text, at)
    ):
        return _line(text, at), (_("Mellem to led mangler et komma."), _("Skriv komma mellem leddene."))
    return None


def _is_heading(text: str, begins: int) -> bool:
    """Whether the bracket at `begins` opens a heading and no list."""
    return not text[text.rfind("\n", 0, begins) + 1 : begins].strip(" \t[")


def _bad_key(text: str, at: int) -> bool:
    return key_told(_whole_line(text, at)) is not None


def _said(text: str, at: int) -> tuple[int, Told]:
    at = min(at, len(text.rstrip()))
    return _line(text, at), line_told(_whole_line(text, at))


def _whole_line(text: str, at: int) -> str:
    begins = max(text.rfind("\n", 0, at) + 1, at - LONGEST_LINE)
    return text[begins : begins + 2 * LONGEST_LINE].split("\n")[0]


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
