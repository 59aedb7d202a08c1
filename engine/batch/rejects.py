"""Claims that are not settled, and why: a row of the reject file each."""

from __future__ import annotations

from attrs import frozen

from tiaowen.dsl.diagnostics import Diagnostic


@frozen
class Reject:
    """A claim that is not settled: its ``row`` in the chunk, the field and what is wrong."""

    row: int
    field: str
    problem: Diagnostic
