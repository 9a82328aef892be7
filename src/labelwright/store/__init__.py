"""What is remembered: tables, events and their chain, arrays, migrations. Knows no pure room."""
