"""What is compiled belongs to the sources it was made of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LOOP = """
from {package}.sizes import SIZE
from hovedindgang.planning.compiling import compiled

@compiled
def size():
    return SIZE
"""
# Each asks as a process that has just begun would, but that numba and what it compiles with are loaded once for all.
ASK = """
import importlib, os, sys
from pathlib import Path
import numba
from hovedindgang.planning.compiling import built, is_cold, kept_in

folder = Path(sys.argv[1])
sys.path.insert(0, str(folder))
kept_in(folder)
numba.njit(lambda: 0)()
for size in sys.argv[2:]:
    (folder / "engine" / "sizes.py").write_text(f"SIZE = {size}\\n", encoding="utf-8")
    importlib.invalidate_caches()
    child = os.fork()
    if not child:
        print(is_cold("engine.loop"), built("engine.loop", True).size(), is_cold("engine.loop"), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


def test_a_constant_that_changes_in_the_file_beside_is_compiled_anew(tmp_path: Path) -> None:
    package = tmp_path / "engine"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "loop.py").write_text(LOOP.format(package="engine"), encoding="utf-8")
    asked = [sys.executable, "-B", "-c", ASK, str(tmp_path), "256", "336", "256"]
    said = subprocess.check_output(asked, text=True).splitlines()
    assert said == ["True 256 False", "True 336 False", "False 256 False"]
    assert len([one for one in (tmp_path / "compiled").iterdir() if one.is_dir()]) == 2
