"""The house as files: what is tracked, which rooms there are, and on which floor each stands."""

from __future__ import annotations

import subprocess
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src" / "hovedindgang"
NOT_OURS = {".venv", "node_modules", "var", "vendor", "__pycache__"}


def tracked() -> list[Path]:
    """Every file that is kept: what git tracks or would track, or all there is where there is no git."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        files = [ROOT / name for name in done.stdout.split("\0") if name]
    else:
        files = [file for file in ROOT.rglob("*") if not NOT_OURS & set(file.relative_to(ROOT).parts)]
    return sorted(file for file in files if file.is_file())


def text_of(file: Path) -> str:
    """The file's text; "" for pictures and other things that are not text."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def floors() -> dict[str, int]:
    """Room → floor, 0 at the ground; read from the contract that import-linter holds, the only map there is."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    return {
        room.strip().strip("()"): floor
        for floor, layer in enumerate(reversed(layers))
        for room in layer.split("|")
    }  # fmt: skip


def may_call(room: str, other: str) -> bool:
    """A room calls itself and what stands lower; whatever is no room of ours (Django, allauth) is nobody's floor."""
    known = floors()
    return other not in known or other == room or known[other] < known[room]


def rooms() -> list[Path]:
    return [HOUSE / name for name in floors() if (HOUSE / name / "__init__.py").exists()]
