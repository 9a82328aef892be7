"""Rounds, figures, the model and the report of a project, sent to an experiment tracker of the user."""
