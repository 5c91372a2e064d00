"""Files as people really save them, and files that are none: read, or refused with the place; never a crash."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from hovedindgang.planning.commands.simulating import scenario_of
from hovedindgang.planning.courses.reading import read_training
from hovedindgang.planning.demand.changes import read_changes
from hovedindgang.planning.documents import MOST_MEGABYTES
from hovedindgang.planning.hours.reading import read_question as read_hours
from hovedindgang.planning.portfolio import read_portfolio
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.reading import read_plan
from hovedindgang.planning.siting.places import read_places
from hovedindgang.planning.staffing.rosters.reading import read_question as read_roster

ROOT = Path(__file__).resolve().parents[4]
MODELS, EXAMPLES = ROOT / "models", ROOT / "docs" / "guide" / "examples"
JAMMERBUGT = f'"{MODELS / "jammerbugt-2006.toml"}"'
PLAN = MODELS / "planning" / "jammerbugt-2006.toml"

READERS: list[tuple[Callable[[Path], object], Path]] = [
    (read_plan, PLAN),
    (scenario_of, EXAMPLES / "ten-agents.toml"),
    (read_places, MODELS / "places" / "jammerbugt.toml"),
    (read_portfolio, MODELS / "places" / "portfolio.toml"),
    (read_roster, EXAMPLES / "roster.toml"),
    (read_training, EXAMPLES / "courses.toml"),
    (read_hours, EXAMPLES / "hours.toml"),
    (read_changes, EXAMPLES / "expected.toml"),
]
of_every_reader = pytest.mark.parametrize(("read", "right"), READERS, ids=lambda one: getattr(one, "stem", ""))


def copied(right: Path) -> str:
    """The text of a file, moved: what it names it names by its whole path."""
    text = right.read_text(encoding="utf-8")
    return text.replace('"../jammerbugt-2006.toml"', JAMMERBUGT).replace(
        '"../../../models/jammerbugt-2006.toml"', JAMMERBUGT
    )


@of_every_reader
def test_a_file_saved_by_an_editor_of_windows_is_read_as_well(
    tmp_path: Path, read: Callable[[Path], object], right: Path
) -> None:
    file = tmp_path / "saved.toml"
    file.write_bytes(b"\xef\xbb\xbf" + copied(right).replace("\n", "\r\n").encode("utf-8"))
    assert read(file)


@of_every_reader
@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("# Sønderstrand\n".encode("latin-1"), "ikke gemt i UTF-8"),
        (b"\0\0", "linje 1, tegn 1"),
        (b'title = "a"\nanswer =\n', "linje 2, tegn 9"),
        (b"a = " + b"[" * 3000, "TOML"),
        (b"a = " + b"9" * 5000, "TOML"),
        (b"#" * (MOST_MEGABYTES * 10**6 + 1), "20 MB"),
        (b"", ""),
        (b"a = 1", ""),
    ],
    ids=["latin-1", "zeros", "broken", "deep", "long", "large", "empty", "other"],
)
def test_a_file_that_is_none_is_refused_with_its_place(
    tmp_path: Path, read: Callable[[Path], object], right: Path, written: bytes, says: str
) -> None:
    file = tmp_path / "wrong.toml"
    file.write_bytes(written)
    with pytest.raises(CannotPlan) as problem:
        read(file)
    assert says in str(problem.value)
    assert problem.value.cure


@of_every_reader
@pytest.mark.parametrize("written", ["9" * 400, "-1e300", "0x" + "f" * 20])
def test_a_number_of_far_too_many_digits_is_refused_with_its_key_and_its_line(
    tmp_path: Path, read: Callable[[Path], object], right: Path, written: str
) -> None:
    file = tmp_path / "large.toml"
    file.write_text(f"# as typed\nat = {{ most = [1, {written}] }}\n{copied(right)}", encoding="utf-8")
    with pytest.raises(CannotPlan, match=r"at\.most\.1 er for stort") as problem:
        read(file)
    assert problem.value.where == (f"{file}:2",)
    assert problem.value.cure == "Se efter, om der er for mange cifre."


@of_every_reader
def test_a_folder_and_a_name_that_is_nowhere_are_no_files(
    tmp_path: Path, read: Callable[[Path], object], right: Path
) -> None:
    for path in (tmp_path, tmp_path / "nowhere.toml", right / "below.toml"):
        with pytest.raises(CannotPlan, match="ingen fil, der kan læses"):
            read(path)


@pytest.mark.parametrize("read", [read_plan, read_hours, read_training])
def test_a_model_whose_name_no_file_can_have_is_refused(tmp_path: Path, read: Callable[[Path], object]) -> None:
    right = next(file for reader, file in READERS if reader is read)
    file = tmp_path / "zero.toml"
    text = "\n".join(line for line in right.read_text(encoding="utf-8").splitlines() if not line.startswith("model = "))
    file.write_text('model = "\\u0000"\n' + text, encoding="utf-8")
    with pytest.raises(CannotPlan, match="model"):
        read(file)


def test_a_plan_that_starts_from_what_no_file_can_be_called_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "zero.toml"
    file.write_text('inputs = "\\u0000"\n', encoding="utf-8")
    with pytest.raises(CannotPlan, match="inputs er ingen fil"):
        read_plan(file)


# ------------------------------------------------------------------------------------------------------------ a plan


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("value = 19400, low", "value = nan, low", "contacts_per_year.in_person.value"),
        ("value = 19400, low = 15000, high = 24000", "value = inf", "contacts_per_year.in_person.value"),
        ("low = 15000, high = 24000", 'low = "15.000", high = 24000', "spænd, der ikke er tal"),
        ("in_person = [1.25, 1.0", 'in_person = ["1,25", 1.0', "skal være 7 vægte"),
        ("number = 5\n", 'number = "fem"\n', "staff.team.1.number skal være et helt tal"),
        ("number = 5\n", "number = -5\n", "staff.team.aabybro.number kan ikke være -5"),
        ("number = 5\n", "number = 100000000\n", "kan ikke være 1e+08"),
        ("hours_per_week = 37", "hours_per_week = 0", "hours_per_week kan ikke være 0"),
        ("generalist_share = 0.5", "generalist_share = 50", "generalist_share kan ikke være 50"),
        ('centre = "pandrup"', 'centre = "padnrup"', "Modellen har: aabybro, brovst, fjerritslev, pandrup"),
        ('key = "pandrup"', 'key = "aabybro"', "brugt før"),
        ("flytning = { value = 8", "flyttning = { value = 8", "Modellen har: flytning"),
        ("aabybro = { value = 11390", "aabyborg = { value = 11390", "demand.catchment.aabyborg kendes ikke i modellen"),
        ("months = [4, 5, 6]", "months = [4, 5, 13]", "demand.wave.pas.months er ikke måneder"),
        ("sickness = { value = 0.05, low = 0.03, high = 0.08", "sickness = { value = 5", "staff.sickness kan ikke"),
        ("resolved = { value = 0.87, low", "resolved = { value = 0.82, low", "administer har andele, der giver 0.95"),
        ("displaced_other_day = { value = 0.6, low = 0.4, high = 0.8", "displaced_other_day = { value = 0.9", "1.15"),
        ("phone = { value = 8, low = 3, high = 15", "phone = { value = 0", "patience_minutes.phone kan ikke være 0"),
        ("days = 365", 'days = "365"', "skal være 1 til 3660"),
        ("days = 365", 'days = 365\nphones_at = "Aabybro"', "phones_at kendes ikke i modellen: Aabybro"),
        ("[staff]\n", "[staff]\nsickness_is = 3\n", "staff.sickness_is kendes ikke"),
        ("sickness = {", "sicknes = {", "staff.sicknes kendes ikke"),
    ],
)
def test_a_number_or_a_name_that_cannot_be_is_said_with_its_key(
    tmp_path: Path, wrong: str, right: str, says: str
) -> None:
    text = copied(PLAN)
    assert wrong in text
    (tmp_path / "plan.toml").write_text(text.replace(wrong, right, 1), encoding="utf-8")
    with pytest.raises(CannotPlan) as problem:
        read_plan(tmp_path / "plan.toml")
    assert says in f"{problem.value} {problem.value.cure}"


OPEN = 'kind = "opening_hours"\ncentre = "pandrup"\nweekday = 3\nopens = "10:00"\ncloses = "17:00"'
SHUT = 'kind = "opening_hours"\ncentre = "pandrup"\nweekday = 3'
CLOSE = 'kind = "close_centre"\ncentre = "pandrup"\nstaff_to = "aabybro"'


def proposal(tmp_path: Path, *changes: str) -> Path:
    text = f'inputs = "{PLAN}"\n' + "".join(f"[[change]]\n{one}\n" for one in changes)
    (tmp_path / "proposal.toml").write_text(text, encoding="utf-8")
    return tmp_path / "proposal.toml"


@pytest.mark.parametrize(
    "changes",
    [
        (OPEN, SHUT),
        ('kind = "phones_at"\ncentre = "aabybro"', 'kind = "phones_at"\ncentre = "brovst"'),
        (CLOSE, 'kind = "close_centre"\ncentre = "pandrup"\nstaff_to = "brovst"'),
        (OPEN, CLOSE),
        ('kind = "close_centre"\ncentre = "brovst"\nstaff_to = "pandrup"', CLOSE),
        (
            'kind = "carry_at"\nservice = "flytning"\nlevel = "guide"',
            'kind = "carry_at"\nservice = "flytning"\nlevel = "refer"',
        ),
    ],
)
def test_changes_that_contradict_each_other_are_refused_and_named(tmp_path: Path, changes: tuple[str, ...]) -> None:
    between = ('kind = "generalists"\nshare = 0.6', 'kind = "volume"\nfactor = 1.1')
    with pytest.raises(CannotPlan, match="Ændring 1 og ændring 4 modsiger hinanden"):
        read_plan(proposal(tmp_path, changes[0], *between, changes[1]))


def test_what_is_closed_first_may_be_open_a_day_or_be_visited(tmp_path: Path) -> None:
    visit = (
        'kind = "travelling_team"\nteam = "aabybro"\nnumber = 1\nplace = "pandrup"\nweekday = 1\n'
        'begins = "10:00"\nends = "14:00"'
    )
    assert len(read_plan(proposal(tmp_path, CLOSE, OPEN, visit)).changes) == 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ('kind = "opening_hours"\ncentre = "pandrup"\nweekday = 3\nopens = "10.00"\ncloses = "15.00"', "klokkeslæt"),
        ('kind = "opening_hours"\ncentre = "pandrup"\nweekday = "thursday"', "weekday skal være et helt tal"),
        ('kind = "opening_hours"\ncentre = ["pandrup"]\nweekday = 3', "centre skal være tekst"),
        ('kind = "move_channel"\nshare = 0.3\nfrom_channel = "telefon"\nto_channel = "digital"', "telefon kendes ikke"),
        ('kind = "move_channel"\nshare = 0.3\nfrom_channel = "phone"\nto_channel = "phone"', "den samme"),
        (
            'kind = "move_channel"\nshare = nan\nfrom_channel = "phone"\nto_channel = "digital"',
            "share skal være et tal",
        ),
        ('kind = "volume"\nfactor = -1', "factor er 0 til 100"),
        ('kind = "more_staff"\nteam = "pandrup"\nnumber = 2.5', "number skal være et helt tal"),
        ('kind = "carry_at"\nservice = "flytning"\nlevel = "all"', "level er en af: administer"),
        ('kind = "generalists"\nshare = 75', "mellem 0 og 1"),
    ],
)
def test_a_change_that_cannot_be_is_said_in_the_readers_own_language(tmp_path: Path, change: str, says: str) -> None:
    with pytest.raises(CannotPlan) as problem:
        read_plan(proposal(tmp_path, change))
    assert says in f"{problem.value} {problem.value.cure}"
    assert "change.1" in str(problem.value)


def test_a_plan_that_starts_from_itself_or_says_its_numbers_twice_is_refused(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text('inputs = "second.toml"', encoding="utf-8")
    second.write_text('inputs = "first.toml"', encoding="utf-8")
    with pytest.raises(CannotPlan, match="begynder i sig selv"):
        read_plan(first)
    first.write_text(f'inputs = "{PLAN}"\ndays = 28', encoding="utf-8")  # which of the two would hold?
    with pytest.raises(CannotPlan, match="days kan ikke stå sammen med inputs"):
        read_plan(first)


@pytest.mark.parametrize("value", ["[1]", "{ a = 1 }", "true", '""'])
@pytest.mark.parametrize(
    ("read", "right", "key"),
    [
        (read_places, MODELS / "places" / "jammerbugt.toml", 'position_source = "encyclopedia"'),
        (read_portfolio, MODELS / "places" / "portfolio.toml", 'must = ["aabybro"]'),
        (read_portfolio, MODELS / "places" / "portfolio.toml", 'source = "invented"'),
    ],
)
def test_a_list_where_a_name_belongs_is_no_crash(
    tmp_path: Path, read: Callable[[Path], object], right: Path, key: str, value: str
) -> None:
    text = right.read_text(encoding="utf-8")
    assert key in text
    wrong = text.replace(key, f"{key.partition(' =')[0]} = {value}", 1)
    tomllib.loads(wrong)
    (tmp_path / "wrong.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(CannotPlan):
        read(tmp_path / "wrong.toml")
