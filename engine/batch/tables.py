"""The tables of a batch, opened and looked at: which columns are which fields, and what is refused
before a row is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from tiaowen.compiler.core import Program
from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.engine.batch.binding import Binding, Bound, bind
from tiaowen.engine.batch.leftovers import shared_encounters
from tiaowen.engine.batch.sources import (
    Source,
    is_nested,
    misshapen,
    nested_fields,
    open_source,
)
from tiaowen.engine.claims.billed import lacking
from tiaowen.engine.kernel.columns import Given


def opened(connection: Any, claims: str, lines: str) -> tuple[Source, Source | None]:
    """The claims, and the fee lines where they have a file of their own (``lines`` not '').
    ``Rejected`` with TW1339 where either has no row, and as ``open_source`` says."""
    source = open_source(connection, claims)
    beside = open_source(connection, lines) if lines else None
    for found in (source, beside):
        if found is not None and not found.rows:
            raise Rejected([diagnose("TW1339", path=found.name)])
    return source, beside


def bound(connection: Any, program: Program, source: Source, lines: Source | None) -> Binding:
    """Which columns are which fields. ``Rejected`` (TW1344) where there are neither fee lines nor
    all the totals of the bills: a claim without any costs nothing, and would be settled as if
    it did."""
    if lines is not None:
        binding = bind(program, source.columns, lines.columns, joined=True)
        _refuse_nested(binding.fields, source)
        _refuse_nested(binding.lines, lines)
        return evolve(binding, shared=shared_encounters(connection, source, binding))
    binding = bind(program, source.columns)
    _refuse_nested({**binding.fields, **binding.totals}, source)
    if not binding.nested or source.columns[binding.nested].strip('"') == "NULL":
        names = lacking(binding.totals, program)
        if names or not binding.totals:
            raise Rejected([diagnose("TW1344", path=source.name, totals=names)])
        return binding
    return bind(program, source.columns, nested_fields(connection, source, binding.nested))


def _refuse_nested(bounds: Mapping[str, Bound], source: Source) -> None:
    """``Rejected`` (TW1346) where a field's column holds lists, records or maps."""
    kinds = {at: source.columns[at.column] for at in bounds.values()}
    wrong = [misshapen(at.column, kind, at.slot.name) for at, kind in kinds.items()
             if is_nested(kind)]  # fmt: skip
    if wrong:
        raise Rejected(wrong)


def given(binding: Binding, columns: Mapping[str, str], program: Program) -> dict[str, Given]:
    """What the file's columns are like, by the names the kernel has for them."""
    found = {
        at.slot.code or name: Given(days=columns[at.column] == "DATE")
        for name, at in (*binding.fields.items(), *binding.totals.items())
    }
    for collection in program.collections.values():
        for name, at in binding.lines.items():
            if name in collection.fields and at.level == collection.name:
                found[f"{collection.code}.{at.slot.code or name}"] = Given()
    return found
