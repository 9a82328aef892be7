"""Routes by which a lead selects items."""
