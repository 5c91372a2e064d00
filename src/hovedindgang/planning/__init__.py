"""Planning: what a change of the service would do, before anybody decides it.

Owns the methods: demand, queues, simulation, staffing, opening hours, siting, portfolio, channels, division of labour
and courses. Pure: numpy, numba, scipy and solvers; no Django, no database, no clock and no chance of its own (a seed is
an argument). Calls `servicemodel` only. Each method names the paper it is from, each estimate has its interval, and
`hovedindgang plan` runs every one of them on files alone.
"""
