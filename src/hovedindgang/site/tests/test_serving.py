"""Opening the house and closing it again, as whoever runs it does."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from hovedindgang.site.serving import Children, _end_with_parent

pytestmark = pytest.mark.sqlite  # the processes are the same on both; one opening is enough


@pytest.fixture
def port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def house(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A house of its own, not yet moved into, that is opening; whatever happens, it is closed when the test ends."""
    environment = {**os.environ, "HOVEDINDGANG_HOME": str(tmp_path), "HOVEDINDGANG_DATABASE": ""}
    opened = subprocess.Popen(
        [sys.executable, "-m", "hovedindgang.site.cli", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield opened
    opened.kill()
    opened.communicate()


def said_when_ready(house: subprocess.Popen[str]) -> str:
    assert house.stdout is not None
    return house.stdout.readline()


def test_the_house_says_where_it_is_open_holds_its_address_and_closes_when_told(
    house: subprocess.Popen[str], port: int
) -> None:
    assert f"http://127.0.0.1:{port}/" in said_when_ready(house)
    asked = http.client.HTTPConnection("127.0.0.1", port)
    asked.request("GET", "/static/vendor/htmx.js")
    assert asked.getresponse().status == 200
    asked.close()
    second = subprocess.run(
        [sys.executable, "-m", "hovedindgang.site.cli", "serve", "--port", str(port)],
        env={**os.environ, "HOVEDINDGANG_LANGUAGE": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert f"Port {port} is taken. Choose another" in second.stderr
    begun = psutil.Process(house.pid).children(recursive=True)
    house.send_signal(signal.SIGTERM)
    assert house.wait(timeout=60) == 0
    assert psutil.wait_procs(begun, timeout=10)[1] == []


@pytest.fixture
def signals() -> Iterator[None]:
    """What this process does at each signal, put back afterwards."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(("begun_with", "ends"), [(signal.SIG_IGN, False), (signal.SIG_DFL, True)])
def test_a_house_begun_with_nohup_stays_open_when_its_terminal_goes(
    signals: None, begun_with: signal.Handlers, ends: bool
) -> None:
    signal.signal(signal.SIGHUP, begun_with)
    children = Children()
    children.start("web", [sys.executable, "-c", "import signal; signal.pause()"])
    try:
        os.kill(os.getpid(), signal.SIGHUP)
        assert children.alive("web") is not ends
    finally:
        children.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent was killed")
def test_nothing_is_left_running_when_the_parent_is_killed(house: subprocess.Popen[str]) -> None:
    said_when_ready(house)
    begun = psutil.Process(house.pid).children(recursive=True)
    assert begun
    house.kill()
    house.wait()
    assert psutil.wait_procs(begun, timeout=20)[1] == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
@pytest.mark.parametrize(
    ("parent", "works"), [(os.getpid, True), (os.getppid, False)], ids=["alive", "killed just now"]
)
def test_a_child_whose_parent_was_killed_before_it_could_ask_to_be_told_does_not_begin(parent, works: bool) -> None:
    asked = [sys.executable, "-c", "print('works')"]
    with subprocess.Popen(
        asked, stdout=subprocess.PIPE, text=True, preexec_fn=partial(_end_with_parent, parent())
    ) as child:
        said = child.communicate()[0]
    assert (said == "works\n", child.returncode == 0) == (works, works)
