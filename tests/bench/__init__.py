"""Measurements: `make bench`. Nothing here asserts a time."""
