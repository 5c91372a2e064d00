"""Rosters: who works where and when, for some weeks, by the rules of work and as near to everybody's wish as it goes.

Owns the problem as data (`document`), its TOML (`reading`), the program (`building`), its solution (`solving`), the
rules that collide (`colliding`), an independent check of a roster (`checking`) and how it is told and drawn. Calls
`planning.integer` for the solver. The classic of the field is Ernst et al., "Staff scheduling and rostering" (2004).
"""
