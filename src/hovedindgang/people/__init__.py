"""People: citizens, employees and what each may see.

Owns citizens (CPR encrypted, found by a keyed blind index), employees with roles, and sign-in.
Its doors are the only way to a citizen's record, and each passage is a look-up. Calls policy and kernel.
"""
