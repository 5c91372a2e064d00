"""Safety: that whoever meets a citizen comes home unhurt, and that no citizen is marked for longer than she must be.

Owns warnings on citizens, alarms with who comes, and incidents, which stand apart from every citizen. Calls people,
policy and kernel; what the house's own alarm is told goes through a port.
"""
