"""Where a project stands against its targets, and the labeling plan that follows."""
