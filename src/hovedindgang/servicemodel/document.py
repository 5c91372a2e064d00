"""The service model as frozen dataclasses: what a council adopts, and what all other rooms ask.

One TOML document (plus the catalogue it includes) becomes one `ServiceModel`. Field names here are the
keys of the document, so that a message about ``services.pas.handle_minutes`` names a place in the file.

Units stand in the names (``_minutes``, ``_percent``, ``_kr``, ``_days``). Dates are calendar dates in
Denmark, periods are half-open ``[valid_from, valid_to)``; "not said" is ``None``, and what a paper leaves
open stands in ``ServiceModel.open`` instead of being invented. Every number is `Sourced`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Channel(StrEnum):
    """The papers' four ways of approaching the municipality (henvendelsesmåder)."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    WRITTEN = "written"
    DIGITAL = "digital"


class SourceKind(StrEnum):
    """Where a number or a statement comes from; pages and reports show it beside the number."""

    ADOPTED = "adopted"  # stands in the council's paper
    PUBLISHED = "published"  # stands in a public reference
    MEASURED = "measured"  # counted by this municipality, in `period`
    ASSUMED = "assumed"  # nobody has said it; shown as such


class CentreKind(StrEnum):
    CENTRE = "centre"  # borgerservicecenter
    BRANCH = "branch"  # filial
    SERVICE_POINT = "service_point"  # medbetjeningsplads, e.g. a PC stand in a library
    MOBILE = "mobile"  # rullende borgerservice


class ServiceKind(StrEnum):
    """KL's two kinds of enquiry (KOMHEN): told something, or something done."""

    INFORMATION = "information"
    TRANSACTION = "transaction"


class Level(StrEnum):
    """What a centre does with a service; the paper's "administrative opgaver ... vejledning ... henvises"."""

    ADMINISTER = "administer"
    LIGHT_CASEWORK = "light_casework"
    CASEWORK = "casework"
    GUIDE = "guide"
    REFER = "refer"


class Sensitivity(StrEnum):
    """How closely a matter of this service is kept: who may read that she had it at all."""

    ORDINARY = "ordinary"
    CONFIDENTIAL = "confidential"  # fortrolig: income, family, debts
    SENSITIVE = "sensitive"  # følsom: health, ethnic origin and the rest of GDPR article 9


class Right(StrEnum):
    """What a citizen may ask about what is held of her (GDPR articles 15 to 18); the law says when it is answered."""

    ACCESS = "access"  # article 15
    CORRECTION = "correction"  # article 16
    ERASURE = "erasure"  # article 17
    RESTRICTION = "restriction"  # article 18


class GoalScope(StrEnum):
    MUNICIPALITY = "municipality"
    BORGERSERVICE = "borgerservice"


class Reading(StrEnum):
    """Which enquiries "alle borgerhenvendelser" means (indicators: indicator A)."""

    OWN = "own"  # those that reached Borgerservice
    WIDE = "wide"  # all to the municipality


@dataclass(frozen=True, slots=True)
class Source:
    key: str
    kind: SourceKind
    reference: str  # the paper, the publication, the register
    sentence: str | None = None  # the sentence of a council paper by number, e.g. "J-052"
    period: str | None = None  # for `measured`: the time it was measured in
    note: str | None = None
    reference_en: str | None = None
    note_en: str | None = None


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T]):
    """A number (or a table of numbers) with the key of its `Source`."""

    value: T
    source: str


@dataclass(frozen=True, slots=True)
class Municipality:
    name: str
    code: str  # kommunekode, three or four digits
    population: Sourced[int] | None = None
    phone: str | None = None
    website: str | None = None
    borgerservice_name: str | None = None  # "Borgerservice Jammerbugt"
    one_unit: bool | None = None  # the centres are organisationally one unit
    unit_source: str | None = None  # where the unit and its name stand


@dataclass(frozen=True, slots=True)
class Adoption:
    title: str
    body: str | None = None  # who adopted it; None where the paper does not say
    decided_on: dt.date | None = None
    valid_from: dt.date | None = None
    status: str = "draft"  # "draft" | "adopted"
    source: str | None = None
    note: str | None = None  # e.g. that demo.toml moved the dates by whole years
    note_en: str | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """A question the paper leaves open: where in the model it belongs and what is used meanwhile."""

    key: str  # dotted place in the model, e.g. "goals.solved_in_borgerservice.reading"
    question: str
    used_meanwhile: str | None = None
    question_en: str | None = None
    used_meanwhile_en: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A value, vision, principle, aim, means or commitment of the paper, in short words."""

    key: str
    kind: str  # value | vision | principle | aim | means | commitment | task (what a draft must propose)
    text: str
    text_en: str | None = None
    of: str | None = None  # key of the statement this one serves (a means of an aim)
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    address: str | None = None
    postcode: str | None = None
    town: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Open from `opens` until `closes` (half-open, local time)."""

    opens: dt.time
    closes: dt.time


WeekHours = Mapping[int, tuple[Period, ...]]  # 0 = Monday ... 6 = Sunday; a missing day is closed


@dataclass(frozen=True, slots=True)
class ClosingDay:
    on: dt.date
    name: str
    name_en: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Centre:
    key: str
    name: str
    kind: CentreKind
    place: Place
    hours: Mapping[Channel, WeekHours] = field(default_factory=dict)
    closing_days: tuple[ClosingDay, ...] = ()
    individual_times: bool | None = None  # "mulighed for at aftale individuel træffetid"
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    hours_source: str | None = None
    individual_times_source: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days on which everything is closed beside the public holidays, as the model says."""

    constitution_day: str = "open"  # Grundlovsdag, 5 June: "open" | "closed" | "12:00" (closes then)
    christmas_eve: str = "closed"
    new_years_eve: str = "closed"
    closing_days: tuple[ClosingDay, ...] = ()
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Department:
    key: str
    name: str
    name_en: str | None = None
    phone: str | None = None
    hours: Mapping[Channel, WeekHours] = field(default_factory=dict)
    answer_working_days: Sourced[int] | None = None
    hours_source: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Authority:
    key: str
    name: str
    name_en: str | None = None
    phone: str | None = None
    website: str | None = None
    about: str | None = None  # what citizens are sent there for
    about_en: str | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    dates_source: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Medium:
    key: str  # letter, email, digital_post, web_form, chat, video, self_service, counter, telephone, home_visit
    name: str
    channel: Channel
    name_en: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceStandard:
    """What citizens are promised (servicemål), e.g. 80 % of calls answered within 3 minutes."""

    key: str
    channel: Channel
    text: str
    text_en: str | None = None
    measure: str | None = None  # wait_minutes | answer_working_days | appointment_working_days
    within: Sourced[float] | None = None
    target_percent: Sourced[float] | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    days: Sourced[int]
    ground: str
    ground_en: str | None = None
    archive: bool = False  # what is worth keeping goes to the archive (arkivloven) before it is forgotten


@dataclass(frozen=True, slots=True)
class Service:
    key: str
    name: str
    kind: ServiceKind
    level: Level  # the level where the portfolio does not say another
    name_en: str | None = None
    kle: str | None = None  # KLE number, NN[.NN[.NN]]; titles are KL's and not shipped
    owner: str = "municipality"  # "municipality", "state" (transferred to it), or an authority's or department's key
    owner_from: dt.date | None = None  # since when, where another had the task before; who that was stands in `note`
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    dates_source: str | None = None  # where the dates stand, if not in `source`
    successor: str | None = None  # key of the service that carries its time series on
    handed_to: str | None = None  # authority's key when the task left the municipality
    channels: tuple[Channel, ...] = ()
    personal_appearance: bool = False
    handle_minutes: Sourced[Mapping[Channel, float]] | None = None
    deadline_working_days: Sourced[int] | None = None
    self_service: str | None = None  # address of the self-service solution
    preparatory: bool = False  # booking, collecting, a status question: out of indicator B
    journal: bool = False  # a matter of it is journalised in the case system (offentlighedsloven §15)
    retention: Retention | None = None
    sensitivity: Sourced[Sensitivity] | None = None  # None: by its KLE number, see `kept_as`
    right: Right | None = None  # a matter of this service is such a request
    others_who_help: tuple[str, ...] = ()  # keys of departments and authorities
    bundle: tuple[str, ...] = ()  # services that people in that situation often need, and repeats span
    search_words: tuple[str, ...] = ()  # synonyms and the citizen's own words
    note: str | None = None
    note_en: str | None = None
    source: str | None = None

    @property
    def kept_as(self) -> Sensitivity:
        """As the model says; where it says nothing by the KLE main group (assumed), else ordinary."""
        if self.sensitivity is not None:
            return self.sensitivity.value
        return _BY_MAIN_GROUP.get((self.kle or "")[:2], Sensitivity.ORDINARY)


# Assumed: 27 is social services, most of it about health; 15 and 32 are employment and benefits, about income.
_BY_MAIN_GROUP = {
    "27": Sensitivity.SENSITIVE,
    "15": Sensitivity.CONFIDENTIAL,
    "32": Sensitivity.CONFIDENTIAL,
}


@dataclass(frozen=True, slots=True)
class PortfolioEntry:
    """`services` are carried at `level` by `centres` in [valid_from, valid_to)."""

    centres: tuple[str, ...]
    level: Level
    services: tuple[str, ...]
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class CompetenceRequirement:
    """At least `share_percent` of the services of `scope` at `level` for each employee by `by`."""

    key: str
    level: str  # generalist | specialist
    share_percent: Sourced[float]
    scope: str  # what the share is of, in words
    by: dt.date | None = None
    text: str | None = None
    text_en: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    key: str
    text: str
    scope: GoalScope
    indicator: str  # key of `IndicatorDefinition`, or a plain word where nothing measures it yet
    text_en: str | None = None
    reading: Reading | None = None
    target_percent: Sourced[float] | None = None  # None: the paper gives no number
    by: dt.date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    key: str
    name: str
    month: int | None = None  # each year in this month
    reservation_years: tuple[int, ...] = ()  # years in which it will be judged whether to hold it
    text: str | None = None
    name_en: str | None = None
    text_en: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Reporting:
    key: str  # annual_plan | annual_report | ...
    name: str
    every: str = "year"  # year | half_year | quarter | month
    approved_by: str | None = None
    text: str | None = None
    name_en: str | None = None
    text_en: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of the time plan: what is put to whom, and when (a date, or a month as its first day)."""

    key: str
    text: str
    text_en: str | None = None
    by: dt.date | None = None
    precision: str = "day"  # day | month | year
    body: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class FocusGroup:
    key: str
    name: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Parameters:
    """How the indicators are counted; defaults are `indicators` assumptions and marked so in the models."""

    repeat_window_days: Sourced[int] | None = None  # 14
    completeness_limit_percent: Sourced[float] | None = None  # 90
    provisional_days: Sourced[int] | None = None  # 30
    late_after_days: Sourced[int] | None = None  # an entry this many days after the contact says it was late; 1
    smallest_group: Sourced[int] | None = None  # 5
    transfer_answer_seconds: Sourced[int] | None = None  # a live call nobody takes comes back; 60
    claim_minutes: Sourced[int] | None = None  # who works on a contact has it for so long; 15
    warning_longest_months: Sourced[int] | None = None  # a warning on a citizen ends by then; 12
    complaint_answer_working_days: Sourced[int] | None = None  # a complaint is answered by then; None: asked each time
    feedback_kept_days: Sourced[int] | None = None  # the words of complaints and praise, once closed; None: kept
    signpost_counts: str = "apart"  # apart | solved | not_solved
    self_service_counts: str = "apart"
    apply_solved_at: str = "collection"  # collection | application
    indicator_version: str = "1"


@dataclass(frozen=True, slots=True)
class Oversight:
    """When an employee's look-up of a citizen counts as work, what stands out beside it, and the monthly sample.

    None: the house's own assumption, which `oversight.rules` names.
    """

    contact_explains_days: Sourced[int] | None = None  # a contact explains her look-ups so many days afterwards; 14
    lookup_before_days: Sourced[int] | None = None  # and so many days before it, as when she prepares a call; 2
    night_from_hour: Sourced[int] | None = None  # from this hour until `night_to_hour` a look-up is at night; 22
    night_to_hour: Sourced[int] | None = None  # 6
    several_employees: Sourced[int] | None = None  # so many, without a work reason, looked one citizen up; 3
    several_days: Sourced[int] | None = None  # within so many days; 7
    common_surname: Sourced[int] | None = None  # borne by so many citizens a surname in common says nothing; 25
    sample_size: Sourced[int] | None = None  # look-ups drawn each month, openings of closed records beside; 20
    sign_off_working_days: Sourced[int] | None = None  # from the drawing to the leader's word; 15
    source: str | None = None


class EmployeeFigure(StrEnum):
    """What may be counted about one employee, where an agreement names it."""

    REGISTRATIONS = "registrations"  # contacts she registered
    HANDLING = "handling"  # minutes from start to end, the middle one
    RESOLVED = "resolved"  # enquiries that she ended as resolved, of those she ended


class MaySee(StrEnum):
    """Who may see it; nobody else, whatever the agreement says."""

    LEADER = "leader"
    PLANNER = "planner"


@dataclass(frozen=True, slots=True)
class EmployeeFigures:
    """An agreement by which figures about single employees are seen in [valid_from, valid_to).

    The staff committee (MED-udvalg) discussed it and every employee was told before the first day. Without one
    that is in force on a day, no figure of that day tells of one employee, nor of fewer than five.
    """

    key: str
    purpose: str
    figures: tuple[EmployeeFigure, ...]
    seen_by: tuple[MaySee, ...]
    discussed_on: dt.date
    told_on: dt.date
    valid_from: dt.date
    valid_to: dt.date
    purpose_en: str | None = None
    source: str | None = None

    def holds_on(self, day: dt.date) -> bool:
        return self.valid_from <= day < self.valid_to


@dataclass(frozen=True, slots=True)
class ServiceModel:
    municipality: Municipality
    adoption: Adoption
    sources: Mapping[str, Source] = field(default_factory=dict)
    open: tuple[Open, ...] = ()
    statements: Mapping[str, Statement] = field(default_factory=dict)
    centres: Mapping[str, Centre] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    departments: Mapping[str, Department] = field(default_factory=dict)
    authorities: Mapping[str, Authority] = field(default_factory=dict)
    media: Mapping[str, Medium] = field(default_factory=dict)
    service_standards: Mapping[str, ServiceStandard] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    portfolio: tuple[PortfolioEntry, ...] = ()
    competences: Mapping[str, CompetenceRequirement] = field(default_factory=dict)
    goals: Mapping[str, Goal] = field(default_factory=dict)
    costs_kr: Mapping[Channel, Sourced[float]] = field(default_factory=dict)
    surveys: Mapping[str, Survey] = field(default_factory=dict)
    reporting: Mapping[str, Reporting] = field(default_factory=dict)
    milestones: Mapping[str, Milestone] = field(default_factory=dict)
    focus_groups: Mapping[str, FocusGroup] = field(default_factory=dict)
    parameters: Parameters = field(default_factory=Parameters)
    oversight: Oversight = field(default_factory=Oversight)
    employee_figures: Mapping[str, EmployeeFigures] = field(default_factory=dict)
    same_hours_as_departments: Sourced[bool] | None = None  # a check: centres open as the departments are
    schema_version: int = 1

    def services_on(self, day: dt.date) -> dict[str, Service]:
        """Services that exist on `day`, by key."""
        return {
            key: s
            for key, s in self.services.items()
            if (s.valid_from is None or s.valid_from <= day) and (s.valid_to is None or day < s.valid_to)
        }

    def authorities_on(self, day: dt.date) -> dict[str, Authority]:
        """Those that exist on `day`, by key: nobody is shown the way to one that is gone or not yet there."""
        return {
            key: one
            for key, one in self.authorities.items()
            if (one.valid_from is None or one.valid_from <= day) and (one.valid_to is None or day < one.valid_to)
        }

    def level_of(self, service: str, centre: str | None, day: dt.date) -> Level:
        """Level at which `centre` carries `service` on `day`; the service's own level where nothing says another.

        Raises KeyError for a service that the model does not know.
        """
        level = self.services[service].level
        for entry in self.portfolio:
            if (
                service in entry.services
                and (centre is None or centre in entry.centres)
                and (entry.valid_from is None or entry.valid_from <= day)
                and (entry.valid_to is None or day < entry.valid_to)
            ):
                level = entry.level
        return level
