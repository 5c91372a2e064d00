"""The rows of a linear program, told one by one, as SciPy's solvers ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint

# The coefficient of each column that it has, and what their sum may be at least and at most.
Row = tuple[dict[int, float], float, float]


def limited(rows: Sequence[Row], columns: int) -> LinearConstraint:
    """All of them at once. Most have a handful of coefficients among thousands of columns: no more is kept of them."""
    from scipy.optimize import LinearConstraint  # heavy, and only who asks waits for it
    from scipy.sparse import csr_array

    values = [value for terms, _, _ in rows for value in terms.values()]
    of_columns = [column for terms, _, _ in rows for column in terms]
    ends = [0, *accumulate(len(terms) for terms, _, _ in rows)]
    matrix = csr_array((values, of_columns, ends), shape=(len(rows), columns))
    return LinearConstraint(matrix, [low for _, low, _ in rows], [high for _, _, high in rows])
