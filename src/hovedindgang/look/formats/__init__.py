"""How days and times are written where Django's own way is not ours; the settings name this package to it."""
