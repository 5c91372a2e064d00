"""Contacts: the heart. Every occasion on which someone approaches the municipality, and each matter raised.

Owns contacts, enquiries with their outcomes, notes, handovers, signposts and the strip counter's counts.
Its deeds are checked, atomic and leave one event each. Calls knowledge, people, policy and kernel.
"""
