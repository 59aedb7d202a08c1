"""Syntax tree to checked dependency graph: names, types, units, tables, order, grounding."""
