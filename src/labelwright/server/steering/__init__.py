"""What the lead watches and decides: progress, rounds, strategies."""
