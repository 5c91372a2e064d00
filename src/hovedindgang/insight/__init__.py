"""Insight: does the goal hold? Indicators by their versioned definitions, completeness, and the leader's board.

Owns the kept daily figures, which can always be recomputed. Calls registers' floor and below: contacts, policy.
"""
