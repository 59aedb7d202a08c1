"""Claims by the file: read, ordered, settled in columns, written; whole or resumable.

Parquet that is in order is read as it lies, DuckDB reads, joins and sorts the rest; Arrow carries;
the kernel decides. What a cell may hold is said by the same converters that read a single claim,
so that a file and a claim are read alike.
Needs the extra ``batch``.
"""
