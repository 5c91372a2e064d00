"""Scenarios: planning on this municipality's own data. Inputs, what-ifs, runs, their results and maps.

Owns the inputs documents, the what-ifs and the runs. Calls planning for the methods (the simulation itself only in the
worker, never in a web process), policy for the model in force and its drafts, and insight, registers and contacts for
what was measured. Only sums are read from them: nothing here is about a person.
"""
