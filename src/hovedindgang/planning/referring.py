"""numba's type of a named tuple that is handed on by reference. Loaded only where something is compiled."""

from __future__ import annotations

from typing import Any

from numba.core import types
from numba.experimental import structref


@structref.register
class Referred(types.StructRef):
    """Fields as those of the named tuple it is made from."""

    def preprocess_fields(self, fields: Any) -> Any:
        return tuple((name, types.unliteral(kind)) for name, kind in fields)
