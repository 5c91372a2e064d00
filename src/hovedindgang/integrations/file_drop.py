"""An archive that collects files from a folder: each deposit is one file, written whole or not at all.

The folder is the municipality's to empty; what is collected there is then the archive's.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.utils.translation import gettext as _

from hovedindgang.privacy.ports import NotReceived


class FileDrop:
    """Implements `privacy.ports.Archive`. The receipt is the file's name and the SHA-256 of what was written."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def deposit(self, *, name: str, content: bytes) -> str:
        """Under the name of its content, so that a deposit that is repeated is the same file. Raises NotReceived."""
        digest = hashlib.sha256(content).hexdigest()
        place = self._folder / f"{name}-{digest[:16]}.json"
        half = place.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            half.replace(place)
            self._settle()
        except OSError as error:
            raise NotReceived(_("Arkivets mappe kan ikke skrives. Se efter, om den findes og har plads.")) from error
        return f"{place.name} {digest}"

    def holds(self, *, receipt: str, content: bytes) -> bool:
        name, _space, digest = receipt.partition(" ")
        try:
            written = (self._folder / Path(name).name).read_bytes()
        except OSError:
            return False
        return written == content and hashlib.sha256(written).hexdigest() == digest

    def _settle(self) -> None:
        """The name itself is on the disk too, before anybody takes the receipt."""
        opened = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
