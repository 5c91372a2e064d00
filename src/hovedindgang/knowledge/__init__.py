"""Knowledge: guidance for each service, as the employee needs it while the citizen is there.

Owns articles in Danish and English with what to ask and what to bring. Calls policy and kernel.
"""
