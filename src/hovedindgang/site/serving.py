"""The processes of a running house: the web server, and the worker that tells listeners and runs the regular jobs.

The parent only watches. It ends its children when it ends, starts a worker that died anew, and gives up when the
web server dies: whoever watches over us (systemd, a container) then starts all of it afresh.
"""

from __future__ import annotations

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from types import FrameType

from django.conf import settings

from hovedindgang.site.language import gettext
from hovedindgang.site.setup import django_ready

SECONDS_TO_START = 30
PAUSE_SECONDS = 2.0  # before a worker that died is started again
SECONDS_TO_STOP = 20


class CannotServe(Exception):
    """The house cannot be opened; `cure` says what to do."""

    def __init__(self, cause: str, cure: str) -> None:
        super().__init__(cause)
        self.cure = cure


def serve(*, host: str, port: int, ready: Callable[[str], None]) -> int:
    """Serve until told to stop; calls ``ready`` with the address once a page is answered.

    Gives 0 when told to stop, 1 when the web server died. Raises CannotServe.
    """
    if not _is_free(host, port):
        raise CannotServe(
            gettext("Port {port} er optaget").format(port=port),
            gettext("Vælg en anden: --port 8123, eller luk den, der har den."),
        )
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        _collect_static()
    children = Children()
    try:
        children.start("web", web_command(host, port))
        if not _answers(host, port, children):
            raise CannotServe(gettext("Webserveren svarer ikke"), gettext("Se, hvad den skrev her ovenfor."))
        children.start("worker", [sys.executable, "-m", "hovedindgang.site.cli", "worker"])  # the pages come first
        ready(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        return children.watch()
    finally:
        children.stop()


def _collect_static() -> None:
    """The parent only watches, and reads no more than settings so that pages come soon; this once it needs all."""
    django_ready()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def web_command(host: str, port: int) -> list[str]:
    """gunicorn with threads. SQLite has one writer, and one process for it."""
    processes = settings.WEB_PROCESSES if settings.DATABASES["default"]["ENGINE"].endswith("postgresql") else 1
    return [
        *(sys.executable, "-m", "gunicorn", "hovedindgang.site.wsgi:application"),
        *("--bind", f"[{host}]:{port}" if ":" in host else f"{host}:{port}"),
        *("--workers", str(processes), "--threads", str(settings.WEB_THREADS), "--worker-class", "gthread"),
        *("--log-level", "warning", "--graceful-timeout", str(SECONDS_TO_STOP // 2), "--timeout", "60"),
    ]


class Children:
    """The processes we started, by name."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._commands: dict[str, list[str]] = {}
        self._stopping = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._told_to_stop)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup: the terminal goes, and we stay
            signal.signal(signal.SIGHUP, self._told_to_stop)

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def start(self, name: str, command: list[str]) -> None:
        self._commands[name] = command
        # A session of its own: Ctrl-C reaches us alone, and we end the children in order.
        self._running[name] = subprocess.Popen(
            command, start_new_session=True, preexec_fn=partial(_end_with_parent, os.getpid())
        )

    def alive(self, name: str) -> bool:
        return not self._stopping and self._running[name].poll() is None

    def watch(self) -> int:
        """Until told to stop (0), or until the web server dies (1)."""
        while not self._stopping:
            if not self.alive("web"):
                return 0 if self._stopping else 1
            if not self.alive("worker") and not self._stopping:
                time.sleep(PAUSE_SECONDS)
                self.start("worker", self._commands["worker"])
            time.sleep(0.2)
        return 0

    def stop(self) -> None:
        """End the web server first, so that nothing new comes in, then the worker; what does not end is killed."""
        for child in self._running.values():
            if child.poll() is None:
                child.terminate()
            try:
                child.wait(timeout=SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _end_with_parent(parent: int) -> None:
    """On Linux: when the parent is killed outright, its children are asked to end; also where it was just killed."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
        if os.getppid() != parent:  # it died before it could be asked to tell
            os._exit(1)


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            return False
    return True


def _answers(host: str, port: int, children: Children) -> bool:
    """Wait for the first page; False when the web server died, or took too long."""
    give_up_at = time.monotonic() + SECONDS_TO_START
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked for by whoever serves to all  # nosec B104
    while children.alive("web") and time.monotonic() < give_up_at:
        asked = http.client.HTTPConnection(here, port, timeout=SECONDS_TO_START)
        try:
            asked.request("GET", "/", headers={"Host": (settings.ALLOWED_HOSTS or ["localhost"])[0]})
            asked.getresponse().read()
            return True
        except OSError:
            time.sleep(0.05)
        finally:
            asked.close()
    return False
