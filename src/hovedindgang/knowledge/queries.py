"""Reads of guidance: for the desk while it types, and for whoever reads or searches it."""

from __future__ import annotations

from hovedindgang.knowledge.models import Article
from hovedindgang.servicemodel.text import query_terms, terms


def guidance(service_key: str, language: str) -> Article | None:
    """The article in use for a service, in `language` or else in the other; None where nobody has written one."""
    found = {article.language: article for article in Article.objects.filter(service=service_key, current=True)}
    return found.get(language) or next(iter(found.values()), None)


def articles(language: str = "da") -> list[Article]:
    """One article in use for each service that has one, by title; in the other language where this one is missing."""
    found: dict[str, Article] = {}
    for article in Article.objects.filter(current=True).select_related("service", "updated_by"):
        if article.service_id not in found or article.language == language:
            found[article.service_id] = article
    return sorted(found.values(), key=lambda article: article.title.casefold())


def search_articles(typed: str, language: str = "da") -> list[Article]:
    """Articles in which every word typed is found, whole or as part of a compound; titles first. All for no word."""
    wanted = set(query_terms(typed))
    if not wanted:
        return articles(language)
    found = []
    for article in articles(language):
        title = set(terms(f"{article.title} {article.service.name}"))
        if wanted <= title | set(terms(" ".join([article.text, *article.bring]))):
            found.append((not wanted <= title, article))
    return [article for _in_text_only, article in sorted(found, key=lambda pair: pair[0])]


def article(service_key: str, language: str) -> Article | None:
    """The article in use in exactly this language."""
    return Article.objects.filter(service=service_key, language=language, current=True).first()


def versions(service_key: str, language: str) -> list[Article]:
    """Every version, newest first, with who wrote it."""
    rows = Article.objects.filter(service=service_key, language=language)
    return list(rows.select_related("service", "updated_by").order_by("-version"))
