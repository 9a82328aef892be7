"""Webhooks of a project: who is told of what, and how far."""
