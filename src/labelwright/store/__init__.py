"""Storage: tables, events and their hash chain, arrays, migrations. It imports none of the pure packages."""
