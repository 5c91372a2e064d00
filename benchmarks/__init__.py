"""What is promised of speed and size, measured: `make bench`, or `make bench ONLY=register,search FULL=1`.

Everything is a ratio or a limit within one run, CPU of the server's and the database's processes together, so that
another machine gives about the same figures; milliseconds stand beside. Results lie in `results.json`, and the
queries of each page in `queries.json`.
"""
