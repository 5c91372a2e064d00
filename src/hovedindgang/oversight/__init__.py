"""Oversight: who looked citizens up, and whether it was work.

Owns the daily judgement of look-ups (explained by work, or standing out), the monthly sample and the questions about
look-ups, and what a citizen is told of who saw her. Calls contacts, people, policy and kernel; the desk tells it which
forms are open (`ports`).
"""
