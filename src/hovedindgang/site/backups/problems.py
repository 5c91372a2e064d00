"""What stops a backup or a restore; each says what to do."""

from __future__ import annotations


class CannotBackUp(Exception):
    """No backup was made; `cure` says what to do."""

    def __init__(self, cause: str, cure: str) -> None:
        super().__init__(cause)
        self.cure = cure


class CannotRestore(Exception):
    """Nothing was restored; `cure` says what to do."""

    def __init__(self, cause: str, cure: str) -> None:
        super().__init__(cause)
        self.cure = cure
