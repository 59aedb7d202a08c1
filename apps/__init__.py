"""Doors: the command line and the documentation plug-in."""
