"""Integrations: outside systems, each behind a port of a room below.

Owns nothing of its own: a module for each system, named in the settings and loaded by the room that needs it.
"""
