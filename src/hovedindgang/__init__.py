"""Hovedindgang: a municipality's main entrance, run by its council's citizen-service policy as data."""

__version__ = "0.1.0"
