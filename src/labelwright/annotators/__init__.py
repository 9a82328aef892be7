"""How good the answers are: agreement, aggregation, skill."""
