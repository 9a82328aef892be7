"""Projects: list, create, show, pause, resume, add items, export."""
