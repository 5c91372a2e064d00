"""Kernel: the spine every deed writes to, and what every room needs from the ground.

Owns the event log, its deliveries and seals, and the look-ups; gives actors, the clock, request ids and encryption.
Calls no other room; a new file here needs a decision page.
"""
