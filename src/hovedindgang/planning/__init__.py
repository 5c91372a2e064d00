"""Planning: what a change of the service would do, before anybody decides it.

Owns the methods: demand, queues, simulation, staffing, opening hours, siting, portfolio, channels, division of labour
and courses. Pure: numpy, numba, scipy and solvers; no Django, no database, no clock and no chance of its own (a seed is
an argument). Calls `servicemodel` only. Each method names the paper it is from, each estimate has its interval, and
`hovedindgang plan` runs every one of them on files alone.
"""

import os

# To be said before numpy is loaded, and to whatever processes a plan starts. Planning's matrices are small (a few
# hundred rows): threads of linear algebra wait for each other more than they reckon (measured on two cores: a forecast
# takes five times the CPU time), and plans that want more cores take whole processes.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
