"""Siting: where the centres, branches and help points lie, and who is how far from one.

`networks` reads a network of roads, `medians` solves the p-median problem to proof.
`places` reads a municipality, and `sites` plans its places: how many, which kind, where, what it costs, who is far.
"""
