"""No page, file or answer tells what one employee did, but by an agreement of the model or to herself."""

from __future__ import annotations

from pathlib import Path

import pytest

from house.employees import NOT_A_FIGURE, counted_of_employees, figures_in_schema
from house.tree import ROOT, text_of, tracked
from hovedindgang.site.api import api

pytestmark = pytest.mark.once


def test_nothing_counts_by_employee_but_what_an_agreement_opens() -> None:
    files = [(file.relative_to(ROOT), text_of(file)) for file in tracked() if file.suffix in {".py", ".html"}]
    found = [f"{file}: {what}" for file, text in files for what in counted_of_employees(file, text)]
    assert [line for line in found if line not in NOT_A_FIGURE] == []
    assert [line for line in NOT_A_FIGURE if line not in found] == []  # what is gone is not excused


def test_no_answer_of_the_api_holds_a_figure_of_an_employee() -> None:
    assert list(figures_in_schema(api.get_openapi_schema())) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("queries.py", "Contact.objects.values('employee').annotate(n=Count('pk'))"),
        ("queries.py", "rows.filter(a=1).values_list('outcome_by__name', 'day').order_by().annotate(Avg('minutes'))"),
        ("counting.py", "sql = 'SELECT employee_id, COUNT(*) FROM contacts_contact GROUP BY day, employee_id'"),
        ("counting.py", "sql = f'SELECT 1 FROM {table} GROUP BY c.outcome_by_id'"),
        ("outgoing.py", "writer.writerow(['employee', 'contacts', 'minutes'])"),
        ("views.py", "from hovedindgang.contacts.by_employee import work_of"),
        (
            "templates/x.html",
            "{% for row in rows %}<td>{{ row.employee.name }}</td><td>{{ row.solved|number }}</td>{% endfor %}",
        ),
        ("templates/x.html", "{% for o in rows %}{{ o.owner.name }} {% share o.rate %}{% endfor %}"),
    ],
)
def test_a_figure_of_an_employee_planted_in_a_file_is_found(file: str, text: str) -> None:
    assert list(counted_of_employees(Path("src/hovedindgang/desk") / file, text))


def test_a_figure_of_an_employee_planted_in_the_api_is_found() -> None:
    planted = {"employee_id": {"type": "integer"}, "contacts": {"type": "integer"}}
    assert list(figures_in_schema({"components": {"schemas": {"Board": {"properties": planted}}}}))
    nullable = {"username": {"type": "string"}, "median_minutes": {"anyOf": [{"type": "number"}, {"type": "null"}]}}
    assert list(figures_in_schema({"components": {"schemas": {"Board": {"properties": nullable}}}}))
    narrowed = {"get": {"parameters": [{"name": "employee"}]}}
    assert list(figures_in_schema({"paths": {"/api/v1/indicators/share": narrowed}}))


@pytest.mark.parametrize(
    "text",
    [
        "Contact.objects.values('centre').annotate(n=Count('pk'))",
        "Contact.objects.values_list('employee', flat=True)",
        "sql = 'SELECT COUNT(*) FROM (SELECT DISTINCT centre_id, employee_id FROM c) x GROUP BY centre_id'",
        "writer.writerow(['centre', 'contacts'])",
    ],
)
def test_what_tells_nothing_of_one_employee_is_let_be(text: str) -> None:
    assert not list(counted_of_employees(Path("src/hovedindgang/desk/queries.py"), text))
