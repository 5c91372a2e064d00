"""What the employee's page weighs when it is opened for the first time, as a browser would fetch it."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from benchmarks.ground import SMALL, Ground
from benchmarks.lines import Line
from benchmarks.pages import browser_of, signed_in
from benchmarks.web import Browser

PAGE = "/skranke/"
ACCEPT = "br, gzip"
_IN_HTML = re.compile(r"""<(?:link|script|img|source)\b[^>]*?\b(?:href|src)=["']([^"']+)["']""")
_REL = re.compile(r"""<link\b[^>]*?\brel=["'](?:canonical|alternate|next|prev|help)["'][^>]*>""")
_IN_CSS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")


def measure(ground: Ground) -> list[Line]:
    ground.filled(SMALL)
    with ground.served(settings="hovedindgang.site.settings") as server, signed_in(server.port, "anna") as browser:
        weights = first_load(browser, PAGE)
    heaviest = sorted(weights.items(), key=lambda pair: -pair[1])
    return [
        Line(
            name="the desk, first load, compressed, fonts included",
            measure="desk",
            product=sum(weights.values()) / 1000,
            unit="KB",
            goal=150,
            goal_is="product",
            beside={_plain(path): f"{size / 1000:.1f}" for path, size in heaviest},
        ),
        Line(
            name="the desk, queries",
            measure="desk",
            product=_queries(),
            unit="queries",
            goal=6,
            goal_is="product",
        ),
    ]


def first_load(browser: Browser, page: str) -> dict[str, int]:
    """Address → bytes sent, of the page and of everything that it and its style sheets name, pictures too.

    A browser fetches only those fonts and pictures that it shows; here all that are named count.
    """
    weights: dict[str, int] = {}
    waiting = [page]
    while waiting:
        path = waiting.pop()
        if path in weights or path.startswith(("data:", "#")):
            continue
        answer = browser.get(path, **{"Accept-Encoding": ACCEPT})
        if answer.status != 200:
            raise RuntimeError(f"{path} answers {answer.status}")
        weights[path] = answer.sent_bytes
        kind = answer.headers.get("content-type", "")
        text = answer.body.decode(errors="replace") if kind.startswith("text/") else ""
        named = (
            _IN_HTML.findall(_REL.sub("", text)) if "html" in kind else _IN_CSS.findall(text) if "css" in kind else []
        )
        waiting += [urljoin(path, address) for address in named if not address.startswith(("data:", "#"))]
    return weights


def _plain(path: str) -> str:
    """The address without the hash in its name, and without query."""
    return re.sub(r"\.[0-9a-f]{8,}\.", ".", path.split("?")[0]) + ":"


def _queries() -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = browser_of("anna")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(PAGE)
    assert answer.status_code == 200
    return sum(query["sql"] not in {"BEGIN", "COMMIT"} for query in captured.captured_queries)
