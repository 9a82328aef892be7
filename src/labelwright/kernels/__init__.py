"""Blocked numeric primitives: no n x n array is ever made."""
