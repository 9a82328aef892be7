"""Searches for all relevant items: where they stand, what certifies their recall, the report that is signed."""
