"""Whether the site answers."""
