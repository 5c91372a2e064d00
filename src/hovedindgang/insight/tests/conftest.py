from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from hovedindgang.insight.tests.desk import Desk


@pytest.fixture
def desk(cast: SimpleNamespace, clock: Any) -> Desk:
    return Desk(cast, clock)
