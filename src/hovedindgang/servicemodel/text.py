"""The one Danish text analysis, for both databases: what is indexed and what is searched for.

Lower case; æ, ø, å and ae, oe, aa as one form; words to their stem (Snowball's Danish); compounds split by
known words, so that *pasfornyelse* is found by *pas*. Terms hold only a-z, 0-9: index them as they are
(`simple` in PostgreSQL, `unicode61` in SQLite). Changing anything here means building the index again.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from hovedindgang.servicemodel.document import ServiceModel

# Head words of the field that compounds are made of, so that notes are split alike whichever model is in force.
FIELD_WORDS = frozenset(
    """
    pas kørekort kort bevis attest adresse bopæl navn barn børn bolig støtte sikring syge sygdom sygesikring sundhed
    beboer læge pension folke førtid senior varme tillæg helbred tand pleje hjælp hjemme hjem middel midler kontant
    enkelt udgift dag dagpenge penge barsel begravelse bidrag tilskud ydelse familie friplads plads institution skole
    indskrivning fritid ordning affald skrald gebyr rotte bekæmpelse parkering licens bygge tilladelse valg stemme
    brev post konto nøgle fuldmagt værge bisidder digital signatur selv betjening løsning borger service kommune
    skat årsopgørelse forskud opgørelse gæld lån indskud ejendom ansøgning fornyelse udlevering bestilling
    anmeldelse tilmelding fritagelse fritage undtagelse ændring skift flytning flytte ombytning udstedelse
    registrering oplysning vejledning kontrol beskyttelse opkrævning afdrag refusion befordring kørsel handicap
    vielse prøvelse skilsmisse faderskab dødsfald død dåb billede nummer tid sag møde papir blanket telefon mail
    regning rykker klage aktindsigt indsigt myndighed politi sygehus retur legitimation knallert motor cykel bil
    ledig job center udland ophold indrejse udrejse
    """.split()
)
STOP_WORDS = frozenset(
    "af alle at da de den der det dig din du efter eller en er et for fra ham han har hende hun hvad hvor hvordan i "
    "ikke jeg kan man med men mig min mit mine nu når og også om på sig sin skal som så til ud ved var vi vil".split()
)

_NO_COMPOUNDS = frozenset({"passag"})  # stems of words that only look as if made of known words: passager
_IRREGULAR = {"boern": "barn", "midl": "middel", "maend": "mand", "boeg": "bog", "syge": "syg"}  # stem of a plural

_TOKEN = re.compile(r"[^\W_]+")
_LINKS = ("", "s", "e")  # letters between the parts of a compound: hjælp|e|middel, indskud|s|lån
_SHORTEST_PART = 3
LONGEST_WORD = 60  # what is longer is no word, and would be slow to take apart
_FOLD = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa", "ß": "ss", "ð": "d", "þ": "th"})

_stemming = threading.Lock()  # a snowball stemmer keeps the word it works on in itself


def fold(text: str) -> str:
    """Lower case, æ/ä ø/ö å as ae oe aa, other accents gone: *Åbybro* and *Aabybro* become *aabybro*."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_FOLD)
    if folded.isascii():
        return folded
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))


_FOLDED_STOP_WORDS = frozenset(fold(word) for word in STOP_WORDS)


def tokens(text: str) -> list[str]:
    """The folded words and numbers of `text`, in order; of a longer one only the first `LONGEST_WORD` letters."""
    return [token[:LONGEST_WORD] for token in _TOKEN.findall(fold(text))]


def terms(text: str, *, words: frozenset[str] = FIELD_WORDS) -> list[str]:
    """What to index for `text`: each word's stem, and the stems of a compound's parts; may repeat, in order.

    `words` are the words that compounds are split by. Pass one frozenset again and again: stems are cached by it.
    """
    found: list[str] = []
    for token in tokens(text):
        found += analysed(token, words)
    return found


def query_terms(text: str, *, words: frozenset[str] = FIELD_WORDS) -> list[str]:
    """What must all be found for `text`: stems, a compound by its parts, each once, without words that say little.

    *pasfornyelse* finds what *fornyelse af pas* says, and the other way round. Empty for a text without words.
    """
    typed = tokens(text)
    saying = [token for token in typed if token not in _FOLDED_STOP_WORDS] or typed
    found: dict[str, None] = {}
    for token in saying:
        whole, *parts = analysed(token, words)
        found.update(dict.fromkeys(parts or [whole]))
    return list(found)


def query_groups(
    text: str, *, synonyms: Mapping[str, str], words: frozenset[str] = FIELD_WORDS
) -> list[tuple[str, ...]]:
    """As `query_terms`, but each term with what may stand instead of it; one of each group must be found."""
    return [
        (term, synonyms[term]) if synonyms.get(term, term) != term else (term,)
        for term in query_terms(text, words=words)
    ]


def words_of(model: ServiceModel) -> frozenset[str]:
    """`FIELD_WORDS` and the words of the model's own services, to split compounds by."""
    own = {token for service in model.services.values() for token in tokens(service.name) if not token.isdigit()}
    return FIELD_WORDS | {word for word in own if len(word) >= _SHORTEST_PART}


def synonyms_of(model: ServiceModel) -> dict[str, str]:
    """Stem of a citizen's word to the stem of the catalogue's word for it, from the services' search words.

    A search word of one word counts where all services that have it begin their names with the same word, and
    that word is a search word too: *passport* is *pas*, since every service that says so is called *Pas, ...*;
    *adresse* belongs to services of all sorts, and *Hjælp til ...* names nothing.
    """
    called: dict[str, set[str]] = {}
    for service in model.services.values():
        name = _stem(tokens(service.name)[0]) if tokens(service.name) else ""
        for typed in (tokens(phrase) for phrase in service.search_words):
            if len(typed) == 1:
                called.setdefault(_stem(typed[0]), set()).add(name)
    single = {stem: next(iter(names)) for stem, names in called.items() if len(names) == 1}
    return {stem: name for stem, name in single.items() if name in called and name != stem}


@lru_cache(maxsize=200_000)
def analysed(token: str, words: frozenset[str]) -> tuple[str, ...]:
    """The stem of a folded token, then the stems of its parts where it is a compound of `words`."""
    whole = _stem(token)
    parts = _split(token, _vocabulary(words))
    return (whole, *(part for part in parts if part != whole))


@lru_cache(maxsize=8)
def _vocabulary(words: frozenset[str]) -> frozenset[str]:
    """The folded words and their stems: the last part of a compound may be inflected."""
    folded = {fold(word) for word in words}
    return frozenset(word for word in folded | {_stem(word) for word in folded} if len(word) >= _SHORTEST_PART)


@lru_cache(maxsize=100_000)
def _split(token: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """Stems of the parts of a compound, () for a word that is none; the longest first part that fits is taken."""
    if token in vocabulary or _stem(token) in _NO_COMPOUNDS or len(token) < 2 * _SHORTEST_PART:
        return ()
    for end in range(len(token) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        first = token[:end]
        if first not in vocabulary:
            continue
        for link in _LINKS:
            rest = token[end + len(link) :]
            if not token.startswith(link, end) or len(rest) < _SHORTEST_PART:
                continue
            if rest in vocabulary or _stem(rest) in vocabulary:
                return (_stem(first), _stem(rest))
            deeper = _split(rest, vocabulary)
            if deeper:
                return (_stem(first), *deeper)
    return _split_by_long_word(token, vocabulary)


def _split_by_long_word(token: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """A known word of five letters or more before an unknown rest of four: *kørekort|foto*; shorter ones mislead."""
    for end in range(len(token) - 4, 4, -1):
        if token[:end] in vocabulary:
            return (_stem(token[:end]), _stem(token[end:]))
    return ()


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer  # loads thirty languages: not before the first word, so that pages come sooner

    return snowballstemmer.stemmer("danish")


@lru_cache(maxsize=200_000)
def _stem(token: str) -> str:
    if token.isdigit():
        return token
    with _stemming:
        stem = str(_stemmer().stemWord(token))
    return _IRREGULAR.get(stem, stem)
