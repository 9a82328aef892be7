"""What the lead watches: curve, rounds, running work, events."""
