"""Speed and sturdiness, each a command that prints a table: ``python -m benchmarks`` lists them."""
