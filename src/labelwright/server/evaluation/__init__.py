"""Routes about how good the model is."""
