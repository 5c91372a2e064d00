"""The demonstration: a municipality of invented people with a year of invented contacts, at published volumes.

`figures` says which numbers are published and which assumed; `shapes` when people come; `inventing` makes the year
from a seed; `filling` writes it through the same bulk deed as an import.
"""
