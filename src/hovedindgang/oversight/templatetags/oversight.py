"""Words of this room in templates: `{{ act.why|told:"why" }}`."""

from __future__ import annotations

from django import template

from hovedindgang.oversight import labels

register = template.Library()
ALL = {"why": labels.WHY, "state": labels.STATE, "stratum": labels.STRATUM}


@register.filter
def told(word: str, kind: str) -> labels.Label:
    """A word of the room as people say it; of a use the log's own word where it has none."""
    return labels.use_words(word) if kind == "use" else ALL[kind].get(word, word)
