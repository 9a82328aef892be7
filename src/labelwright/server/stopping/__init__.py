"""Routes about stopping."""
