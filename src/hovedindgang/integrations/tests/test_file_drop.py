"""A folder as an archive: what it says it has, it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from hovedindgang.integrations.file_drop import FileDrop
from hovedindgang.privacy.ports import NotReceived


def test_what_was_deposited_is_there_under_its_receipt_and_for_nobody_else_to_read(tmp_path: Path) -> None:
    drop = FileDrop(str(tmp_path / "archive"))
    receipt = drop.deposit(name="henvendelse-1", content="æøå".encode())
    assert drop.holds(receipt=receipt, content="æøå".encode())
    (file,) = (tmp_path / "archive").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert drop.deposit(name="henvendelse-1", content="æøå".encode()) == receipt


def test_a_file_that_was_changed_or_taken_away_is_not_held(tmp_path: Path) -> None:
    drop = FileDrop(str(tmp_path))
    receipt = drop.deposit(name="henvendelse-1", content=b"before")
    assert not drop.holds(receipt=receipt, content=b"after")
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"changed")
    assert not drop.holds(receipt=receipt, content=b"before")
    file.unlink()
    assert not drop.holds(receipt=receipt, content=b"before")


def test_a_folder_that_cannot_be_written_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotReceived):
        FileDrop(str(tmp_path / "file")).deposit(name="henvendelse-1", content=b"x")
