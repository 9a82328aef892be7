"""People with an account and their API tokens."""
