"""An article as it comes from the editor's page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from hovedindgang.knowledge.models import Article


@dataclass(frozen=True, slots=True)
class ArticleTyped:
    """What stands in the form; `bring` has a line for each thing."""

    title: str = ""
    text: str = ""
    bring: str = ""
    based_on: int | None = None

    @classmethod
    def from_post(cls, sent: QueryDict) -> ArticleTyped:
        """As it was sent; no key types NUL, and PostgreSQL cannot keep it."""
        seen = sent.get("based_on", "")
        return cls(
            **{name: sent.get(name, "").replace("\0", "") for name in ("title", "text", "bring")},
            based_on=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None,
        )

    @classmethod
    def from_article(cls, article: Article | None) -> ArticleTyped:
        if article is None:
            return cls()
        return cls(article.title, article.text, "\n".join(article.bring), article.version)
