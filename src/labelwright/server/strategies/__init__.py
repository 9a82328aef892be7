"""Routes about strategies."""
