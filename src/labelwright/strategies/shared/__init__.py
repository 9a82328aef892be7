"""Helpers of several strategies: picks, duplicates, coverage, the search for a rare class, a user's arrays."""
