"""Siting: where the centres, branches and help points lie, and who is how far from one.

`networks` reads a network of roads, `medians` solves the p-median problem to proof.
"""
