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
ASK = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from hovedindgang.planning.compiling import built, is_cold, kept_in
kept_in(Path(sys.argv[1]))
print(is_cold("engine.loop"), built("engine.loop", True).size(), is_cold("engine.loop"))
"""


def test_a_constant_that_changes_in_the_file_beside_is_compiled_anew(tmp_path: Path) -> None:
    package = tmp_path / "engine"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "loop.py").write_text(LOOP.format(package="engine"), encoding="utf-8")
    said = []
    for size in (256, 336, 256):
        (package / "sizes.py").write_text(f"SIZE = {size}\n", encoding="utf-8")
        said.append(subprocess.check_output([sys.executable, "-B", "-c", ASK, str(tmp_path)], text=True).strip())
    assert said == ["True 256 False", "True 336 False", "False 256 False"]
    assert len([one for one in (tmp_path / "compiled").iterdir() if one.is_dir()]) == 2
