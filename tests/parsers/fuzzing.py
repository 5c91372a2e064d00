"""Throw anything at a parser, raw or an example that some hand has spoiled: no crash, no hang, no explosion."""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from parsers.parsers import Parser

LONGEST_SECONDS = 1.0  # of CPU, for one input of at most `Parser.longest`
GROWS_AT_MOST = 3.0  # twice the input, so many times the CPU
WORTH_MEASURING = 0.02  # seconds: below it the clock says more of the machine than of the parser
EVERY = 400  # examples of one batch
ODD = (
    *("\0", "\n", "\r\n", '"', "'", ";", ",", "\t", "-", "–", "\u2212", "\u00a0", "\ufeff", "\u202e", "\ud800"),
    *("٣", "３", "²", "Ⅷ", "é", "ø", "İ", "ß", "\U0001f600", "0" * 30, "9" * 30, "9" * 5000, "-1", "1e999", "nan"),
    *("%s", "%Y", "{0}", "[[", "]]", '"""', "'''", "\\", "\\x", "= = =", "#", "24:00", "31.02.", ".0000000001", "@"),
)


class Hang(BaseException):
    """It took longer than a second of CPU. No parser's own `except Exception` catches it."""


@dataclass
class Found:
    """What came of it: how many inputs, the longest time, and what is wrong, each kind once."""

    inputs: int = 0
    longest: float = 0.0
    faults: dict[str, str] = field(default_factory=dict)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises Hang from within when the CPU time is spent.

    No garbage is collected meanwhile: what the whole suite has left behind is not the parser's to pay for, and a Hang
    that is raised within a collector's own callback is lost.
    """

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise Hang

    was, collects = signal.signal(signal.SIGVTALRM, ring), gc.isenabled()
    gc.disable()
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, was)
        if collects:
            gc.enable()


def tried(parser: Parser, given_to_it: str | bytes) -> tuple[float, str]:
    """Seconds of CPU, and what is wrong: "" for nothing."""
    began = time.process_time()
    try:
        with at_most(LONGEST_SECONDS):
            parser.read(given_to_it)
    except parser.refusals:
        pass
    except Hang:
        return LONGEST_SECONDS, "hangs"
    except Exception as error:
        last = error.__traceback__
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        where = f" in {last.tb_frame.f_code.co_name}" if last else ""
        return time.process_time() - began, f"{type(error).__name__}{where}: {str(error)[:80]}"
    return time.process_time() - began, ""


# ------------------------------------------------------------------------------------------------------------ inputs


def spoiled(parser: Parser) -> st.SearchStrategy[str | bytes]:
    """Raw, or an example with pieces taken out, doubled, moved, and put in."""
    odd: tuple[str | bytes, ...] = ODD
    raw: st.SearchStrategy[str | bytes] = st.text(st.characters(), max_size=200)
    if parser.of_bytes:
        odd = (*(one.encode("utf-8", "surrogatepass") for one in ODD), b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b")
        raw = st.binary(max_size=300)
    piece = st.sampled_from(odd) | raw

    @st.composite
    def one(draw: st.DrawFn) -> str | bytes:
        text = draw(st.sampled_from(parser.examples))
        for _ in range(draw(st.integers(1, 4))):
            text = _changed(draw, text, piece)
        return text[: parser.longest]

    return st.one_of(one(), one(), one(), raw)


def _changed(draw: st.DrawFn, text: str | bytes, piece: st.SearchStrategy[str | bytes]) -> str | bytes:
    begin = draw(st.integers(0, len(text)))
    end = draw(st.integers(begin, min(len(text), begin + draw(st.sampled_from([1, 4, 40])))))
    before, cut, after = text[:begin], text[begin:end], text[end:]
    how = draw(st.sampled_from(["out", "in", "instead", "doubled", "moved", "often"]))
    if how == "out":
        return before + after  # type: ignore[operator]
    if how == "in":
        return before + draw(piece) + cut + after  # type: ignore[operator]
    if how == "instead":
        return before + draw(piece) + after  # type: ignore[operator]
    if how == "moved":
        return after + before + cut  # type: ignore[operator]
    times = 2 if how == "doubled" else draw(st.sampled_from([10, 100, 1000]))
    return before + cut * times + after  # type: ignore[operator]


def long_ones(parser: Parser) -> st.SearchStrategy[tuple[str | bytes, str | bytes, str | bytes]]:
    """A beginning, what is said again and again, and an end."""
    pieces: list[str | bytes] = []
    for example in parser.examples:
        pieces += [
            example,
            *(example[at : at + size] for at in range(0, min(len(example), 60), 7) for size in (1, 3, 9)),
        ]
    known = st.sampled_from([one for one in dict.fromkeys(pieces) if one])
    raw = st.binary(min_size=1, max_size=6) if parser.of_bytes else st.text(min_size=1, max_size=6)
    edge = st.one_of(known, st.just(parser.examples[0][:0]), raw)
    return st.tuples(edge, st.one_of(known, raw), edge)  # type: ignore[return-value]


def growth(parser: Parser, parts: tuple[str | bytes, str | bytes, str | bytes]) -> tuple[float, str]:
    """Seconds for the longest that is promised, and what is wrong with how they grow."""
    begin, again, end = parts

    def of(size: int) -> str | bytes:
        return (begin + again * (size // len(again)))[:size] + end  # type: ignore[operator]

    whole, wrong = tried(parser, of(parser.longest))
    if wrong or whole < WORTH_MEASURING:
        return whole, wrong
    quarter, half, whole = (min(tried(parser, of(parser.longest // part))[0] for _ in range(3)) for part in (4, 2, 1))
    # Both times it is doubled: what is refused at a glance when it is short, and read when it is long, is no growth.
    if quarter and half > GROWS_AT_MOST * quarter and whole > GROWS_AT_MOST * half and whole > WORTH_MEASURING:
        return whole, f"grows {whole / half:.1f} times for twice the input ({half * 1000:.0f} to {whole * 1000:.0f} ms)"
    return whole, ""


# ----------------------------------------------------------------------------------------------------------- the run


def fuzz(parser: Parser, *, seconds: float = 0.0, examples: int = EVERY, first: bool = False) -> Found:
    """Until the time is up (or, without one, so many inputs): what is wrong, each with its shortest input.

    `first`: the first fault is enough.
    """
    found, until, batch = Found(), time.monotonic() + seconds, 0

    def is_over() -> bool:
        return bool((seconds and time.monotonic() > until) or (first and found.faults))

    while batch == 0 or (seconds and not is_over()):
        _one_batch(parser, found, examples, f"{parser.name} {batch}", is_over)
        batch += 1
    return found


def _one_batch(parser: Parser, found: Found, examples: int, name: str, is_over: Callable[[], bool]) -> None:
    plain = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    def note(given_to_it: object, seconds: float, wrong: str) -> None:
        found.inputs += 1
        found.longest = max(found.longest, seconds)
        if wrong:
            told = repr(given_to_it)
            kind = wrong.split(" times")[0].rstrip("0123456789.") if wrong.startswith("grows") else wrong.split(":")[0]
            if len(told) < len(found.faults.get(kind, "x" * 10_000)):
                found.faults[kind] = f"{wrong} for {told[:300]}"

    @seed(name)
    @plain
    @given(spoiled(parser))
    def short(text: str | bytes) -> None:
        if not is_over():
            note(text, *tried(parser, text))

    @seed(name)
    @settings(plain, max_examples=max(2, examples // 40))
    @given(long_ones(parser))
    def long(parts: tuple[str | bytes, str | bytes, str | bytes]) -> None:
        if not is_over():
            note(parts, *growth(parser, parts))

    short()
    long()
