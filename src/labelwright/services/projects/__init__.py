"""Projects and what is in them: create, add, show, exclude, replace, list items."""
