"""Routes of the map of the pool."""
