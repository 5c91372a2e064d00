"""What each field of the document is called, in words: for differences, summaries and the schema."""

from __future__ import annotations

from hovedindgang.servicemodel.language import gettext as _
from hovedindgang.servicemodel.language import gettext_noop

_FIELDS: dict[str, str] = {
    "about": gettext_noop("hvad borgeren sendes derhen for"),
    "about_en": gettext_noop("hvad borgeren sendes derhen for, på engelsk"),
    "address": gettext_noop("adresse"),
    "adoption": gettext_noop("vedtagelse"),
    "answer_working_days": gettext_noop("svarfrist i arbejdsdage"),
    "apply_solved_at": gettext_noop("hvornår ansøg og hent er løst"),
    "approved_by": gettext_noop("godkendes af"),
    "archive": gettext_noop("afleveres til arkivet, før det slettes"),
    "authorities": gettext_noop("myndigheder"),
    "body": gettext_noop("besluttet af"),
    "borgerservice_name": gettext_noop("navn på borgerservice"),
    "bundle": gettext_noop("opgaver, der ofte følges ad"),
    "by": gettext_noop("senest"),
    "calendar": gettext_noop("kalender"),
    "centres": gettext_noop("centre"),
    "channel": gettext_noop("henvendelsesmåde"),
    "channels": gettext_noop("henvendelsesmåder"),
    "christmas_eve": gettext_noop("juleaftensdag"),
    "claim_minutes": gettext_noop("minutter, en medarbejder har en henvendelse for sig selv"),
    "closes": gettext_noop("lukker"),
    "closing_days": gettext_noop("lukkedage"),
    "code": gettext_noop("kommunekode"),
    "competences": gettext_noop("krav til kompetencer"),
    "common_surname": gettext_noop("så mange borgere, at et fælles efternavn intet siger"),
    "complaint_answer_working_days": gettext_noop("arbejdsdage, til en klage er besvaret"),
    "completeness_limit_percent": gettext_noop("mindste dækning, før et tal gælder"),
    "constitution_day": gettext_noop("grundlovsdag"),
    "contact_explains_days": gettext_noop("dage efter en henvendelse, hvor den forklarer et opslag"),
    "costs_kr": gettext_noop("pris pr. henvendelse"),
    "dates_source": gettext_noop("kilde til datoerne"),
    "days": gettext_noop("dage"),
    "deadline_working_days": gettext_noop("frist i arbejdsdage"),
    "decided_on": gettext_noop("besluttet den"),
    "departments": gettext_noop("fagforvaltninger"),
    "discussed_on": gettext_noop("drøftet i MED-udvalget den"),
    "employee_figures": gettext_noop("aftaler om tal om medarbejdere"),
    "every": gettext_noop("hvor ofte"),
    "feedback_kept_days": gettext_noop("dage, klager og ros gemmes, efter de er afsluttet"),
    "figures": gettext_noop("tal, der må ses"),
    "focus_groups": gettext_noop("fokusgrupper"),
    "goals": gettext_noop("mål"),
    "ground": gettext_noop("begrundelse"),
    "ground_en": gettext_noop("begrundelse på engelsk"),
    "handed_to": gettext_noop("overgået til"),
    "handle_minutes": gettext_noop("ekspeditionstid"),
    "hours": gettext_noop("åbningstid"),
    "hours_source": gettext_noop("kilde til åbningstiden"),
    "indicator": gettext_noop("nøgletal"),
    "indicator_version": gettext_noop("version af nøgletallene"),
    "individual_times_source": gettext_noop("kilde til den individuelle træffetid"),
    "individual_times": gettext_noop("individuel træffetid"),
    "key": gettext_noop("nøgle"),
    "kind": gettext_noop("art"),
    "journal": gettext_noop("journaliseres i ESDH"),
    "kle": gettext_noop("KLE-nummer"),
    "late_after_days": gettext_noop("dage, før en registrering er sen"),
    "latitude": gettext_noop("breddegrad"),
    "level": gettext_noop("niveau"),
    "lookup_before_days": gettext_noop("dage før en henvendelse, hvor den forklarer et opslag"),
    "longitude": gettext_noop("længdegrad"),
    "measure": gettext_noop("hvad der måles"),
    "media": gettext_noop("medier"),
    "milestones": gettext_noop("tidsplan"),
    "month": gettext_noop("måned"),
    "municipality": gettext_noop("kommune"),
    "name": gettext_noop("navn"),
    "name_en": gettext_noop("navn på engelsk"),
    "new_years_eve": gettext_noop("nytårsaftensdag"),
    "night_from_hour": gettext_noop("opslag er om natten fra kl."),
    "night_to_hour": gettext_noop("opslag er om natten til kl."),
    "note": gettext_noop("bemærkning"),
    "note_en": gettext_noop("bemærkning på engelsk"),
    "of": gettext_noop("tjener"),
    "on": gettext_noop("dag"),
    "one_unit": gettext_noop("centrene er én enhed"),
    "open": gettext_noop("åbne spørgsmål"),
    "opens": gettext_noop("åbner"),
    "others_who_help": gettext_noop("andre, der kan hjælpe"),
    "oversight": gettext_noop("tilsyn med opslag"),
    "owner_from": gettext_noop("hvornår den fik opgaven"),
    "owner": gettext_noop("hvis opgave det er"),
    "parameters": gettext_noop("beregning"),
    "period": gettext_noop("målt i"),
    "personal_appearance": gettext_noop("personligt fremmøde"),
    "phone": gettext_noop("telefonnummer"),
    "place": gettext_noop("sted"),
    "population": gettext_noop("indbyggere"),
    "portfolio": gettext_noop("opgaveportefølje"),
    "postcode": gettext_noop("postnummer"),
    "precision": gettext_noop("hvor nøjagtig datoen er"),
    "preparatory": gettext_noop("forberedende henvendelse"),
    "provisional_days": gettext_noop("dage, før tal er endelige"),
    "question": gettext_noop("spørgsmål"),
    "question_en": gettext_noop("spørgsmål på engelsk"),
    "purpose": gettext_noop("formål"),
    "purpose_en": gettext_noop("formål på engelsk"),
    "reading": gettext_noop("hvilke henvendelser målet gælder"),
    "reference": gettext_noop("henvisning"),
    "reference_en": gettext_noop("henvisning på engelsk"),
    "repeat_window_days": gettext_noop("dage, hvor en ny henvendelse er en gentagelse"),
    "reporting": gettext_noop("planer og rapporter"),
    "reservation_years": gettext_noop("år med forbehold"),
    "retention": gettext_noop("opbevaring"),
    "right": gettext_noop("borgerens ret efter databeskyttelsesforordningen"),
    "same_hours_as_departments": gettext_noop("samme åbningstid som fagforvaltningerne"),
    "sample_size": gettext_noop("opslag i månedens stikprøve"),
    "schema_version": gettext_noop("dokumentets format"),
    "scope": gettext_noop("hvad det gælder"),
    "search_words": gettext_noop("søgeord"),
    "seen_by": gettext_noop("ses af"),
    "self_service": gettext_noop("adresse på selvbetjening"),
    "self_service_counts": gettext_noop("hvordan selvbetjening tæller"),
    "sensitivity": gettext_noop("fortrolighed"),
    "sentence": gettext_noop("sætning i papiret"),
    "service_standards": gettext_noop("servicemål"),
    "services": gettext_noop("opgaver"),
    "several_days": gettext_noop("dage, hvor flere medarbejderes opslag på én borger lægges sammen"),
    "several_employees": gettext_noop("medarbejdere, der uden arbejdsgrund har slået den samme op"),
    "share_percent": gettext_noop("andel"),
    "sign_off_working_days": gettext_noop("frist for at godkende stikprøven, i arbejdsdage"),
    "signpost_counts": gettext_noop("hvordan vejvisning tæller"),
    "smallest_group": gettext_noop("mindste gruppe, der vises"),
    "source": gettext_noop("kilde"),
    "sources": gettext_noop("kilder"),
    "statements": gettext_noop("værdier og mål i ord"),
    "status": gettext_noop("tilstand"),
    "successor": gettext_noop("afløst af"),
    "surveys": gettext_noop("tilfredshedsundersøgelser"),
    "target_percent": gettext_noop("måltal"),
    "text": gettext_noop("tekst"),
    "text_en": gettext_noop("tekst på engelsk"),
    "title": gettext_noop("titel"),
    "transfer_answer_seconds": gettext_noop("sekunder, før en viderestilling kommer tilbage"),
    "told_on": gettext_noop("medarbejderne fik besked den"),
    "town": gettext_noop("by"),
    "unit_source": gettext_noop("kilde til centrenes navn og enhed"),
    "used_meanwhile": gettext_noop("hvad der bruges imens"),
    "used_meanwhile_en": gettext_noop("hvad der bruges imens, på engelsk"),
    "valid_from": gettext_noop("gælder fra"),
    "valid_to": gettext_noop("gælder til (dagen er ikke med)"),
    "value": gettext_noop("værdi"),
    "warning_longest_months": gettext_noop("måneder, en advarsel om en borger højst gælder"),
    "website": gettext_noop("hjemmeside"),
    "within": gettext_noop("inden for"),
}

_KINDS: dict[str, str] = {
    "Adoption": gettext_noop("Hvad der er vedtaget, af hvem, og fra hvornår det gælder"),
    "Authority": gettext_noop("En myndighed, som borgere sendes til"),
    "Calendar": gettext_noop("Dage, hvor der er lukket ud over helligdagene"),
    "Centre": gettext_noop("Et sted, hvor borgere betjenes"),
    "ClosingDay": gettext_noop("En dag, hvor der er lukket"),
    "CompetenceRequirement": gettext_noop("Hvor stor en del af opgaverne den enkelte er oplært i"),
    "Department": gettext_noop("En fagforvaltning i kommunen"),
    "EmployeeFigures": gettext_noop("En aftale om, hvilke tal om den enkelte medarbejder hvem må se, og hvornår"),
    "FocusGroup": gettext_noop("En gruppe, der spørges til råds"),
    "Goal": gettext_noop("Et mål og det nøgletal, der viser, om det er nået"),
    "Medium": gettext_noop("Hvordan en henvendelse kom: brev, e-mail, skranke"),
    "Milestone": gettext_noop("Et skridt i tidsplanen"),
    "Municipality": gettext_noop("Kommunen, modellen gælder for"),
    "Open": gettext_noop("Et spørgsmål, som papiret lader stå åbent"),
    "Oversight": gettext_noop("Hvornår et opslag på en borger er arbejde, og hvordan der føres tilsyn"),
    "Parameters": gettext_noop("Hvordan nøgletallene tælles"),
    "Place": gettext_noop("Hvor centret ligger"),
    "PortfolioEntry": gettext_noop("Hvilke opgaver centrene har, og på hvilket niveau"),
    "Reporting": gettext_noop("En plan eller en rapport, der laves jævnligt"),
    "Retention": gettext_noop("Hvor længe oplysninger gemmes, og hvorfor"),
    "Service": gettext_noop("En opgave: noget, en borger kan få"),
    "ServiceModel": gettext_noop("Kommunens borgerservicepolitik som data"),
    "ServiceStandard": gettext_noop("Hvad borgerne er lovet, fx hvor hurtigt et opkald besvares"),
    "Source": gettext_noop("Hvor et tal eller et udsagn kommer fra"),
    "Statement": gettext_noop("En værdi, en vision, et princip eller et mål i ord"),
    "Survey": gettext_noop("En tilfredshedsundersøgelse"),
}

_WORDS: dict[str, str] = {
    "in_person": gettext_noop("personlig henvendelse"),
    "phone": gettext_noop("telefon"),
    "written": gettext_noop("brev og e-mail"),
    "digital": gettext_noop("digital henvendelse"),
    "adopted": gettext_noop("vedtaget"),
    "published": gettext_noop("offentliggjort"),
    "measured": gettext_noop("målt"),
    "assumed": gettext_noop("antaget"),
    "draft": gettext_noop("udkast"),
    "centre": gettext_noop("borgerservicecenter"),
    "branch": gettext_noop("filial"),
    "service_point": gettext_noop("medbetjeningsplads"),
    "mobile": gettext_noop("rullende borgerservice"),
    "information": gettext_noop("oplysning"),
    "transaction": gettext_noop("ekspedition"),
    "administer": gettext_noop("administrerer"),
    "light_casework": gettext_noop("lettere sagsbehandling"),
    "casework": gettext_noop("sagsbehandling"),
    "guide": gettext_noop("vejleder"),
    "refer": gettext_noop("henviser"),
    "ordinary": gettext_noop("almindelig"),
    "confidential": gettext_noop("fortrolig"),
    "sensitive": gettext_noop("følsom"),
    "access": gettext_noop("indsigt (artikel 15)"),
    "correction": gettext_noop("berigtigelse (artikel 16)"),
    "erasure": gettext_noop("sletning (artikel 17)"),
    "restriction": gettext_noop("begrænsning (artikel 18)"),
    "municipality": gettext_noop("hele kommunen"),
    "borgerservice": gettext_noop("Borgerservice"),
    "own": gettext_noop("Borgerservices egne henvendelser"),
    "wide": gettext_noop("alle henvendelser til kommunen"),
    "resolved_in_house": gettext_noop("løst i Borgerservice"),
    "first_contact_resolution": gettext_noop("løst i én henvendelse"),
    "not_sent_on": gettext_noop("ikke sendt videre"),
    "apart": gettext_noop("for sig"),
    "solved": gettext_noop("som løst"),
    "not_solved": gettext_noop("som ikke løst"),
    "collection": gettext_noop("ved udlevering"),
    "application": gettext_noop("ved ansøgning"),
    "generalist_share": gettext_noop("medarbejdere på generalistniveau"),
    "guided_outside_portfolio": gettext_noop("vejledt uden for egne områder"),
    "channel_parity": gettext_noop("samme service i alle henvendelsesmåder"),
    "satisfaction": gettext_noop("tilfredshed"),
    "generalist": gettext_noop("generalist"),
    "specialist": gettext_noop("specialist"),
    "day": gettext_noop("dag"),
    "month": gettext_noop("måned"),
    "quarter": gettext_noop("kvartal"),
    "half_year": gettext_noop("halvår"),
    "year": gettext_noop("år"),
    "registrations": gettext_noop("registrerede henvendelser"),
    "handling": gettext_noop("ekspeditionstid i minutter, den midterste"),
    "resolved": gettext_noop("afsluttede ærinder og dem, der blev løst"),
    "leader": gettext_noop("ledere"),
    "planner": gettext_noop("planlæggere"),
}

_MONTHS = (
    gettext_noop("januar"),
    gettext_noop("februar"),
    gettext_noop("marts"),
    gettext_noop("april"),
    gettext_noop("maj"),
    gettext_noop("juni"),
    gettext_noop("juli"),
    gettext_noop("august"),
    gettext_noop("september"),
    gettext_noop("oktober"),
    gettext_noop("november"),
    gettext_noop("december"),
)


def field_label(name: str) -> str:
    """The field in words; KeyError for a field that has none."""
    return _(_FIELDS[name])


def field_called(word: str) -> str | None:
    """The field that is called `word` in Danish or, among the English, in English; None where none is."""
    for name, label in _FIELDS.items():
        if word.lower() in (label, _(label)):
            return name
    return None


def kind_label(kind: type) -> str:
    """What a table of the document is; KeyError for a dataclass that has no words for it."""
    return _(_KINDS[kind.__name__])


def is_word(word: str) -> bool:
    """Whether `word` is one of the document's own words and no text of its author's."""
    return word in _WORDS


def word_label(word: str) -> str:
    """A word of the document (a channel, a level, a kind of source) as people say it; any other word as it is."""
    return _(_WORDS[word]) if word in _WORDS else word


def month_number(word: str) -> int | None:
    """1 for "januar", "Januar" and, among the English, "January"; None for any other word."""
    for number, name in enumerate(_MONTHS, 1):
        if word.lower() in (name, _(name).lower()):
            return number
    return None


def month_name(month: int) -> str:
    """1 is "januar"."""
    return _(_MONTHS[month - 1])
