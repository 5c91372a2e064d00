"""Policy: the versions of the service model, and which one is in force.

Owns drafts and adopted versions, every key ever used, the days that have begun, and exceptional days.
One function answers which version is in force on a day; every room asks it. Calls kernel and servicemodel.
"""
