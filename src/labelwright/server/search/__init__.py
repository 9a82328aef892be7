"""Routes about searches."""
