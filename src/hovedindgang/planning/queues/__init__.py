"""Queues in closed form: how long people wait when calls come by chance and everyone can answer everything.

`erlang.py` has the formulas (Erlang 1917, Palm 1957, Garnett, Mandelbaum and Reiman 2002), `waits.py` what they mean
for a queue, `needed.py` how many are needed for a goal.
"""

from hovedindgang.planning.queues.erlang import erlang_b, erlang_c, log_erlang_b, log_erlang_c
from hovedindgang.planning.queues.needed import Goals, agents_needed
from hovedindgang.planning.queues.waits import Queue, Waits, waits

__all__ = [
    "Goals",
    "Queue",
    "Waits",
    "agents_needed",
    "erlang_b",
    "erlang_c",
    "log_erlang_b",
    "log_erlang_c",
    "waits",
]
