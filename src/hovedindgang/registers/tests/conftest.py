"""Small invented files of each kind, and the one real log where its folder is at hand."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

Rows = list[dict[str, object]]

OPERATION = [
    "Id", "TicketId", "State", "CounterName", "EmployeeInitials", "QueueName", "QueueCategoryName",
    "CreatedAt", "CalledAt", "EndedAt", "AggregatedProcessingTime", "AggregatedWaitingTime", "MunicipalityID",
]  # fmt: skip
CONVERSATION = [
    "QueueName", "Result", "AgentDisplayName", "ConversationEventType", "StartTimeUtc",
    "TotalDurationInMilliseconds", "EventDurationInMilliseconds",
]  # fmt: skip


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A file with the text given, in the encoding given; `.gz` names are packed."""

    def write(text: str | bytes, name: str = "file.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        data = text if isinstance(text, bytes) else text.encode(encoding)
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write


def table(columns: list[str], rows: Rows, delimiter: str = ",") -> str:
    lines = [delimiter.join(columns)]
    lines += [delimiter.join(str(row.get(name, "")) for name in columns) for row in rows]
    return "\r\n".join(lines) + "\r\n"


def operation(number: int, queue: str = "Pas", **changed: object) -> dict[str, object]:
    """A ticket taken at 10:00 on 2 March 2026, called after 5 minutes, ended after 10 more."""
    row: dict[str, object] = {
        "Id": number,
        "TicketId": 9000 + number,
        "State": "Ended",
        "CounterName": "Skranke 1",
        "EmployeeInitials": f"e{number % 7}",
        "QueueName": queue,
        "QueueCategoryName": "Borgerservice",
        "CreatedAt": "2026-03-02 10:00:00.0000000 +01:00",
        "CalledAt": "2026-03-02 10:05:00.0000000 +01:00",
        "EndedAt": "2026-03-02 10:15:00.0000000 +01:00",
        "AggregatedWaitingTime": 999_999_999,
        "MunicipalityID": 849,
    }
    return row | changed


def conversation(
    start: str, event: str, result: str = "Answered", waited: int = 60, **changed: object
) -> dict[str, object]:
    """An event of a call of five minutes; `waited` seconds in the queue. Zylinc keeps UTC."""
    row: dict[str, object] = {
        "QueueName": "Hovednummer_12345678",
        "Result": result,
        "AgentDisplayName": "Opdigtet Agent",
        "ConversationEventType": event,
        "StartTimeUtc": start,
        "TotalDurationInMilliseconds": 300_000,
        "EventDurationInMilliseconds": waited * 1000,
    }
    return row | changed


@pytest.fixture
def frontdesk(written: Callable[..., Path]) -> Path:
    """Six tickets: four met, one who left, one with two matters; a queue spelt in two ways."""
    rows = [
        operation(1),
        operation(2, "Pas "),
        operation(3, "Kørekort"),
        operation(3, "Pas"),
        operation(4, CalledAt=""),
        operation(5, CalledAt="2026-03-02 10:25:00", EndedAt="2026-03-02 10:30:00", CreatedAt="2026-03-02 10:00:00"),
    ]
    return written(table(OPERATION, rows, ";"), "operation.csv", "windows-1252")


@pytest.fixture
def zylinc(written: Callable[..., Path]) -> Path:
    """Three calls as five events: two answered, one missed; the third starts at 13:30 Danish summer time."""
    rows = [
        conversation("2026-03-02 09:00:00", "JoinedQueue"),
        conversation("2026-03-02 09:00:00", "LeftQueue"),
        conversation("2026-03-02 09:10:00", "JoinedQueue", "Missed", 240, TotalDurationInMilliseconds=240_000),
        conversation("2026-06-02 11:30:00", "JoinedQueue"),
        conversation("2026-06-02 11:30:00", "Conversation", waited=0),
    ]
    return written(table(CONVERSATION, rows), "calls.csv")


# Each letter is a group of five or more employees except `d`, where one sits alone.
WANDERINGS = {"case-1": "aabba", "case-2": "a", "case-3": "ab-bc", "case-4": "--", "case-5": "cdc", "case-6": "b-b"}


@pytest.fixture
def log(written: Callable[..., Path]) -> Path:
    """Six cases that wander between four groups; `-` is a step whose group the log does not say."""
    rows: Rows = []
    for number, (case, groups) in enumerate(WANDERINGS.items()):
        for place, group in enumerate(groups):
            rows.append(
                {
                    "case:concept:name": case,
                    "concept:name": f"step {place}",
                    "org:group": "EMPTY" if group == "-" else f"Group {group}",
                    "org:resource": "r-d" if group == "d" else f"r{(number + place) % 5}{group}",
                    "time:timestamp": f"2026-03-0{number + 1}T{9 + place:02}:00:00+01:00",
                    "case:channel": "Desk" if number % 2 else "Internet",
                }
            )
    # Enough people in each of a, b and c that their groups may be shown.
    for group in "abc":
        for person in range(5):
            rows.append(
                {
                    "case:concept:name": f"one-{group}",
                    "concept:name": "sort",
                    "org:group": f"Group {group}",
                    "org:resource": f"r{person}{group}",
                    "time:timestamp": f"2026-03-08T1{person}:00:00+01:00",
                    "case:channel": "Desk",
                }
            )
    return written(table(list(rows[0]), rows), "log.csv.gz")


@pytest.fixture
def receipt() -> Path:
    """The receiving phase of permits in one Dutch municipality, 2010–2012 (4TU.ResearchData, CoSeLoG WABO)."""
    folders = [Path(os.environ.get("HOVEDINDGANG_DATA", "")), Path(__file__).parents[5] / "shared" / "data"]
    for folder in folders:
        if (folder / "receipt.csv.gz").exists():
            return folder / "receipt.csv.gz"
    pytest.skip("the real log is not here: set HOVEDINDGANG_DATA to the folder that holds receipt.csv.gz")
