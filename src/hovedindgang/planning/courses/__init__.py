"""Courses: who learns what and when, so that all reach the competence goals while the counters stay staffed.

Owns the question as data (`document`), its TOML (`reading`), the program (`building`), its solution and, where the
dates cannot be held, what stands in the way and the earliest date that can (`solving`), an independent check
(`checking`), and how a plan is told and drawn. Calls `planning.integer` for the solver, and `servicemodel` for the
goals and services of an adopted policy. Time goes by weeks.
"""
