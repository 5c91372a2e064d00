"""Surveys: what citizens think of us. Complaints, praise and ideas first; surveys and focus groups come here.

Owns feedback with its words and their amendments, who answers and by when, what came of it and what was learnt. Calls
contacts, people, policy and kernel; reopens an enquiry by contacts' own deed.
"""
