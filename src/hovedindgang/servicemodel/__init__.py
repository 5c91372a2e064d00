"""The service model: the policy a council adopts, as one TOML document and as frozen dataclasses.

Owns what the document may say, whether it is right, opening hours and holidays, what changed, and the words.
Pure: no Django, no database, no clock, no chance; time is always an argument.
Calls no other room; every other room may call this one. Start in `document` and `loading`.
Instants are aware, periods half-open, local time is Europe/Copenhagen.
"""
