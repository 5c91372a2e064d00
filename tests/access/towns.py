"""The town for tests: furnished once for a class of them, and each leaves it as it was."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.test import TestCase, TransactionTestCase

from access.asking import House
from access.furnishing import furnish
from access.town import Town
from hovedindgang.kernel.clock import DENMARK, standing_at
from hovedindgang.people.admission import forget_clients
from hovedindgang.policy.queries import forget_adopted_versions

A_WEDNESDAY = dt.datetime(2026, 3, 11, 10, 0, tzinfo=DENMARK)


class InTheTown(TestCase):
    """`house`: asks, and nothing of it stays."""

    made: ClassVar[list[House]] = []

    @classmethod
    def setUpClass(cls) -> None:
        cls.enterClassContext(standing_at(A_WEDNESDAY))
        forget_adopted_versions()
        forget_clients()
        super().setUpClass()
        cls.addClassCleanup(forget_adopted_versions)

    @classmethod
    def setUpTestData(cls) -> None:
        cls.made[:] = [House(furnish())]  # in a list: test data of its own is copied for each test

    @property
    def house(self) -> House:
        return self.made[0]

    @property
    def town(self) -> Town:
        return self.house.town


class InTheTownOnDisk(TransactionTestCase):
    """The same town, committed, so that each question is a transaction of its own as in use.

    Where very much is asked it is also quicker: SQLite reads its whole schema anew after each roll-back within a
    transaction that has made a temporary table.
    """

    house: House

    def setUp(self) -> None:
        self.enterContext(standing_at(A_WEDNESDAY))
        forget_adopted_versions()
        forget_clients()
        self.addCleanup(forget_adopted_versions)
        self.house = House(furnish())

    @property
    def town(self) -> Town:
        return self.house.town
