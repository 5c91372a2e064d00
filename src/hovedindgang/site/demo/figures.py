"""The demonstration's numbers, each with its source; the page that explains them reads this table."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hovedindgang.servicemodel.document import Level, SourceKind


@dataclass(frozen=True, slots=True)
class Figure:
    key: str
    label: str | Promise
    value: float
    unit: str | Promise
    kind: SourceKind
    reference: str | Promise


_EARLIER = _("Folketal 2005-2006, før sammenlægningen")
_ASSUMED = _("Antaget til demonstrationen; ingen offentlig kilde fundet")

FIGURES: tuple[Figure, ...] = (
    Figure(
        "population",
        _("Indbyggere"),
        38_234,
        _("personer"),
        SourceKind.PUBLISHED,
        _("Folketal 1. januar 2024, se modellens kilde"),
    ),
    Figure(
        "counter_per_inhabitant",
        _("Personlige henvendelser pr. indbygger om året"),
        0.53,
        "",
        SourceKind.PUBLISHED,
        _("Silkeborg Kommune: 50.000 om året, delt med ca. 95.000 indbyggere (det sidste efter hukommelsen)"),
    ),
    Figure("share_counter", _("Andel ved skranken"), 20, "%", SourceKind.ASSUMED, _ASSUMED),
    Figure("share_phone", _("Andel i telefonen"), 35, "%", SourceKind.ASSUMED, _ASSUMED),
    Figure("share_message", _("Andel i Digital Post og e-mail"), 15, "%", SourceKind.ASSUMED, _ASSUMED),
    Figure("share_letter", _("Andel i brev"), 2, "%", SourceKind.ASSUMED, _ASSUMED),
    Figure("share_self_service", _("Andel i selvbetjening"), 25, "%", SourceKind.ASSUMED, _ASSUMED),
    Figure("share_outreach", _("Andel i rullende borgerservice og hjemmebesøg"), 3, "%", SourceKind.ASSUMED, _ASSUMED),
    Figure(
        "catchment_aabybro",
        _("Opland, Aabybro"),
        11_390,
        _("personer"),
        SourceKind.PUBLISHED,
        _EARLIER,
    ),
    Figure(
        "catchment_pandrup",
        _("Opland, Pandrup"),
        10_612,
        _("personer"),
        SourceKind.PUBLISHED,
        _EARLIER,
    ),
    Figure(
        "catchment_fjerritslev",
        _("Opland, Fjerritslev"),
        8_480,
        _("personer"),
        SourceKind.PUBLISHED,
        _EARLIER,
    ),
    Figure(
        "catchment_brovst",
        _("Opland, Brovst"),
        8_380,
        _("personer"),
        SourceKind.PUBLISHED,
        _("Beregnet: kommunen minus de tre andre"),
    ),
    Figure("anonymous_in_person", _("Uden navn ved skranken"), 25, "%", SourceKind.ASSUMED, _ASSUMED),
    Figure("anonymous_phone", _("Uden navn i telefonen"), 45, "%", SourceKind.ASSUMED, _ASSUMED),
    Figure(
        "exempt",
        _("Fritaget for Digital Post"),
        5,
        "%",
        SourceKind.PUBLISHED,
        _("Digitaliseringsstyrelsen, april 2025"),
    ),
    Figure("unregistered", _("Henvendelser, der aldrig blev registreret"), 6, "%", SourceKind.ASSUMED, _ASSUMED),
    Figure("abandoned_calls", _("Opkald, der lagde på før svar"), 7, "%", SourceKind.ASSUMED, _ASSUMED),
    Figure("left_queue", _("Gik fra køen uden at blive kaldt"), 3, "%", SourceKind.ASSUMED, _ASSUMED),
    Figure("two_matters", _("Henvendelser med mere end ét ærinde"), 9, "%", SourceKind.ASSUMED, _ASSUMED),
    Figure("repeats", _("Henvendelser fulgt af rykker eller nyt forsøg"), 5, "%", SourceKind.ASSUMED, _ASSUMED),
)
VALUE: dict[str, float] = {figure.key: figure.value for figure in FIGURES}

# Chances of each outcome by the level at which the service is carried; assumed, and chosen so that neither indicator
# is flattering: (resolved, must come back, passed on, signposted, changed her mind, gave up).
OUTCOMES: dict[Level, tuple[float, ...]] = {
    Level.ADMINISTER: (0.868, 0.055, 0.040, 0.012, 0.015, 0.010),
    Level.LIGHT_CASEWORK: (0.740, 0.085, 0.135, 0.015, 0.015, 0.010),
    Level.CASEWORK: (0.640, 0.090, 0.230, 0.015, 0.015, 0.010),
    Level.GUIDE: (0.800, 0.010, 0.120, 0.055, 0.010, 0.005),
    Level.REFER: (0.060, 0.000, 0.330, 0.590, 0.015, 0.005),
}

# How often each service is asked for, in parts; assumed from the queue names and annual reports that municipalities
# publish without counts per service.
DEMAND: dict[str, int] = {
    "pas-ansoegning": 90, "pas-udlevering": 62, "pas-provisorisk": 3, "koerekort-fornyelse": 58,
    "koerekort-foerste": 16, "koerekort-ombytning": 5, "koerekort-internationalt": 4, "knallertbevis": 2,
    "legitimationskort": 8, "mitid": 84, "digital-post-hjaelp": 30, "digital-post-fritagelse": 14,
    "undtagelse-selvbetjening": 6, "undtagelse-udk": 5, "selvbetjening-hjaelp": 24, "nemkonto": 12, "fuldmagt": 7,
    "vaerge-bisidder": 3, "flytning": 66, "flytning-udland": 9, "cpr-registrering": 7, "adressebeskyttelse": 4,
    "bopaelsattest": 14, "bopaelskontrol": 6, "vielse": 6, "skilsmisse": 2, "navneaendring": 4, "faderskab": 2,
    "doedsfald": 6, "sundhedskort": 46, "eu-sygesikringskort": 24, "saerligt-sundhedskort": 3, "laegeskift": 34,
    "laegeregning": 6, "befordring": 8, "begravelseshjaelp": 3, "hjemmehjaelp": 12, "hjaelpemidler": 12,
    "plejebolig": 8, "handicapkoersel": 7, "helbredstillaeg": 9, "foertidspension": 5, "seniorpension": 3,
    "barselsdagpenge": 4, "udk-bistand": 36, "beboerindskud": 14, "sygedagpenge": 14, "kontanthjaelp": 16,
    "enkeltudgifter": 7, "tandpleje": 5, "udsaettelse": 3, "jobsoegning": 8, "dagtilbud": 22, "friplads": 8,
    "sfo": 6, "skoleindskrivning": 5, "lokaler": 4, "skat-vejledning": 22, "ejendomsskattelaan": 8,
    "opkraevning": 26, "gaeld-til-staten": 5, "parkering": 6, "affald": 34, "rotter": 8, "byggetilladelse": 14,
    "vej-og-fortov": 8, "valg": 6, "aktindsigt": 3, "egne-oplysninger": 1, "berigtigelse": 1,
    "sletning-af-oplysninger": 1, "klage": 3, "generel-oplysning": 56, "tidsbestilling": 40,
    "status-paa-sag": 28, "politi-henvisning": 3, "udlaendinge-henvisning": 2, "sygehus-henvisning": 2,
}  # fmt: skip
