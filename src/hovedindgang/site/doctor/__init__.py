"""What is wrong with an installation, and how to mend it: one small function for each thing that can be.

`machine` needs no database, `database` asks it about itself, `work` asks it about the house. `examination` has the
table of them all and runs them; one that cannot be asked says so and stops no other.
"""
