"""Deeds: write guidance, and load a file of it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hovedindgang.kernel.actors import Actor, ActorKind
from hovedindgang.kernel.events import append_event
from hovedindgang.knowledge.models import Article
from hovedindgang.knowledge.rules import LANGUAGES, LONGEST_TEXT, LONGEST_TITLE, MOST_TO_BRING, ArticleRefused
from hovedindgang.people.rules import cprs_in
from hovedindgang.policy.models import ServiceKey


def write_article(
    *,
    actor: Actor,
    service: str,
    language: str,
    title: str,
    text: str,
    bring: Sequence[str] = (),
    based_on: int | None = None,
) -> Article:
    """Put a new version in use; the old one is kept. One event `article.written`. The same text again writes nothing.

    `based_on` is the version the writer saw (None: there was none). Raises ArticleRefused, also where somebody else
    has written one in the meantime.
    """
    bring = [line.strip() for line in bring if line.strip()]
    title, text = title.strip(), text.strip()
    _check(service, language, title, text, bring)
    try:
        with transaction.atomic():
            return _write(actor, Article(title=title, text=text, bring=bring), service, language, based_on)
    except IntegrityError:
        raise _written_meanwhile() from None


def _write(actor: Actor, article: Article, service: str, language: str, based_on: int | None) -> Article:
    used = Article.objects.select_for_update().filter(service=service, language=language, current=True).first()
    if (used.version if used else None) != based_on:
        raise _written_meanwhile()
    if used and (used.title, used.text, used.bring) == (article.title, article.text, article.bring):
        return used
    if used:
        Article.objects.filter(pk=used.pk).update(current=False)
    article.service_id, article.language = service, language
    article.version = (based_on or 0) + 1
    article.updated_by_id = actor.id if actor.kind == ActorKind.EMPLOYEE else None
    article.save(force_insert=True)
    append_event(
        verb="article.written",
        actor=actor,
        subject_kind="article",
        subject_id=article.pk,
        facts={"service": service, "language": language, "version": article.version},
    )
    return article


def _written_meanwhile() -> ArticleRefused:
    return ArticleRefused(
        {"text": _("En anden har rettet vejledningen imens. Din tekst står her endnu; sammenlign, og gem igen.")}
    )


def _check(service: str, language: str, title: str, text: str, bring: list[str]) -> None:
    errors = {}
    if not ServiceKey.objects.filter(pk=service).exists():
        errors["service"] = _("Opgaven kendes ikke. Vælg den på listen.")
    if language not in LANGUAGES:
        errors["language"] = _("Vælg dansk eller engelsk.")
    if not title or len(title) > LONGEST_TITLE:
        errors["title"] = _("Skriv en overskrift på højst 120 tegn.")
    if not text or len(text) > LONGEST_TEXT:
        errors["text"] = _("Skriv vejledningen, højst 4.000 tegn.")
    if len(bring) > MOST_TO_BRING:
        errors["bring"] = _("Skriv højst 20 linjer.")
    for field, said in (("title", title), ("text", text), ("bring", "\n".join(bring))):
        if cprs_in(said):
            errors[field] = _("Der står et CPR-nummer i teksten. Vejledning handler ikke om en bestemt borger.")
    if errors:
        raise ArticleRefused(errors)


@transaction.atomic
def load_guidance(*, path: Path, actor: Actor) -> int:
    """Load a TOML file of articles; gives how many were new or changed. Services the model has never had are left out.

    Raises ArticleRefused, OSError, tomllib.TOMLDecodeError.
    """
    known = set(ServiceKey.objects.values_list("pk", flat=True))
    used = {(row.service_id, row.language): row.version for row in Article.objects.filter(current=True)}
    written = 0
    for said in tomllib.loads(path.read_text(encoding="utf-8"))["article"]:
        if said["service"] not in known:
            continue
        for language, ending in (("da", ""), ("en", "_en")):
            if f"title{ending}" not in said:
                continue
            before = used.get((said["service"], language))
            article = write_article(
                actor=actor,
                service=said["service"],
                language=language,
                title=said[f"title{ending}"],
                text=said[f"text{ending}"],
                bring=said.get(f"bring{ending}", []),
                based_on=before,
            )
            written += article.version != before
    return written
