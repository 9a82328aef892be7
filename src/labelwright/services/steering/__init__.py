"""What a lead watches and decides: progress, rounds, strategies, training."""
