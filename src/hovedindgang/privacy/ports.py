"""What this room needs from outside the house."""

from __future__ import annotations

from typing import Protocol


class NotReceived(Exception):
    """The archive did not take what it was given, or has not what its receipt says; the message says what to do."""


class Archive(Protocol):
    """Takes what must be kept by arkivloven before it is forgotten here."""

    def deposit(self, *, name: str, content: bytes) -> str:
        """Take the content and give a receipt, by which it is found again. The same name again replaces it.

        Raises NotReceived.
        """

    def holds(self, *, receipt: str, content: bytes) -> bool:
        """Whether exactly this content lies there under this receipt, looked up anew."""
