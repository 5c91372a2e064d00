"""What is borrowed is cut to what pages use, and never weighs more than is promised."""

from __future__ import annotations

import io
import re

import pytest
from fontTools.ttLib import TTFont

from hovedindgang.look import build

STYLE = (
    "/*! a word */@font-face{font-family:X;src:url(x.woff)}a,.toast a{color:red}.toast{top:0}"
    "@media(min-width:1px){.button:not(.toast,.x),.toast{top:0}}@media print{.toast{top:1px}}"
    "@keyframes turn{to{top:0}}"
)


def test_parts_that_no_page_uses_are_left_out_wherever_they_are_named() -> None:
    kept = build.without(STYLE, re.compile("toast"))
    assert kept == "a{color:red}@keyframes turn{to{top:0}}"


def test_a_list_within_a_selector_stays_whole() -> None:
    kept = build.without(STYLE, re.compile("nothing"))
    assert "@media(min-width:1px){.button:not(.toast,.x),.toast{top:0}}" in kept
    assert "@font-face" not in kept


def test_the_font_knows_danish_english_and_nothing_else() -> None:
    with TTFont(io.BytesIO(build.cut_font("Regular"))) as font:
        known, licence = set(font.getBestCmap()), str(font["name"].getDebugName(13))
    assert set(map(ord, "æøåÆØÅéüß§½–—’”→−€0123456789")) <= known
    assert not known & set(map(ord, "Яλ"))
    assert "Open Font License" in licence


def test_a_file_heavier_than_promised_stops_the_building() -> None:
    build._check({"dkfds.css": build.LARGEST_STYLE, "fonts/x.woff2": build.LARGEST_FONT})
    with pytest.raises(build.TooLarge, match=r"x\.woff2"):
        build._check({"fonts/x.woff2": build.LARGEST_FONT + 1})


def test_what_is_built_is_what_pages_are_promised() -> None:
    sizes = {file.name: build._fetched(file) for file in build.VENDOR.rglob("*.*")}
    assert sizes["dkfds.css"] <= build.LARGEST_STYLE
    assert sizes["plex-regular.woff2"] <= build.LARGEST_FONT
    assert sizes["plex-semibold.woff2"] <= build.LARGEST_FONT
    style = (build.VENDOR / "dkfds.css").read_text(encoding="utf-8")
    assert all((build.VENDOR / named).exists() for named in re.findall(r"url\(([^)]+)\)", style))
