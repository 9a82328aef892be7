"""Routes about targets and the labeling plan."""
