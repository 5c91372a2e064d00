"""Who listens to which event: the one table by which a lower room's deed reaches a higher room.

A listener is called after commit, at least once, in order per subject, with the event; it must be safe to repeat.
"""

LISTENERS: dict[str, tuple[str, ...]] = {}
