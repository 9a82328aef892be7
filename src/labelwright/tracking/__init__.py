"""Experiment trackers of the user. Nothing is sent but by a call that names the server."""
