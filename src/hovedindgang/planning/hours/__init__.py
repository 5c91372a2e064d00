"""Opening hours: what a change does to whom, and the best hours for a weekly budget by citizens' times of need.

Owns the question as data (`document`), its TOML (`reading`), what hours reach (`reaching`), the best hours and the ten
that come next (`choosing`), and how it is told (`words`). Calls `servicemodel` for the hours in force. The choice is a
multiple-choice knapsack (Sinha & Zoltners 1979), solved to proof by HiGHS as it comes with scipy.
"""
