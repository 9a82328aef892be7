"""Whether the data of a project have changed: what is seen, alarms, and samples that measure a change."""
