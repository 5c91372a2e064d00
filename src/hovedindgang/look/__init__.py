"""Look: how every page looks. Base templates, components, charts with their tables, static files, fonts.

Owns no data. Det Fælles Designsystem's tokens, denser for staff; Danish first, English complete.
"""
