"""Tests of the Python client, against a server in a process of its own."""
