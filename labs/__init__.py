"""The laboratory: attacks and faults that are tried again and again. Each is a command that prints a table."""
