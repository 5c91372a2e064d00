"""Governance: goals, plans and decisions; in it the deed that adopts a service model from a day.

Calls policy; owns no table yet.
"""
