"""How well an employee can take what waits: the words of the model, for modules that load no numpy."""

from __future__ import annotations

TRAINEE, GENERALIST, SPECIALIST = "trainee", "generalist", "specialist"
