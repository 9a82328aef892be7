"""Plans before spending."""
