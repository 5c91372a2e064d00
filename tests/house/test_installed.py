"""What a municipality installs: the house, its words and its files, and nothing that only tests or builders use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src"
LOADS_ALL = """
import importlib, pkgutil, sys
import django, hovedindgang

django.setup()
assert hovedindgang.__path__ == [sys.argv[1]], hovedindgang.__path__
every = [one.name for one in pkgutil.walk_packages(hovedindgang.__path__, "hovedindgang.")]
for name in every:
    if not name.endswith("__main__"):
        importlib.import_module(name)
from django.conf import settings

print(settings.MODELS)
print(len(every), *(name for name in sys.modules if name.split(".")[0] in {"pytest", "_pytest", "hypothesis"}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built and laid out as `pip install` does."""
    at = tmp_path_factory.mktemp("installed")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(at / "dist"), versions=["standard"])
    with ZipFile(wheel) as file:
        file.extractall(at / "site")
    return at / "site"


def test_no_test_is_installed(installed: Path) -> None:
    files = {str(file.relative_to(installed)) for file in installed.rglob("*") if file.is_file()}
    assert not [file for file in files if {"tests", "conftest.py", "testing.py"} & {*Path(file).parts}]
    assert "hovedindgang/site/wsgi.py" in files


def test_all_that_pages_are_made_of_is_installed(installed: Path) -> None:
    """Templates, style, scripts, data, and both languages, as they stand in the sources."""

    def of(root: Path) -> set[str]:
        files = (file.relative_to(root) for file in (root / "hovedindgang").rglob("*"))
        kinds = {".html", ".txt", ".css", ".js", ".svg", ".toml", ".woff2", ".mo"}
        return {str(file) for file in files if file.suffix in kinds and "tests" not in file.parts}

    assert {file for file in of(installed) if not file.startswith("hovedindgang/models/")} == of(SOURCES)
    words = [file for file in SOURCES.rglob("*.po") if "tests" not in file.parts]
    assert all((installed / file.relative_to(SOURCES)).with_suffix(".mo").exists() for file in words)


def test_every_part_of_it_works_without_those_that_were_left_out(installed: Path, tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", LOADS_ALL, str(installed / "hovedindgang")],
        cwd=tmp_path,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("HOVEDINDGANG_")},
            "PYTHONPATH": str(installed),
            "DJANGO_SETTINGS_MODULE": "hovedindgang.site.settings",
            "HOVEDINDGANG_HOME": str(tmp_path / "home"),
        },
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr
    models, of_all = said.stdout.splitlines()
    assert Path(models) == installed / "hovedindgang" / "models"  # what the practice house adopts
    assert {file.name for file in Path(models).glob("*.toml")} == {
        file.name for file in (ROOT / "models").glob("*.toml")
    }
    number, *only_in_tests = of_all.split()
    assert int(number) > 500
    assert not only_in_tests
