"""What a request costs beside a page that does nothing: asked alone, and in a rush of several clients at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from benchmarks.cpu import Cost, Meter, Work, alternate, at_the_pace_of
from benchmarks.ground import Ground
from benchmarks.lines import Line
from benchmarks.web import HELLO, Browser

RUSH = 4  # clients at once
ROUNDS, EACH = 7, 152


@dataclass(frozen=True, slots=True)
class House:
    """The product's own server, its meter, and new connections to it."""

    meter: Meter
    browser: Callable[[], Browser]
    client: Callable[[], Browser]  # of the API


@contextmanager
def served(ground: Ground) -> Iterator[House]:
    with ground.measured_web() as (server, meter), ExitStack() as stack:

        def connected(token: str = "") -> Browser:
            return stack.enter_context(Browser(server.port, token=token))

        yield House(meter, connected, partial(connected, ground.token))


def costs(house: House, asked: Callable[[Browser], None], **others: Callable[[Browser], None]) -> dict[str, Cost]:
    """Of `asked` and of hello, alone and "in a rush"; of hello "as seldom" as `asked`; and of the others alone."""

    def hello(anyone: Browser) -> None:
        assert anyone.get(HELLO).status == 200

    alone, once = partial(hello, house.browser()), partial(asked, house.client())
    works: dict[str, Sequence[Work]] = {
        "hello": [alone],
        "asked": [once],
        **{name: [partial(other, house.client())] for name, other in others.items()},
        "hello as seldom": [at_the_pace_of(once, alone)],
        "hello in a rush": [partial(hello, house.browser()) for _ in range(RUSH)],
        "asked in a rush": [partial(asked, house.client()) for _ in range(RUSH)],
    }
    return alternate(house.meter, works, rounds=ROUNDS, each=EACH)


def beside_hello(
    cost: dict[str, Cost], *, name: str, stored: int, measure: str, goal: float, beside: dict[str, object]
) -> list[Line]:
    """Two lines of `costs`: asked alone, with `beside`; and in a rush, beside as many hellos."""
    seldom = {"a hello after as long a pause, ms CPU:": round(cost["hello as seldom"].cpu_ms, 2)}

    def line(called: str, asked: Cost, hello: Cost, **more: object) -> Line:
        return Line(
            name=called,
            measure=measure,
            product=asked.cpu_ms,
            baseline=hello.cpu_ms,
            unit="ms CPU of server and database",
            goal=goal,
            goal_is="ratio",
            beside={
                "stored:": f"{stored:,}",
                "ms until the answer, median:": round(asked.wall_ms, 2),
                "p95:": round(asked.wall_p95_ms, 2),
                "server and database:": f"{asked.server_ms:.2f} + {asked.database_ms:.2f} ms CPU",
                "hello ms, median:": round(hello.wall_ms, 2),
                **more,
            },
        )

    return [
        line(name, cost["asked"], cost["hello"], **seldom, **beside),
        line(f"{name}, {RUSH} clients at once", cost["asked in a rush"], cost["hello in a rush"]),
    ]
