"""Registers: what other systems recorded, read in; what ours records, given out.

Owns imported files, the tickets, calls and mails they count, and the steps of imported logs, apart from the
municipality's own audit trail. Calls contacts, policy and kernel.
"""
