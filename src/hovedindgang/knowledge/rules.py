"""What may stand in an article. No database."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("da", "en")
LONGEST_TITLE = 120
LONGEST_TEXT = 4_000
MOST_TO_BRING = 20


class ArticleRefused(ValueError):
    """An article was not saved; `errors` says by field, in the user's language, what to do."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(errors.values()))
