"""Routes about whether the data have changed."""
