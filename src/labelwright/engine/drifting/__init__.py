"""Whether the data of a project have changed: what is looked at, when, and what a look finds."""
