"""What an answer costs: time models, rates, forecasts."""
