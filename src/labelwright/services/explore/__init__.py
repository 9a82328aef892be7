"""A map of the pool: where items lie, what colours them, what lies near."""
