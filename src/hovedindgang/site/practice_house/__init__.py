"""The practice house as an installation: making it, clearing it, and refusing what belongs in the other house.

`refusing` is asked before anything begins; `clearing` empties a database, and only one that
says that it is for practice.
"""
