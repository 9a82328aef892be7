"""Routes of the report."""
