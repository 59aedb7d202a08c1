"""Tiaowen (条文): medical-insurance regulations that can be checked, run and explained."""

__version__ = "0.1.0"
