"""Names and texts as SQL has them."""

from __future__ import annotations


def text(value: object) -> str:
    """A text, or the path of a file, between quotes."""
    return "'" + str(value).replace("'", "''") + "'"


def name(column: str) -> str:
    """The name of one column or table."""
    return '"' + column.replace('"', '""') + '"'


def dotted(table: str) -> str:
    """The name of a table, which may be behind that of its schema and a point."""
    return ".".join(map(name, table.split(".")))
