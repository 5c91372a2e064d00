"""What was typed about employees and settings, read as far as it can be read; the deeds say what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import QueryDict

from hovedindgang.people.actions import EmployeeFacts
from hovedindgang.people.models import Employee, Role
from hovedindgang.people.rules import FAVOURITES


@dataclass(slots=True)
class EmployeeForm:
    """The form about an employee as it stands on the page."""

    username: str = ""
    name: str = ""
    email: str = ""
    centre: str = ""
    department: str = ""
    roles: list[str] = field(default_factory=list)
    is_active: bool = True

    @classmethod
    def typed(cls, data: QueryDict) -> EmployeeForm:
        return cls(
            **{name: data.get(name, "").replace("\0", "").strip() for name in ("username", "name", "email")},
            centre=data.get("centre", ""),
            department=data.get("department", ""),
            roles=[role for role in data.getlist("roles") if role in Role.values],
            is_active=data.get("is_active") == "1",
        )

    @classmethod
    def of(cls, employee: Employee) -> EmployeeForm:
        return cls(
            username=employee.username,
            name=employee.name,
            email=employee.email,
            centre=employee.centre_id or "",
            department=employee.department_id or "",
            roles=sorted(employee.roles),
            is_active=employee.is_active,
        )

    def facts(self) -> EmployeeFacts:
        return EmployeeFacts(
            username=self.username,
            name=self.name,
            email=self.email,
            centre=self.centre or None,
            department=self.department or None,
            roles=frozenset(Role(role) for role in self.roles),
        )


@dataclass(slots=True)
class SettingsForm:
    """Her own settings as they stand on the page; `favourites` has a place for each digit, "" where none is chosen."""

    language: str
    letter_keys: bool
    favourites: list[str]

    @classmethod
    def typed(cls, data: QueryDict) -> SettingsForm:
        return cls(
            language=data.get("language", "da"),
            letter_keys=data.get("letter_keys") == "1",
            favourites=[data.get(f"favourite_{digit}", "") for digit in range(1, FAVOURITES + 1)],
        )

    @classmethod
    def of(cls, employee: Employee) -> SettingsForm:
        chosen = [str(key) for key in employee.favourites][:FAVOURITES]
        return cls(employee.language, employee.letter_keys, chosen + [""] * (FAVOURITES - len(chosen)))
