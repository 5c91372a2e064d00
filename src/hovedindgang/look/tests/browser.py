"""What tests in a browser look for on every page: a promise of accessibility kept, nothing out of sight."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path
from typing import Any

# The first draws no window, and the journeys take half as long in it.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("HOVEDINDGANG_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
AXE = Path(__file__).resolve().parents[4] / "node_modules/axe-core/axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def violations(page: Any, rules: tuple[str, ...] = RULES) -> list[tuple[str, str]]:
    """Each rule of axe that is broken, with the element that breaks it."""
    page.evaluate(_axe())
    return [
        (rule, html)
        for rule, html in page.evaluate(
            """async rules => {
                // Of what is well axe need not tell where it stands.
                const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]})
                return found.violations.flatMap(one => one.nodes.map(node => [one.id, node.html.slice(0, 200)]))
            }""",
            list(rules),
        )
    ]


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def runs_out_of(page: Any) -> list[str]:
    """What makes the page wider than its window; empty when one never has to scroll sideways to read."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => {
            const wide = document.documentElement.clientWidth
            if (document.documentElement.scrollWidth <= wide) return []
            const found = [...document.querySelectorAll("main *, header *, footer *")]
                .filter(e => e.getBoundingClientRect().right > wide + 1 && !e.closest(".table-scroll, .house-nav"))
                .map(e => e.outerHTML.slice(0, 120)).slice(0, 4)
            return found.length ? found : ["the page itself"]
        }"""
    )
