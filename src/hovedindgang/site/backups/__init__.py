"""Backups: the whole house in one file, on either database, and back again.

A format of our own (docs/decisions/backups.md): every table as text in the order of its keys, so that a backup of
SQLite can be restored to PostgreSQL, and the same rows give the same hash wherever they lie.
"""
