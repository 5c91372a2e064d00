"""What is wrong in one line that is not TOML: dates, numbers, texts and keys as people write them, and as is right."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from hovedindgang.servicemodel.labels import field_called, month_number
from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.saying import as_key, shown

Told = tuple[str, str]  # what is wrong, what would be right

_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"' + r"|'[^'\n]*'")
_COMMENT = re.compile(r"#.*")
_END = r"(?=\s*(?:$|[,}\]]))"
# No two neighbours of a pattern can take the same sign: a line of spaces would be divided in every way there is.
_HEADING = re.compile(r"\s*(\[{1,2})([^\[\]]*+)(\]*+)\s*$")
_KEY = re.compile(r"(?:^|[{,])([^={}\[\],]+)=")
_BARE = re.compile(r"[A-Za-z0-9_.\"' \t-]+")


def line_told(line: str) -> Told:
    """What is wrong in `line`, in the most telling words there are for it."""
    if _HEADING.match(_code(line)):
        return heading_told(line) or _last_word(line)
    return value_told(line) or key_told(line) or _last_word(line)


def value_told(line: str) -> Told | None:
    """A value that is written as people write it, and not as TOML has it; None where nothing is recognised."""
    code = _code(line)
    for pattern, tell in _VALUES:
        for match in pattern.finditer(code):
            told = tell(match)
            if told:
                return told
    return None


def heading_told(line: str) -> Told | None:
    """A heading that is not closed, or whose key cannot be one."""
    match = _HEADING.match(_COMMENT.sub("", line))
    if not match:
        return None
    opens, inside, closes = match.groups()
    if not _BARE.fullmatch(inside) or re.search(r"[\w]\s+[\w]", _STRING.sub("", inside)):
        return _not_a_key(inside.strip().split(".")[-1].strip())
    if len(closes) != len(opens):
        wrong = _("Overskriften slutter ikke med lige så mange parenteser, som den begynder med.")
        return wrong, _("Skriv {heading}.").format(heading=f"{opens}{inside.strip()}{']' * len(opens)}")
    return None


def key_told(line: str) -> Told | None:
    """A name before an equals sign that cannot be one."""
    for match in _KEY.finditer(_code(line)):
        name = match[1].strip()
        if name.endswith(":"):
            return None
        if not re.fullmatch(r"[A-Za-z0-9_.-]+|\"\"", name.replace(" ", "_" if "." in name else " ")):
            return _not_a_key(name)
    return None


def _not_a_key(name: str) -> Told:
    wrong = _("{key} kan ikke være en nøgle.").format(key=shown(name))
    meant = field_called(name)
    if meant:
        return wrong, _('Mente du "{word}"?').format(word=meant)
    right = _('Brug små bogstaver a-z, tal, - og _, og begynd med et bogstav eller tal, fx "{example}".')
    return wrong, right.format(example=as_key(name))


def _last_word(line: str) -> Told:
    code = _code(line)
    colon = re.match(r"\s*([\w-]+)\s*:", code)
    if colon:
        return _("Efter {name} står et kolon.").format(name=colon[1]), _("Skriv {name} = og værdien.").format(
            name=colon[1]
        )
    value = re.match(r"\s*[\w.-]+\s*=\s*(\S+)\s*(\S*)", code)
    if value and value[2]:
        return _("Der står mere end én værdi på linjen."), _("Skriv kun én ting på hver linje.")
    if value:
        wrong = _("{value} kan ikke stå her.").format(value=value[1][:40])
        return wrong, _("Skriv tekst i anførselstegn og tal uden; datoer som 2007-01-01.")
    if _HEADING.match(code):
        wrong = _("Overskriften kan ikke stå her: navnet er brugt til noget andet.")
        return wrong, _("Giv den ene en anden nøgle, eller slet den.")
    if re.match(r'\s*[\w.-]+(\s|"|$)', code):
        return _("Der mangler et lighedstegn."), _("Skriv et lighedstegn mellem navn og værdi.")
    wrong = _("Linjen er hverken en overskrift, et navn med en værdi eller en bemærkning.")
    return wrong, _("Skriv navn = værdi, eller en overskrift i kantede parenteser; bemærkninger begynder med #.")


def _code(line: str) -> str:
    """The line with its texts emptied and without its comment: what stands in them is nobody's mistake."""
    return _COMMENT.sub("", _STRING.sub('""', line))


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _date(written: str, year: str, month: str, day: str) -> Told | None:
    found = _day(year, month, day)
    if found is None:
        return _("{value} er ikke en dag i kalenderen.").format(value=written), _("Ret måneden eller dagen.")
    if found.isoformat() == written:
        return None
    wrong = _("{value} er ikke skrevet som en dato.").format(value=written)
    return wrong, _("Skriv år-måned-dag: {day}.").format(day=found.isoformat())


def _worded_date(match: re.Match[str]) -> Told | None:
    month = month_number(match[2])
    return _date(match[0], match[3], str(month), match[1]) if month else None


def _hours(match: re.Match[str]) -> Told:
    wrong = _("{value} står uden anførselstegn.").format(value=match[0])
    parts = (f"{int(hour):02}:{minute}" for hour, minute in re.findall(r"(\d+)[:.](\d\d)", match[0]))
    return wrong, _("Skriv {value}.").format(value=f'"{"-".join(parts)}"')


def _unit(match: re.Match[str]) -> Told:
    wrong = _("Efter tallet {number} står {unit}.").format(number=match[1], unit=match[2].strip())
    return wrong, _("Skriv tallet alene: {number}.").format(number=match[1].replace(",", "."))


def _comma(match: re.Match[str]) -> Told:
    wrong = _("{number} er skrevet med komma.").format(number=match[1])
    return wrong, _("Skriv punktum i stedet for komma: {number}.").format(number=match[1].replace(",", "."))


def _thousands(match: re.Match[str]) -> Told:
    wrong = _("{number} er delt op.").format(number=match[1])
    return wrong, _("Skriv tallet i ét: {number}.").format(number=re.sub(r"[. ]", "", match[1]))


def _leading_zero(match: re.Match[str]) -> Told:
    wrong = _("{number} begynder med 0.").format(number=match[1])
    right = _('Skriv {number}; er det et nummer og ikke et antal, så sæt anførselstegn om: "{text}".')
    return wrong, right.format(number=match[1].lstrip("0") or "0", text=match[1])


def _yes_or_no(match: re.Match[str]) -> Told:
    yes = match[1].lower() in ("true", "ja", "sand", "yes")
    wrong = _("{value} kan ikke stå her.").format(value=match[1])
    return wrong, _("Skriv {value}.").format(value="true" if yes else "false")


def _curly(match: re.Match[str]) -> Told:
    wrong = _("Teksten begynder med {sign} og ikke med et lige anførselstegn.").format(sign=match[1])
    return wrong, _('Skriv " før og efter teksten.')


def _nothing(match: re.Match[str]) -> Told:
    return _("Der står intet efter lighedstegnet."), _("Skriv en værdi, eller slet linjen.")


def _bare_text(match: re.Match[str]) -> Told | None:
    text = match[1].strip()
    if text in ("true", "false", "inf", "nan"):
        return None
    wrong = _("{value} står uden anførselstegn.").format(value=text[:40])
    return wrong, _("Skriv {value}.").format(value=f'"{text[:40]}"')


def _quotes_inside(match: re.Match[str]) -> Told:
    wrong = _("Der står anførselstegn inde i teksten.")
    return wrong, _('Skriv dem som » og «, eller sæt en omvendt skråstreg foran: \\".')


def _remark(match: re.Match[str]) -> Told:
    wrong = _("{sign} har ingen plads her.").format(sign=match[1])
    return wrong, _("Slet det; bemærkninger begynder med #.")


_VALUES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Told | None]], ...] = (
    (re.compile(r"\b(\d{1,2})[-./](\d{1,2})[-./](\d{4})\b"), lambda m: _date(m[0], m[3], m[2], m[1])),
    (re.compile(r"\b(\d{4})[-./](\d{1,2})[-./](\d{1,2})\b"), lambda m: _date(m[0], m[1], m[2], m[3])),
    (re.compile(r"\b(\d{1,2})\.? ([^\W\d_]+) (\d{4})\b"), _worded_date),
    (re.compile(r"(?<![\w:.-])\d{1,2}[:.]\d\d\s*[-–]\s*\d{1,2}[:.]\d\d(?![\w:.-])"), _hours),
    (re.compile(r"(?<![\w:.-])\d{1,2}:\d\d(?![\w:.-])"), _hours),
    (re.compile(r"=\s*(\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?: \d{3})+)" + _END), _thousands),
    (re.compile(r"=\s*([+-]?\d+(?:[.,]\d+)?)(\s*%|\s+[^\W\d_]+\.?)" + _END), _unit),
    (re.compile(r"=\s*([+-]?\d+,\d+)" + _END), _comma),
    (re.compile(r"=\s*(0\d+)" + _END), _leading_zero),
    (re.compile(r"=\s*(True|TRUE|False|FALSE|[Jj]a|[Nn]ej|[Ss]and|[Ff]alsk|yes|no)" + _END), _yes_or_no),
    (re.compile(r"[=\[,]\s*([“”„«»‘’])"), _curly),
    (re.compile(r"=\s*(?=$|[,}])"), _nothing),
    (re.compile(r"=\s*(?:\"\"|[\w.-]+)\s*(;|//|/\*)"), _remark),
    (re.compile(r"=\s*([^\W\d_][^\"',}\]#]*?)" + _END), _bare_text),
    (re.compile(r"[\[,]\s*([^\W\d_][\w-]*)(?=\s*[,\]])"), _bare_text),
    (re.compile(r"[=\[,]\s*\"\"\s*[^\s,}\]#=.\"]"), _quotes_inside),
)
