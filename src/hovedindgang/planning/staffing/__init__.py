"""Staffing: who is needed where and when, and who comes."""
