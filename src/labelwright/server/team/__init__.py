"""Routes about how people fare."""
