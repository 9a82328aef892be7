"""Numeric primitives in blocks of rows; no array of size n x n is ever made."""
