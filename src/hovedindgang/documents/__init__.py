"""Documents: attachments and evidence, told apart by what is in them, sealed, and kept as long as there is a ground.

Owns the files themselves and nothing about whose they are: the room that a document is for points to it, lets people
in at its own door, and hands on what this room makes of a download. Calls kernel.
"""
