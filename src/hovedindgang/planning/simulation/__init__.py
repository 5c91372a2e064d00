"""The service as it is, simulated: who comes, who waits, who is helped by whom, and what comes of it.

`scenario` says what is simulated, `reading` reads it from a file, `preparing` makes arrays of it, `loop` is the one
event loop (plain Python is the reference, numba the engine), `replications` runs it many times over, `outcome` says
what came of it with its uncertainty.
"""
