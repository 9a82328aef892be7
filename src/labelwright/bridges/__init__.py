"""Bridges: people keep their labeling tool, and the loop of a project here runs on what they answer there."""
