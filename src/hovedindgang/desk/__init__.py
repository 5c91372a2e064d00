"""Desk: the employee's one working page, in any channel.

Owns drafts, encrypted, so that nothing typed is lost. Calls contacts, knowledge, people and policy.
"""
