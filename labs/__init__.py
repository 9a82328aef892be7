"""Laboratories that look for faults for as long as one lets them: run by hand, and a share of each in the tests."""
