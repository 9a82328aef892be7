"""Routes about checks and reviews."""
