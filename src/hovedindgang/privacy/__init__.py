"""Privacy: what we hold about people is let go when its time has come, and she may ask for all of it before.

Owns runs of the retention, holds, receipts of the archive, citizens' requests and breaches. Nothing of a person is kept
here but row numbers. Calls insight (what figures keep), registers, safety, contacts, people, policy and kernel.
"""
