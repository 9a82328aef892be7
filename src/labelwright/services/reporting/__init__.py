"""A report of a project for people who never open the app."""
